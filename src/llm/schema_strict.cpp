#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/llm/schema.hpp"

#include "llm/plain_line.hpp"
#include "llm/schema_form.hpp"

namespace oe::llm {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxStrictParts = 5'000;  // of properties, as OpenAI allows them

// What no strict API can say and what would change the answer if it were left out.
constexpr std::array<std::string_view, 6> kUnsayable = {
    "patternProperties", "prefixItems", "dependencies", "if", "then", "else"};
// Limits, which go into the description instead, for the model to keep to; they are checked here.
constexpr std::array<std::string_view, 13> kLimits = {
    "exclusiveMaximum", "exclusiveMinimum", "format",     "maxItems", "maxLength",     "maximum",    "minItems",
    "minLength",        "minimum",          "multipleOf", "pattern",  "maxProperties", "uniqueItems"};

tl::unexpected<Error> unsayable(const std::string& at, std::string_view what) {
  return fail(ErrorKind::input, fmt::format("no strict schema can say {}: {}", at.empty() ? "/" : at, what),
              "say it in simpler words of JSON Schema, or ask a provider without strict schemas (ollama)");
}

std::string_view type_of(const json& value) {
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "number";
  return value.type_name();  // "string", "boolean", "null", "object", "array"
}

/// Of a strict schema.
bool takes_null(const json& strict) {
  if (const auto type = strict.find("type"); type != strict.end()) return *type == "null";
  return strict.contains("anyOf") && std::ranges::any_of(strict.at("anyOf"), takes_null);
}

json either(json schemas) {
  return schemas.size() == 1 ? std::move(schemas.front()) : json{{"anyOf", std::move(schemas)}};
}

class Strict {
 public:
  explicit Strict(const json& root) : root_(root) {}
  Result<json> schema(const json& part, const std::string& at);

 private:
  Result<json> undescribed(const json& part, const std::string& at);
  Result<json> alternatives(const json& part, const char* keyword, const std::string& at);
  Result<json> only_one_of_all(const json& part, const std::string& at);
  Result<json> values(const json& values, const std::string& at);
  Result<json> types(const json& part, const std::string& at);
  Result<json> type(const json& part, const std::string& type, const std::string& at);
  Result<json> object(const json& part, const std::string& at);
  Result<json> array(const json& part, const std::string& at);

  const json& root_;
  std::vector<const json*> open_;  // the schemas that a reference would enter again
  std::size_t parts_ = 0;
};

void describe(json& strict, const json& part) {
  std::string text;
  if (const auto own = part.find("description"); own != part.end()) text = own->get<std::string>();
  std::string limits;
  for (const std::string_view name : kLimits)
    if (const auto limit = part.find(name); limit != part.end())
      limits += fmt::format("{}{}: {}", limits.empty() ? "" : ", ", name, Value(*limit).dump());
  if (!limits.empty()) text += (text.empty() ? "" : " ") + fmt::format("({})", limits);
  if (!text.empty()) strict["description"] = std::move(text);
}

Result<json> Strict::schema(const json& part, const std::string& at) {
  const json& target = without_reference(root_, part);
  if (target.is_boolean()) return unsayable(at, target == true ? "any value at all" : "no value at all");
  if (std::ranges::find(open_, &target) != open_.end()) return unsayable(at, "a schema inside itself");
  if (++parts_ > kMaxStrictParts) return unsayable(at, fmt::format("more than {} parts", kMaxStrictParts));
  open_.push_back(&target);
  auto strict = undescribed(target, at);
  open_.pop_back();
  if (strict) {
    describe(*strict, target);
    if (const auto own = part.find("description"); &part != &target && own != part.end() && own->is_string())
      (*strict)["description"] = *own;
  }
  return strict;
}

Result<json> Strict::undescribed(const json& part, const std::string& at) {
  for (const std::string_view keyword : kUnsayable)
    if (part.contains(keyword)) return unsayable(pointer_to(at, keyword), "it decides by the answer what is allowed");
  if (part.contains("allOf")) return only_one_of_all(part, at);
  for (const char* keyword : {"anyOf", "oneOf"})
    if (part.contains(keyword)) return alternatives(part, keyword, at);
  if (const auto only = part.find("const"); only != part.end())
    return values(json::array({*only}), pointer_to(at, "const"));
  if (const auto all = part.find("enum"); all != part.end()) return values(*all, pointer_to(at, "enum"));
  return types(part, at);
}

Result<json> Strict::alternatives(const json& part, const char* keyword, const std::string& at) {
  for (const char* other : {"properties", "required", "items", "enum", "const"})
    if (part.contains(other)) return unsayable(at, fmt::format("'{}' beside '{}'", other, keyword));
  json all = json::array();
  for (std::size_t i = 0; i < part.at(keyword).size(); ++i) {
    OE_TRY(json one, schema(part.at(keyword)[i], pointer_to(pointer_to(at, keyword), std::to_string(i))));
    all.push_back(std::move(one));
  }
  return either(std::move(all));
}

/// What generators write around a reference to give it a description.
Result<json> Strict::only_one_of_all(const json& part, const std::string& at) {
  for (const char* other : {"type", "properties", "required", "items", "enum", "const", "anyOf", "oneOf"})
    if (part.contains(other)) return unsayable(at, fmt::format("'{}' beside 'allOf'", other));
  const json& all = part.at("allOf");
  if (all.size() != 1) return unsayable(pointer_to(at, "allOf"), "several schemas at once");
  return schema(all.front(), pointer_to(pointer_to(at, "allOf"), "0"));
}

/// One alternative a type, as some APIs want a type beside each enum.
Result<json> Strict::values(const json& values, const std::string& at) {
  std::map<std::string, json> by_type;
  for (const json& value : values) {
    if (value.is_structured()) return unsayable(at, "a list or an object among the values");
    json& same = by_type.try_emplace(std::string(type_of(value)), json::array()).first->second;
    same.push_back(value);
  }
  json all = json::array();
  for (auto& [type, same] : by_type)
    all.push_back(type == "null" ? json{{"type", "null"}} : json{{"type", type}, {"enum", std::move(same)}});
  return either(std::move(all));
}

Result<json> Strict::types(const json& part, const std::string& at) {
  json names = json::array();
  if (const auto type = part.find("type"); type != part.end())
    names = type->is_array() ? *type : json::array({*type});
  else if (part.contains("properties"))
    names = {"object"};
  else if (part.contains("items"))
    names = {"array"};
  else
    return unsayable(at, "any value at all; give it a type");
  json all = json::array();
  for (const json& name : names) {
    OE_TRY(json one, type(part, name.get<std::string>(), at));
    all.push_back(std::move(one));
  }
  return either(std::move(all));
}

Result<json> Strict::type(const json& part, const std::string& type, const std::string& at) {
  if (type == "object") return object(part, at);
  if (type == "array") return array(part, at);
  return json{{"type", type}};
}

Result<json> Strict::object(const json& part, const std::string& at) {
  const json properties = part.value("properties", json::object());
  const json required = part.value("required", json::array());
  const json others = part.value("additionalProperties", json(false));
  if (others.is_object()) return unsayable(pointer_to(at, "additionalProperties"), "members of any name");
  const bool says_none = part.contains("properties") || part.contains("additionalProperties");
  if (properties.empty() && (others == true || !says_none)) return unsayable(at, "an object of any members");
  for (const json& name : required)
    if (!properties.contains(name.get<std::string>()))
      return unsayable(pointer_to(at, "required"),
                       fmt::format("'{}' is none of the properties", plain_line(name.get<std::string>())));
  json strict = {
      {"type", "object"}, {"properties", json::object()}, {"required", json::array()}, {"additionalProperties", false}};
  for (const auto& [name, property] : properties.items()) {
    OE_TRY(json member, schema(property, pointer_to(pointer_to(at, "properties"), name)));
    const bool is_required = std::ranges::find(required, json(name)) != required.end();
    if (!is_required && !takes_null(member)) {
      json all = member.contains("anyOf") ? member.at("anyOf") : json::array({member});
      all.push_back({{"type", "null"}});
      member = {{"anyOf", std::move(all)}};
    }
    strict["properties"][name] = std::move(member);
    strict["required"].push_back(name);
  }
  return strict;
}

Result<json> Strict::array(const json& part, const std::string& at) {
  const auto items = part.find("items");
  if (items == part.end()) return unsayable(at, "a list of anything; give it 'items'");
  if (items->is_array()) return unsayable(pointer_to(at, "items"), "a schema for each place of a list");
  OE_TRY(json item, schema(*items, pointer_to(at, "items")));
  return json{{"type", "array"}, {"items", std::move(item)}};
}

}  // namespace

Result<Value> strict_subset(const Value& schema) {
  const json& root = schema.json();
  OE_CHECK(check_schema_form(root));
  OE_TRY(json strict, Strict(root).schema(root, ""));
  if (strict.value("type", "") != "object") return unsayable("", "an answer that is no object; put it into a member");
  return Value(std::move(strict));
}

}  // namespace oe::llm
