#include "cli/typed.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace oe::cli {

namespace {

using graph::FieldType;

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

Result<Value> typed_value(std::string_view what, FieldType type, const std::string& text) {
  if (type == FieldType::string) return Value::of(text);
  Result<Value> parsed = Value::parse(text);
  const bool is_slip = parsed && parsed->is_null() && type != FieldType::null && type != FieldType::any;
  if (parsed && graph::takes(type, *parsed) && !is_slip) return parsed;
  if (type == FieldType::any) return Value::of(text);
  return fail(ErrorKind::usage, fmt::format("{} has the type {}, which '{}' is not", what, graph::to_string(type), text),
              fmt::format("write it as JSON, e.g. {}={}", what, example_of(type)));
}

}  // namespace oe::cli
