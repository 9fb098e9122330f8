#include <algorithm>
#include <unordered_map>

#include "patch/locate.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostPivots = 64;
constexpr std::size_t kGap = 3;       ///< lines of the file between two of the hunk that it may leave out
constexpr std::size_t kMostGaps = 6;  ///< in one hunk
constexpr std::size_t kMostAbsent = 50;
constexpr double kAlike = 0.8;

struct OldLine {
  std::size_t index = 0;  ///< in the hunk
  std::uint64_t key = 0;
  std::size_t count = 0;  ///< in the file
  bool is_trivial = false;
  bool is_minus = false;
};

std::vector<OldLine> old_lines_of(const Hunk& hunk, const FileText& file) {
  std::vector<OldLine> old;
  std::unordered_map<std::uint64_t, std::size_t> counts;
  for (std::size_t i = 0; i < hunk.lines.size(); ++i) {
    const HunkLine& line = hunk.lines[i];
    if (line.mark != Mark::context && line.mark != Mark::minus) continue;
    old.push_back({i, key_of(line.text, Level::weak), 0, is_trivial(line.text), line.mark == Mark::minus});
    counts[old.back().key] = 0;
  }
  for (const std::uint64_t key : file.keys(Level::weak)) {
    const auto at = counts.find(key);
    if (at != counts.end()) ++at->second;
  }
  for (OldLine& line : old) line.count = counts[line.key];
  return old;
}

// Walks from a line that is surely there to both ends of the hunk; each next line is the nearest one.
class Walk {
 public:
  Walk(const FileText& file, const std::vector<OldLine>& old) : file_(file), old_(old), at_(old.size(), kNowhere) {}

  bool from(std::size_t pivot, std::size_t line) {
    at_[pivot] = line;
    return go(pivot, true) && go(pivot, false);
  }
  const Alignment& at() const { return at_; }
  std::size_t gaps() const { return gaps_; }

 private:
  bool go(std::size_t pivot, bool down) {
    std::size_t here = at_[pivot];
    std::size_t absent = 0;
    for (std::size_t i = pivot; down ? i + 1 < old_.size() : i > 0;) {
      i = down ? i + 1 : i - 1;
      const OldLine& line = old_[i];
      const std::size_t next =
          line.count == 0 ? kNowhere : nearest_line(here, line.key, kGap + std::min(absent, kMostAbsent), down);
      if (next == kNowhere) {
        if (line.is_minus || (line.count > 0 && !line.is_trivial)) return false;
        ++absent;
        continue;
      }
      const std::size_t between = (down ? next - here : here - next) - 1;
      gaps_ += between > absent ? between - absent : 0;
      at_[i] = here = next;
      absent = 0;
    }
    return gaps_ <= kMostGaps;
  }

  // kNowhere also when a second one is near: then nobody knows.
  std::size_t nearest_line(std::size_t here, std::uint64_t key, std::size_t most, bool down) const {
    std::size_t found = kNowhere;
    const std::vector<std::uint64_t>& keys = file_.keys(Level::weak);
    for (std::size_t step = 1; step <= most + 1; ++step) {
      if (down ? here + step >= keys.size() : step > here) break;
      const std::size_t line = down ? here + step : here - step;
      if (keys[line] != key) continue;
      if (found != kNowhere) return kNowhere;
      found = line;
      if (step == 1) return found;
    }
    if (found != kNowhere && leaves_block(std::min(here, found), std::max(here, found))) return kNowhere;
    return found;
  }

  bool leaves_block(std::size_t above, std::size_t below) const {
    const std::size_t depth = std::min(indent_of(file_.line(above)).size(), indent_of(file_.line(below)).size());
    for (std::size_t i = above + 1; i < below; ++i) {
      const std::string_view line = file_.line(i);
      if (rstrip(line).empty()) continue;
      if (indent_of(line).size() < depth || (file_.path().ends_with(".md") && line.starts_with('#'))) return true;
    }
    return false;
  }

  const FileText& file_;
  const std::vector<OldLine>& old_;
  Alignment at_;
  std::size_t gaps_ = 0;
};

// Enough of the hunk is there.
bool has_evidence(const std::vector<OldLine>& old, const Alignment& at) {
  std::size_t all = 0;
  std::size_t here = 0;
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (old[i].is_trivial) continue;
    ++all;
    if (at[i] != kNowhere) ++here;
  }
  return here >= 2 && here * 2 >= all;
}

// What stands beside a change in the hunk, going away from it.
struct Side {
  std::vector<std::size_t> absent;  ///< old lines that are not in the file
  std::size_t anchor = kNowhere;    ///< the line of the file that the next one is
  bool is_edge = false;             ///< the hunk ends there
};

Side side_of(const std::vector<OldLine>& old, const Alignment& at, std::size_t from, bool down) {
  Side side;
  std::size_t i = from;
  while (i < old.size() && at[i] == kNowhere) {
    side.absent.push_back(i);
    i = down ? i + 1 : i - 1;  // wraps to a large number at the start
  }
  if (i < old.size()) {
    side.anchor = at[i];
  } else {
    side.is_edge = true;
  }
  return side;
}

class Proof {
 public:
  Proof(const Hunk& hunk, const FileText& file, const std::vector<OldLine>& old, const Alignment& at)
      : hunk_(hunk), file_(file), old_(old), at_(at) {}

  bool holds() const {
    for (std::size_t i = 0; i < hunk_.lines.size();) {
      std::size_t end = i;
      while (end < hunk_.lines.size() && changes(end)) ++end;
      if (end > i && !run_holds(i, end)) return false;
      i = std::max(end, i + 1);
    }
    return true;
  }

 private:
  bool changes(std::size_t i) const { return hunk_.lines[i].mark == Mark::plus || hunk_.lines[i].mark == Mark::minus; }

  bool run_holds(std::size_t begin, std::size_t end) const {
    std::size_t first = 0;  // old lines [first, last) belong to the run
    while (first < old_.size() && old_[first].index < begin) ++first;
    std::size_t last = first;
    while (last < old_.size() && old_[last].index < end) ++last;
    const Side above = side_of(old_, at_, first - 1, false);
    const Side below = side_of(old_, at_, last, true);
    return first == last ? insertion_holds(above, below) : replacement_holds(above, below, at_[first], at_[last - 1]);
  }

  // Each paraphrase stands where one line of the file does, and is like it.
  bool pairs_up(const Side& side, std::size_t beside, bool down) const {
    if (side.is_edge && side.absent.empty()) return true;
    if (!side.is_edge) {
      const std::size_t between = down ? side.anchor - beside : beside - side.anchor;
      if (between != side.absent.size() + 1) return false;
    }
    for (std::size_t k = 0; k < side.absent.size(); ++k) {
      const std::size_t line = down ? beside + 1 + k : beside - 1 - k;
      if (line >= file_.size()) return false;
      if (likeness(file_.line(line), hunk_.lines[old_[side.absent[k]].index].text) < kAlike) return false;
    }
    return true;
  }

  bool replacement_holds(const Side& above, const Side& below, std::size_t first, std::size_t last) const {
    const bool touches_above = above.absent.empty() && !above.is_edge && above.anchor + 1 == first;
    const bool touches_below = below.absent.empty() && !below.is_edge && below.anchor == last + 1;
    if (!touches_above && !touches_below) return false;
    const bool above_holds = above.absent.empty() || pairs_up(above, first, false);
    return above_holds && (below.absent.empty() || pairs_up(below, last, true));
  }

  bool insertion_holds(const Side& above, const Side& below) const {
    if (above.absent.empty() && !above.is_edge) return pairs_up(below, above.anchor, true);
    if (below.absent.empty() && !below.is_edge) return pairs_up(above, below.anchor, false);
    return false;
  }

  const Hunk& hunk_;
  const FileText& file_;
  const std::vector<OldLine>& old_;
  const Alignment& at_;
};

// A gap between two changes may hide that they belong to different places; each has to be unique then.
bool parts_changes(const Hunk& hunk, const std::vector<OldLine>& old, const Alignment& at) {
  const auto changes = [](const HunkLine& line) { return line.mark == Mark::plus || line.mark == Mark::minus; };
  std::size_t last = kNowhere;
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (at[i] == kNowhere) continue;
    const bool is_gap = last != kNowhere && at[i] - at[last] > i - last;
    last = i;
    if (!is_gap) continue;
    const auto middle = hunk.lines.begin() + static_cast<std::ptrdiff_t>(old[i].index);
    if (std::any_of(hunk.lines.begin(), middle, changes) && std::any_of(middle, hunk.lines.end(), changes)) return true;
  }
  return false;
}

Placement placed(const Hunk& hunk, const FileText& file, const std::vector<OldLine>& old, const Walk& walk) {
  Alignment at(hunk.lines.size(), kNowhere);
  for (std::size_t i = 0; i < old.size(); ++i) at[old[i].index] = walk.at()[i];
  Placement place = placement_of(hunk, file, std::move(at));
  const bool is_cut = walk.at().front() == kNowhere || walk.at().back() == kNowhere;
  if (is_cut) place.rungs |= bit(Rung::shrink);
  const bool is_inner =
      std::any_of(walk.at().begin() + 1, walk.at().end() - 1, [](auto at_one) { return at_one == kNowhere; });
  if (walk.gaps() > 0 || is_inner || !is_cut) place.rungs |= bit(Rung::skip);
  return place;
}

}  // namespace

Search find_aligned(const Hunk& hunk, const FileText& file) {
  Search search;
  const std::vector<OldLine> old = old_lines_of(hunk, file);
  std::size_t pivot = kNowhere;
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (old[i].count == 0 || old[i].is_trivial) continue;
    if (pivot == kNowhere || old[i].count < old[pivot].count) pivot = i;
  }
  if (pivot == kNowhere || old.size() < 2 || old[pivot].count > kMostPivots) return search;
  std::vector<Placement> places;
  bool is_proven = true;
  const std::vector<std::uint64_t>& keys = file.keys(Level::weak);
  for (std::size_t line = 0; line < keys.size(); ++line) {
    if (keys[line] != old[pivot].key) continue;
    Walk walk(file, old);
    if (!walk.from(pivot, line) || !has_evidence(old, walk.at())) continue;
    is_proven &= Proof(hunk, file, old, walk.at()).holds() && !parts_changes(hunk, old, walk.at());
    places.push_back(placed(hunk, file, old, walk));
  }
  settle(search, hunk, file, std::move(places));
  if (!is_proven && !search.is_many) search.found.clear();
  return search;
}

}  // namespace oe::patch
