#include "llm/schema_open.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oe::llm {

namespace {

using Json = nlohmann::json;

const Json kAnything = {{"type", "string"}};

void close(Json& schema, int depth);

void close_all(Json& holder, const char* key, int depth) {
  const auto found = holder.find(key);
  if (found == holder.end() || !found->is_structured()) return;
  for (Json& each : *found) close(each, depth);
}

bool has_type(const Json& schema, const char* name) {
  const auto type = schema.find("type");
  if (type == schema.end()) return false;
  return *type == name || (type->is_array() && std::find(type->begin(), type->end(), name) != type->end());
}

void close_object(Json& schema) {
  if (schema.contains("patternProperties")) return;
  const auto members = schema.find("properties");
  if (members == schema.end() || members->empty()) schema["properties"] = {{"any", kAnything}};
  if (schema.value("additionalProperties", Json(true)) != false) schema["additionalProperties"] = false;
}

// Depths that no API takes are left as they are.
void close(Json& schema, int depth) {
  if (depth > 64) return;
  if (schema == true || schema == Json::object()) schema = kAnything;
  if (!schema.is_object()) return;
  for (const char* key : {"properties", "definitions", "$defs", "anyOf", "oneOf", "allOf"})
    close_all(schema, key, depth + 1);
  if (schema.contains("items") && !schema["items"].is_array()) close(schema["items"], depth + 1);
  if (has_type(schema, "object")) close_object(schema);
  if (has_type(schema, "array") && !schema.contains("items")) schema["items"] = kAnything;
}

}  // namespace

Value closed(const Value& schema) {
  Json copy = schema.json();
  close(copy, 0);
  return Value(std::move(copy));
}

}  // namespace oe::llm
