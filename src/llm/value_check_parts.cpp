// Members and items.
#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "llm/plain_line.hpp"
#include "llm/schema_form.hpp"
#include "llm/value_check.hpp"

namespace oe::llm {

using nlohmann::json;
using valijson::Subschema;

bool ValueCheck::visit(const RequiredConstraint& required) {
  if (!value_.is_object()) return true;
  bool is_kept = true;
  required.applyToRequiredProperties([&](const auto& name) {
    if (!value_.contains(name.c_str())) is_kept = fault(0, fmt::format("lacks \"{}\"", name.c_str()));
    return true;
  });
  return is_kept;
}

bool ValueCheck::visit(const PropertiesConstraint& properties) {
  if (!value_.is_object()) return true;
  bool is_kept = true;
  for (const auto& [name, value] : value_.items()) is_kept = member(value, name, properties) && is_kept;
  return is_kept;
}

bool ValueCheck::member(const json& value, const std::string& name, const PropertiesConstraint& properties) {
  bool is_known = false;
  bool is_kept = true;
  const auto hold = [&](const Subschema& schema) {
    is_known = true;
    is_kept = part(value, name, schema) && is_kept;
  };
  properties.applyToProperties([&](const auto& own, const Subschema* schema) {
    if (name == own.c_str()) hold(*schema);
    return true;
  });
  properties.applyToPatternProperties([&](const auto& pattern, const Subschema* schema) {
    if (work_.matches(pattern.c_str(), name)) hold(*schema);
    return true;
  });
  const Subschema* others = properties.getAdditionalPropertiesSubschema();
  if (!is_known && (others == nullptr || others->getAlwaysInvalid())) return unknown_member(name, properties);
  if (!is_known) hold(*others);
  return is_kept;
}

bool ValueCheck::unknown_member(const std::string& name, const PropertiesConstraint& properties) {
  std::vector<std::string> known;
  properties.applyToProperties([&](const auto& own, const Subschema*) {
    known.emplace_back(own.c_str());
    return true;
  });
  const std::string hint = did_you_mean(name, known);
  return fault(0, fmt::format("may not have \"{}\"{}", plain_line(name), hint.empty() ? "" : "; " + hint));
}

bool ValueCheck::visit(const PropertyNamesConstraint& names) {
  if (!value_.is_object()) return true;
  bool is_kept = true;
  for (const auto& member : value_.items())
    is_kept = part(json(member.key()), member.key(), *names.getSubschema()) && is_kept;
  return is_kept;
}

bool ValueCheck::visit(const DependenciesConstraint& dependencies) {
  if (!value_.is_object()) return true;
  bool is_kept = true;
  dependencies.applyToPropertyDependencies([&](const auto& name, const auto& others) {
    if (!value_.contains(name.c_str())) return true;
    for (const auto& other : others)
      if (!value_.contains(other.c_str()))
        is_kept = fault(0, fmt::format("lacks \"{}\", which \"{}\" needs", other.c_str(), name.c_str()));
    return true;
  });
  dependencies.applyToSchemaDependencies([&](const auto& name, const Subschema* schema) {
    if (value_.contains(name.c_str())) is_kept = fits(*schema) && is_kept;
    return true;
  });
  return is_kept;
}

bool ValueCheck::visit(const SingularItemsConstraint& items) {
  if (!value_.is_array()) return true;
  bool is_kept = true;
  for (std::size_t i = 0; i < value_.size() && !work_.gave_up; ++i)
    is_kept = part(value_[i], std::to_string(i), *items.getItemsSubschema()) && is_kept;
  return is_kept;
}

bool ValueCheck::visit(const LinearItemsConstraint& items) {
  if (!value_.is_array()) return true;
  bool is_kept = true;
  items.applyToItemSubschemas([&](unsigned i, const Subschema* schema) {
    if (i < value_.size()) is_kept = part(value_[i], std::to_string(i), *schema) && is_kept;
    return true;
  });
  const Subschema* others = items.getAdditionalItemsSubschema();
  const std::size_t count = items.getItemSubschemaCount();
  if (others == nullptr)
    return keeps(value_.size() <= count, fmt::format("must have at most {} items", count)) && is_kept;
  for (std::size_t i = count; i < value_.size(); ++i) is_kept = part(value_[i], std::to_string(i), *others) && is_kept;
  return is_kept;
}

bool ValueCheck::visit(const ContainsConstraint& contains) {
  if (!value_.is_array()) return true;
  const bool is_kept =
      std::ranges::any_of(value_, [&](const json& item) { return silently(item, *contains.getSubschema()); });
  return keeps(is_kept, "lacks an item that its schema wants ('contains')");
}

bool ValueCheck::visit(const UniqueItemsConstraint&) {
  if (!value_.is_array()) return true;
  std::vector<const json*> items;
  for (const json& item : value_) items.push_back(&item);
  std::ranges::sort(items, [](const json* a, const json* b) { return *a < *b; });
  const auto twice = std::ranges::adjacent_find(items, [](const json* a, const json* b) { return *a == *b; });
  return twice == items.end() || fault(2, fmt::format("must not have the same item twice: {}", shown(**twice)));
}

}  // namespace oe::llm
