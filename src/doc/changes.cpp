#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <numeric>

#include "oe/doc/edit.hpp"

namespace oe::doc {

namespace {

using Json = nlohmann::json;
using Changes = std::vector<Change>;

// Past this many pairs of items a gap is aligned item by item: speed over the shortest list.
constexpr std::size_t kMostPairs = 2'500;
// Past this many pairs of items equal ones are looked for at both ends only.
constexpr std::size_t kMostAlignedPairs = 4'000'000;

Changes compare(const Json& before, const Json& after, const std::string& pointer);

Change added(const Json& value, std::string pointer) {
  return {.kind = Change::Kind::added, .pointer = std::move(pointer), .before = {}, .after = Value(value)};
}
Change removed(const Json& value, std::string pointer) {
  return {.kind = Change::Kind::removed, .pointer = std::move(pointer), .before = Value(value), .after = {}};
}
std::string below(const std::string& pointer, std::string_view token) {
  return pointer + "/" + pointer_token(token);
}
std::string below(const std::string& pointer, std::size_t index) {
  return fmt::format("{}/{}", pointer, index);
}
void append(Changes& all, Changes more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

std::size_t leaves(const Json& value) {
  if (!value.is_structured() || value.empty()) return 1;
  return std::accumulate(value.begin(), value.end(), std::size_t{0},
                         [](std::size_t sum, const Json& child) { return sum + leaves(child); });
}

// How much a list of changes has to say.
std::size_t weight(const Changes& all) {
  return std::accumulate(all.begin(), all.end(), std::size_t{0}, [](std::size_t sum, const Change& change) {
    if (change.kind == Change::Kind::added) return sum + leaves(change.after.json());
    if (change.kind == Change::Kind::removed) return sum + leaves(change.before.json());
    return sum + leaves(change.before.json()) + leaves(change.after.json()) - 1;
  });
}

Changes compare_objects(const Json& before, const Json& after, const std::string& pointer) {
  Changes all;
  for (auto old = before.begin(); old != before.end(); ++old) {
    const auto now = after.find(old.key());
    if (now == after.end()) {
      all.push_back(removed(old.value(), below(pointer, old.key())));
    } else {
      append(all, compare(old.value(), *now, below(pointer, old.key())));
    }
  }
  for (auto now = after.begin(); now != after.end(); ++now) {
    if (!before.contains(now.key())) all.push_back(added(now.value(), below(pointer, now.key())));
  }
  return all;
}

/// A stretch of two lists: [begin, end) of each.
struct Gap {
  std::size_t before_begin, before_end, after_begin, after_end;
  std::size_t before_size() const { return before_end - before_begin; }
  std::size_t after_size() const { return after_end - after_begin; }
  std::size_t pairs() const { return before_size() * after_size(); }
};

/// A table over the pairs of positions of a gap, one larger than it in both directions.
template <class Cell>
class GapTable {
 public:
  explicit GapTable(const Gap& gap) : width_(gap.after_size() + 1), cells_((gap.before_size() + 1) * width_) {}
  Cell& at(std::size_t before, std::size_t after) { return cells_[before * width_ + after]; }

 private:
  std::size_t width_;
  std::vector<Cell> cells_;
};

/// Two lists side by side.
class ListComparison {
 public:
  ListComparison(const Json& before, const Json& after, const std::string& pointer)
      : before_(before), after_(after), pointer_(pointer) {}

  Changes compare_all() {
    const Gap middle = without_equal_ends();
    Changes all;
    if (middle.pairs() > kMostAlignedPairs) return in_order(middle);
    for (const Gap& gap : gaps_between_equal_items(middle)) {
      append(all, gap.pairs() > kMostPairs ? in_order(gap) : shortest(gap));
    }
    return all;
  }

 private:
  Gap without_equal_ends() const {
    Gap gap{0, before_.size(), 0, after_.size()};
    const auto left = [&] { return gap.before_size() > 0 && gap.after_size() > 0; };
    while (left() && before_[gap.before_begin] == after_[gap.after_begin]) ++gap.before_begin, ++gap.after_begin;
    while (left() && before_[gap.before_end - 1] == after_[gap.after_end - 1]) --gap.before_end, --gap.after_end;
    return gap;
  }

  // The longest common subsequence of equal items splits the lists.
  std::vector<Gap> gaps_between_equal_items(const Gap& whole) const {
    GapTable<std::uint32_t> longest(whole);
    for (std::size_t b = whole.before_size(); b-- > 0;) {
      for (std::size_t a = whole.after_size(); a-- > 0;) {
        longest.at(b, a) =
            equal(whole, b, a) ? longest.at(b + 1, a + 1) + 1 : std::max(longest.at(b + 1, a), longest.at(b, a + 1));
      }
    }
    std::vector<Gap> gaps;
    std::size_t b = 0, a = 0, from_b = 0, from_a = 0;
    const auto close_gap = [&] {
      if (b > from_b || a > from_a) {
        gaps.push_back(
            {whole.before_begin + from_b, whole.before_begin + b, whole.after_begin + from_a, whole.after_begin + a});
      }
    };
    while (b < whole.before_size() && a < whole.after_size()) {
      if (equal(whole, b, a)) {
        close_gap();
        from_b = ++b;
        from_a = ++a;
      } else {
        ++(longest.at(b + 1, a) >= longest.at(b, a + 1) ? b : a);
      }
    }
    b = whole.before_size();
    a = whole.after_size();
    close_gap();
    return gaps;
  }

  bool equal(const Gap& gap, std::size_t b, std::size_t a) const {
    return before_[gap.before_begin + b] == after_[gap.after_begin + a];
  }

  Changes in_order(const Gap& gap) const {
    Changes all;
    const std::size_t paired = std::min(gap.before_size(), gap.after_size());
    for (std::size_t at = 0; at < paired; ++at) append(all, pair(gap, at, at));
    for (std::size_t b = paired; b < gap.before_size(); ++b) all.push_back(lost(gap, b));
    for (std::size_t a = paired; a < gap.after_size(); ++a) all.push_back(gained(gap, a));
    return all;
  }

  // Pairs items so that the least has to be said; on a tie a pair wins over a removal and an addition.
  Changes shortest(const Gap& gap) const {
    GapTable<Changes> paired(gap);
    GapTable<std::size_t> cost(gap);
    fill(gap, paired, cost);
    Changes all;
    for (std::size_t b = 0, a = 0; b < gap.before_size() || a < gap.after_size();) {
      const bool both = b < gap.before_size() && a < gap.after_size();
      if (both && cost.at(b, a) == cost.at(b + 1, a + 1) + weight(paired.at(b, a))) {
        append(all, std::move(paired.at(b++, a++)));
      } else if (b < gap.before_size() && cost.at(b, a) == cost.at(b + 1, a) + weight({lost(gap, b)})) {
        all.push_back(lost(gap, b++));
      } else {
        all.push_back(gained(gap, a++));
      }
    }
    return all;
  }

  // cost.at(b, a): what has to be said from these positions on.
  void fill(const Gap& gap, GapTable<Changes>& paired, GapTable<std::size_t>& cost) const {
    for (std::size_t b = gap.before_size() + 1; b-- > 0;) {
      for (std::size_t a = gap.after_size() + 1; a-- > 0;) {
        std::vector<std::size_t> choices;
        if (b < gap.before_size()) choices.push_back(cost.at(b + 1, a) + weight({lost(gap, b)}));
        if (a < gap.after_size()) choices.push_back(cost.at(b, a + 1) + weight({gained(gap, a)}));
        if (choices.size() == 2) {
          paired.at(b, a) = pair(gap, b, a);
          choices.push_back(cost.at(b + 1, a + 1) + weight(paired.at(b, a)));
        }
        cost.at(b, a) = choices.empty() ? 0 : *std::min_element(choices.begin(), choices.end());
      }
    }
  }

  Changes pair(const Gap& gap, std::size_t b, std::size_t a) const {
    const std::size_t index = gap.after_begin + a;
    return compare(before_[gap.before_begin + b], after_[index], below(pointer_, index));
  }
  Change lost(const Gap& gap, std::size_t b) const {
    return removed(before_[gap.before_begin + b], below(pointer_, gap.before_begin + b));
  }
  Change gained(const Gap& gap, std::size_t a) const {
    return added(after_[gap.after_begin + a], below(pointer_, gap.after_begin + a));
  }

  const Json& before_;
  const Json& after_;
  const std::string& pointer_;
};

Changes compare(const Json& before, const Json& after, const std::string& pointer) {
  if (before.is_object() && after.is_object()) return compare_objects(before, after, pointer);
  if (before.is_array() && after.is_array()) return ListComparison(before, after, pointer).compare_all();
  if (before == after) return {};
  return {{.kind = Change::Kind::changed, .pointer = pointer, .before = Value(before), .after = Value(after)}};
}

}  // namespace

std::vector<Change> changes(const Value& before, const Value& after) {
  return compare(before.json(), after.json(), "");
}

}  // namespace oe::doc
