#include "cli/typed.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace oe::cli {

namespace {

using graph::FieldType;

bool has_type(const Value& value, FieldType type) {
  const nlohmann::json& json = value.json();
  switch (type) {
    case FieldType::any:
      return true;
    case FieldType::string:
      return json.is_string();
    case FieldType::number:
      return json.is_number();
    case FieldType::boolean:
      return json.is_boolean();
    case FieldType::object:
      return json.is_object();
    case FieldType::array:
      return json.is_array();
    case FieldType::null:
      return json.is_null();
  }
  return false;
}

std::string_view example_of(FieldType type) {
  switch (type) {
    case FieldType::number:
      return "3";
    case FieldType::boolean:
      return "true";
    case FieldType::object:
      return R"('{"key": "value"}')";
    case FieldType::array:
      return R"('["a", "b"]')";
    case FieldType::null:
      return "null";
    case FieldType::any:
    case FieldType::string:
      break;
  }
  return "text";
}

}  // namespace

std::string_view word_of(FieldType type) {
  switch (type) {
    case FieldType::any:
      return "any";
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

Result<Value> typed_value(std::string_view what, FieldType type, const std::string& text) {
  if (type == FieldType::string) return Value::of(text);
  Result<Value> parsed = Value::parse(text);
  if (parsed && has_type(*parsed, type)) return parsed;
  if (type == FieldType::any) return Value::of(text);
  return fail(ErrorKind::usage, fmt::format("{} has the type {}, which '{}' is not", what, word_of(type), text),
              fmt::format("write it as JSON, e.g. {}={}", what, example_of(type)));
}

}  // namespace oe::cli
