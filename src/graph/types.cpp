#include "graph/types.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "oe/base/text.hpp"

namespace oe::graph {

Types types_of(FieldType declared) {
  switch (declared) {
    case FieldType::string:
      return kString | kNull;
    case FieldType::number:
      return kNumber | kNull;
    case FieldType::boolean:
      return kBoolean | kNull;
    case FieldType::object:
      return kObject | kNull;
    case FieldType::array:
      return kArray | kNull;
    case FieldType::any:
    case FieldType::null:  // takes every value, as no type does
      break;
  }
  return kAnything;
}

Types types_of(const Value& value) {
  const nlohmann::json& json = value.json();
  if (json.is_string()) return kString;
  if (json.is_number()) return kNumber;
  if (json.is_boolean()) return kBoolean;
  if (json.is_null()) return kNull;
  return json.is_array() ? kArray : kObject;
}

Types without_null(Types types) {
  return types == kNull ? types : types & ~kNull;
}

std::string described(Types types) {
  constexpr std::array<std::pair<Types, const char*>, 6> kNames = {{{kString, "a string"},
                                                                    {kNumber, "a number"},
                                                                    {kBoolean, "a boolean"},
                                                                    {kObject, "an object"},
                                                                    {kArray, "an array"},
                                                                    {kNull, "null"}}};
  std::vector<std::string> names;
  for (const auto& [type, name] : kNames) {
    if (without_null(types) & type) names.emplace_back(name);
  }
  return join(names, " or ");
}

std::string_view to_string(FieldType type) {
  switch (type) {
    case FieldType::any:
      break;
    case FieldType::string:
      return "string";
    case FieldType::number:
      return "number";
    case FieldType::boolean:
      return "boolean";
    case FieldType::object:
      return "object";
    case FieldType::array:
      return "array";
    case FieldType::null:
      return "null";
  }
  return "any";
}

bool takes(FieldType declared, const Value& value) {
  return (types_of(declared) & types_of(value)) != 0;
}

}  // namespace oe::graph
