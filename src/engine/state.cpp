#include "engine/state.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <span>

#include "oe/base/text.hpp"
#include "oe/graph/field_type.hpp"

namespace oe::engine {

namespace {

constexpr std::size_t kShownValueBytes = 60;

std::string described(const Value& value) {
  return fmt::format("{} {}", value.json().type_name(), ellipsis(value.dump(), kShownValueBytes));
}

}  // namespace

VersionedState::VersionedState(const std::vector<graph::StateField>& schema) {
  for (const graph::StateField& field : schema) {
    Field& declared = fields_[field.name];
    declared.type = field.type;
    declared.merge = field.merge;
  }
}

std::optional<Value> VersionedState::at(std::string_view field, const View& view) const {
  const auto found = fields_.find(field);
  if (found == fields_.end() || found->second.contributions.empty()) return std::nullopt;
  return merge(found->second, visible(found->second, view));
}

std::vector<VersionedState::Range> VersionedState::visible(const Field& field, const View& view) {
  const auto position_of = [&](const Place& place) {
    const auto found =
        std::ranges::lower_bound(field.contributions, place, {}, &Contribution::place);
    return static_cast<std::size_t>(found - field.contributions.begin());
  };
  std::vector<Range> ranges;
  std::size_t begin = 0;
  const auto add_until = [&](std::size_t end) {
    if (begin < end) ranges.push_back({begin, end});
  };
  for (const std::size_t depth : view.parallel) {
    Place items{{view.before.steps.begin(), view.before.steps.begin() + 2 * depth + 2}};
    const std::size_t own = position_of(items);
    items.steps.back() = 0;
    add_until(position_of(items));
    begin = std::max(begin, own);
  }
  add_until(position_of(view.before));
  return ranges;
}

bool VersionedState::is_set_once(std::string_view field) const {
  const auto found = fields_.find(field);
  return found != fields_.end() && found->second.merge == graph::Merge::set_once;
}

std::optional<Value> VersionedState::merge(const Field& field, const std::vector<Range>& ranges) {
  if (ranges.empty()) return std::nullopt;
  if (field.merge == graph::Merge::array_append) return concatenate(field, ranges);
  if (field.merge == graph::Merge::set_once)
    if (auto set = first_set(field, ranges)) return set;
  return field.contributions[ranges.back().end - 1].value;
}

std::optional<Value> VersionedState::first_set(const Field& field, const std::vector<Range>& ranges) {
  for (const Range range : ranges)
    for (std::size_t i = range.begin; i < range.end; ++i)
      if (!field.contributions[i].value.is_null()) return field.contributions[i].value;
  return std::nullopt;
}

Value VersionedState::concatenate(const Field& field, const std::vector<Range>& ranges) {
  const bool from_start = ranges.front().begin == 0;
  if (from_start && ranges.size() == 1) return first_concatenated(field, ranges.front().end);
  nlohmann::json list = nlohmann::json::array();
  if (from_start) list = first_concatenated(field, ranges.front().end).json();
  for (const Range range : std::span(ranges).subspan(from_start ? 1 : 0))
    for (std::size_t i = range.begin; i < range.end; ++i) {
      const nlohmann::json& added = field.contributions[i].value.json();
      list.insert(list.end(), added.begin(), added.end());
    }
  return Value(std::move(list));
}

Value VersionedState::first_concatenated(const Field& field, std::size_t count) {
  Prefix& prefix = field.prefix;
  if (count == 1) return field.contributions.front().value;
  if (prefix.count == count) return prefix.value;
  if (prefix.count > count) prefix = {};
  nlohmann::json list = prefix.value.json();
  for (std::size_t i = prefix.count; i < count; ++i) {
    const nlohmann::json& added = field.contributions[i].value.json();
    list.insert(list.end(), added.begin(), added.end());
  }
  prefix = {count, Value(std::move(list))};
  return prefix.value;
}

std::optional<std::string> VersionedState::objection(const StateDelta& delta) const {
  for (const auto& [name, value] : delta) {
    const auto found = fields_.find(name);
    if (found == fields_.end())
      return fmt::format(
          "wrote field '{}', which is not declared; add it to state.schema or leave it out of state_delta", name);
    if (auto why = objection(name, found->second, value)) return why;
  }
  return std::nullopt;
}

std::optional<std::string> VersionedState::objection(const std::string& name, const Field& field, const Value& value) {
  if (!graph::takes(field.type, value))
    return fmt::format("wrote {} to field '{}', which is declared as {}", described(value), name,
                       graph::to_string(field.type));
  if (field.merge == graph::Merge::array_append && !value.is_array())
    return fmt::format("wrote {} to field '{}', whose merge is array_append; write an array of what to append",
                       described(value), name);
  if (field.merge != graph::Merge::set_once) return std::nullopt;
  for (const Contribution& earlier : field.contributions)
    if (!earlier.value.is_null())
      return fmt::format("wrote field '{}', whose merge is set_once and which is already {}", name,
                         described(earlier.value));
  return std::nullopt;
}

void VersionedState::write(const Place& place, const StateDelta& delta) {
  for (const auto& [name, value] : delta) {
    Field& field = fields_.find(name)->second;
    auto& all = field.contributions;
    const auto spot = std::ranges::upper_bound(all, place, {}, &Contribution::place);
    if (static_cast<std::size_t>(spot - all.begin()) < field.prefix.count) field.prefix = {};
    all.insert(spot, {place, value});
  }
}

std::map<std::string, Value> VersionedState::merged() const {
  std::map<std::string, Value> state;
  for (const auto& [name, field] : fields_) {
    if (field.contributions.empty()) continue;
    if (auto value = merge(field, {{0, field.contributions.size()}})) state.emplace(name, std::move(*value));
  }
  return state;
}

}  // namespace oe::engine
