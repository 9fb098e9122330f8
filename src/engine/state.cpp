#include "engine/state.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

namespace oe::engine {

namespace {

std::string_view type_word(graph::FieldType type) {
  switch (type) {
    case graph::FieldType::string:
      return "string";
    case graph::FieldType::number:
      return "number";
    case graph::FieldType::boolean:
      return "boolean";
    case graph::FieldType::object:
      return "object";
    case graph::FieldType::array:
      return "array";
    case graph::FieldType::any:
    case graph::FieldType::null:
      break;
  }
  return "any";
}

bool accepts(graph::FieldType type, const nlohmann::json& value) {
  const std::string_view wanted = type_word(type);
  return wanted == "any" || value.is_null() || wanted == value.type_name();
}

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

std::optional<Value> VersionedState::at(std::string_view field, Place before) const {
  const auto found = fields_.find(field);
  if (found == fields_.end()) return std::nullopt;
  const auto& all = found->second.contributions;
  const auto end = std::lower_bound(all.begin(), all.end(), before,
                                    [](const Contribution& one, Place place) { return one.place < place; });
  return merge_first(found->second, static_cast<std::size_t>(end - all.begin()));
}

bool VersionedState::is_set_once(std::string_view field) const {
  const auto found = fields_.find(field);
  return found != fields_.end() && found->second.merge == graph::Merge::set_once;
}

std::optional<Value> VersionedState::merge_first(const Field& field, std::size_t count) {
  if (count == 0) return std::nullopt;
  if (field.merge == graph::Merge::array_append) return concatenate(field, count);
  const auto begin = field.contributions.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  if (field.merge == graph::Merge::set_once) {
    const auto set = std::find_if(begin, end, [](const Contribution& one) { return !one.value.is_null(); });
    if (set != end) return set->value;
  }
  return std::prev(end)->value;
}

Value VersionedState::concatenate(const Field& field, std::size_t count) {
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
  if (!accepts(field.type, value.json()))
    return fmt::format("wrote {} to field '{}', which is declared as {}", described(value), name,
                       type_word(field.type));
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

void VersionedState::write(Place place, const StateDelta& delta) {
  for (const auto& [name, value] : delta) {
    Field& field = fields_.find(name)->second;
    auto& all = field.contributions;
    const auto spot = std::upper_bound(all.begin(), all.end(), place,
                                       [](Place wanted, const Contribution& one) { return wanted < one.place; });
    if (static_cast<std::size_t>(spot - all.begin()) < field.prefix.count) field.prefix = {};
    all.insert(spot, {place, value});
  }
}

std::map<std::string, Value> VersionedState::merged() const {
  std::map<std::string, Value> state;
  for (const auto& [name, field] : fields_)
    if (auto value = merge_first(field, field.contributions.size())) state.emplace(name, std::move(*value));
  return state;
}

}  // namespace oe::engine
