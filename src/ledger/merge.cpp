#include "ledger/merge.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <span>

namespace oe::ledger {
namespace {

/// Where a write stands: its place, or the one that its node and item stand for.
struct Standing {
  std::array<std::uint64_t, 2> plain;
  std::span<const std::uint64_t> place;
  explicit Standing(const Write& write) : plain{write.order, write.index.value_or(0)}, place(write.place) {
    if (place.empty()) place = plain;
  }
  Standing(const Standing&) = delete;
};

std::uint64_t outermost(const Write& write) {
  return write.place.empty() ? write.order : write.place.front();
}

Value joined(std::span<const Write> writes) {
  if (writes.size() == 1 && writes.front().value.is_array()) return writes.front().value;
  nlohmann::json all = nlohmann::json::array();
  for (const Write& write : writes) {
    const nlohmann::json& value = write.value.json();
    if (value.is_array())
      all.insert(all.end(), value.begin(), value.end());
    else
      all.push_back(value);
  }
  return Value(std::move(all));
}

Value first_set(std::span<const Write> writes) {
  const auto set = std::ranges::find_if(writes, [](const Write& write) { return !write.value.is_null(); });
  return set == writes.end() ? Value() : set->value;
}

}  // namespace

bool counts_before(const Write& a, const Write& b) {
  const Standing left(a);
  const Standing right(b);
  return std::ranges::lexicographical_compare(left.place, right.place);
}

std::string place_text(const Write& write) {
  const Standing standing(write);
  std::string text;
  for (const std::uint64_t number : standing.place) {
    std::array<char, 16> digits{};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    if (!text.empty()) text += '.';
    text += static_cast<char>('a' + (end - digits.data()) - 1);
    text.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
  }
  return text;
}

FieldMerge merge_of(const RunStarted& start, const std::string& field) {
  const auto named = start.merges.find(field);
  const auto merge = named == start.merges.end() ? std::nullopt : field_merge(named->second);
  return merge.value_or(FieldMerge::last_wins);
}

void sort_writes(std::vector<Write>& writes) {
  if (!std::ranges::is_sorted(writes, counts_before)) std::ranges::stable_sort(writes, counts_before);
}

bool is_private_field(std::string_view field) {
  return field.find('/') != std::string_view::npos;
}

std::optional<Value> merged(const std::vector<Write>& writes, FieldMerge merge, std::uint64_t before) {
  const auto end = std::ranges::lower_bound(writes, before, {}, outermost);
  const std::span<const Write> counted(writes.begin(), end);
  if (counted.empty()) return std::nullopt;
  switch (merge) {
    case FieldMerge::set_once:
      return first_set(counted);
    case FieldMerge::array_append:
      return joined(counted);
    case FieldMerge::last_wins:
      break;
  }
  return counted.back().value;
}

}  // namespace oe::ledger
