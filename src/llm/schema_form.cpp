#include "llm/schema_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "llm/plain_line.hpp"

namespace oe::llm {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxLevels = 64;
constexpr std::size_t kMaxParts = 10'000;

enum class Form {
  schema,
  schema_map,
  pattern_map,
  schema_list,
  schema_or_list,
  dependencies,
  types,
  strings,
  list,
  name,
  text,
  pattern,
  number,
  count,
  positive,
  flag
};

struct Keyword {
  std::string_view name;
  Form form;
  std::string_view wanted;
};

// JSON Schema draft 7, validation and core; $defs is the later name of definitions.
constexpr std::array<Keyword, 38> kKeywords = {{
    {"$defs", Form::schema_map, "an object of schemas"},
    {"$ref", Form::text, "a string"},
    {"additionalItems", Form::schema, "a schema"},
    {"additionalProperties", Form::schema, "a schema"},
    {"allOf", Form::schema_list, "a list of schemas"},
    {"anyOf", Form::schema_list, "a list of schemas"},
    {"contains", Form::schema, "a schema"},
    {"definitions", Form::schema_map, "an object of schemas"},
    {"dependencies", Form::dependencies, "an object of schemas or lists of names"},
    {"description", Form::text, "a string"},
    {"else", Form::schema, "a schema"},
    {"enum", Form::list, "a list that is not empty"},
    {"exclusiveMaximum", Form::number, "a number"},
    {"exclusiveMinimum", Form::number, "a number"},
    {"format", Form::text, "a string"},
    {"id", Form::name, "at most 200 bytes"},
    {"if", Form::schema, "a schema"},
    {"items", Form::schema_or_list, "a schema or a list of schemas"},
    {"maxItems", Form::count, "a whole number from 0"},
    {"maxLength", Form::count, "a whole number from 0"},
    {"maxProperties", Form::count, "a whole number from 0"},
    {"maximum", Form::number, "a number"},
    {"minItems", Form::count, "a whole number from 0"},
    {"minLength", Form::count, "a whole number from 0"},
    {"minProperties", Form::count, "a whole number from 0"},
    {"minimum", Form::number, "a number"},
    {"multipleOf", Form::positive, "a number above 0"},
    {"not", Form::schema, "a schema"},
    {"oneOf", Form::schema_list, "a list of schemas"},
    {"pattern", Form::pattern, "a string"},
    {"patternProperties", Form::pattern_map, "an object of schemas"},
    {"properties", Form::schema_map, "an object of schemas"},
    {"propertyNames", Form::schema, "a schema"},
    {"required", Form::strings, "a list of names"},
    {"then", Form::schema, "a schema"},
    {"title", Form::text, "a string"},
    {"type", Form::types, "the name of a type or a list of them"},
    {"uniqueItems", Form::flag, "true or false"},
}};

constexpr std::array<std::string_view, 7> kTypes = {"array",  "boolean", "integer", "null",
                                                    "number", "object",  "string"};

bool is_strings(const json& value) {
  return value.is_array() && std::ranges::all_of(value, [](const json& item) { return item.is_string(); });
}

bool has_form(const json& value, Form form) {
  switch (form) {
    case Form::schema_list:
    case Form::list:
      return value.is_array() && !value.empty();
    case Form::schema_map:
    case Form::pattern_map:
    case Form::dependencies:
      return value.is_object();
    case Form::types:
      return value.is_string() || (is_strings(value) && !value.empty());
    case Form::strings:
      return is_strings(value);
    case Form::name:  // valijson holds it against a std::regex, which long texts make crash
      return !value.is_string() || value.get_ref<const std::string&>().size() <= 200;
    case Form::text:
    case Form::pattern:
      return value.is_string();
    case Form::number:
      return value.is_number();
    case Form::count:
      return value.is_number_integer() && value >= 0;
    case Form::positive:
      return value.is_number() && value > 0;
    case Form::flag:
      return value.is_boolean();
    default:
      return true;  // parts are looked at one by one
  }
}

class FormCheck {
 public:
  explicit FormCheck(const json& root) : root_(root) {}
  Result<void> schema(const json& part, const std::string& at, std::size_t level);

 private:
  Result<void> keyword(const Keyword& keyword, const json& value, const std::string& at, std::size_t level);
  Result<void> reference(const json& part, const std::string& at, std::size_t level);
  Result<void> map(const json& parts, Form form, const std::string& at, std::size_t level);
  Result<void> list(const json& parts, const std::string& at, std::size_t level);
  Result<void> types(const json& value, const std::string& at);
  Result<void> pattern(const std::string& text, const std::string& at);

  const json& root_;
  std::set<const json*> seen_;
};

tl::unexpected<Error> wrong(const std::string& at, std::string_view what, std::string hint = {}) {
  return fail(ErrorKind::input, fmt::format("the schema cannot be used: {}: {}", at.empty() ? "/" : at, what),
              std::move(hint));
}

Result<void> FormCheck::schema(const json& part, const std::string& at, std::size_t level) {
  if (part.is_boolean() || seen_.contains(&part)) return {};
  if (!part.is_object()) return wrong(at, "must be a schema: an object, true or false");
  seen_.insert(&part);
  if (level > kMaxLevels) return wrong(at, fmt::format("nested deeper than {}", kMaxLevels));
  if (seen_.size() > kMaxParts) return wrong(at, fmt::format("more than {} parts", kMaxParts));
  if (part.contains("$ref")) return reference(part, at, level);  // what stands beside it does not count in draft 7
  for (const Keyword& keyword : kKeywords) {
    const auto value = part.find(keyword.name);
    if (value != part.end()) OE_CHECK(this->keyword(keyword, *value, pointer_to(at, keyword.name), level));
  }
  return {};
}

Result<void> FormCheck::keyword(const Keyword& keyword, const json& value, const std::string& at, std::size_t level) {
  if (!has_form(value, keyword.form)) return wrong(at, fmt::format("must be {}", keyword.wanted));
  switch (keyword.form) {
    case Form::schema:
      return schema(value, at, level + 1);
    case Form::schema_map:
    case Form::pattern_map:
    case Form::dependencies:
      return map(value, keyword.form, at, level);
    case Form::schema_list:
      return list(value, at, level);
    case Form::schema_or_list:
      return value.is_array() ? list(value, at, level) : schema(value, at, level + 1);
    case Form::types:
      return types(value, at);
    case Form::pattern:
      return pattern(value.get<std::string>(), at);
    default:
      return {};
  }
}

Result<void> FormCheck::reference(const json& part, const std::string& at, std::size_t level) {
  std::set<const json*> chain;
  const json* target = &part;
  while (target->is_object() && target->contains("$ref")) {
    const json& text = target->at("$ref");
    if (!text.is_string()) return wrong(pointer_to(at, "$ref"), "must be a string");
    const auto& name = text.get_ref<const std::string&>();
    if (!chain.insert(target).second) return wrong(at, fmt::format("'{}' goes round in a circle", plain_line(name)));
    target = referred(root_, name);
    if (target == nullptr)
      return wrong(at, fmt::format("'{}' leads nowhere", plain_line(name)),
                   "a reference points into the same schema: \"#/definitions/name\"");
  }
  return schema(*target, at, level + 1);
}

Result<void> FormCheck::map(const json& parts, Form form, const std::string& at, std::size_t level) {
  for (const auto& [name, part] : parts.items()) {
    if (form == Form::dependencies && is_strings(part)) continue;
    if (form == Form::pattern_map) OE_CHECK(pattern(name, at));
    OE_CHECK(schema(part, pointer_to(at, name), level + 1));
  }
  return {};
}

Result<void> FormCheck::list(const json& parts, const std::string& at, std::size_t level) {
  for (std::size_t i = 0; i < parts.size(); ++i)
    OE_CHECK(schema(parts[i], pointer_to(at, std::to_string(i)), level + 1));
  return {};
}

Result<void> FormCheck::types(const json& value, const std::string& at) {
  const std::vector<std::string> known(kTypes.begin(), kTypes.end());
  for (const json& type : value.is_array() ? value : json::array({value})) {
    const auto& name = type.get_ref<const std::string&>();
    if (std::ranges::find(kTypes, name) == kTypes.end())
      return wrong(at, fmt::format("there is no type '{}'", plain_line(name)), did_you_mean(name, known));
  }
  return {};
}

Result<void> FormCheck::pattern(const std::string& text, const std::string& at) {
  const auto compiled = graph::Pattern::compile(text);
  if (!compiled) return wrong(at, plain_line(compiled.error().message()), compiled.error().hint());
  return {};
}

/// "~0", "~1" and "%25" of a token in a URI fragment, in the order of valijson; nothing when a '%' has no two digits.
std::optional<std::string> decoded_token(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    char c = token[i];
    const char next = i + 1 < token.size() ? token[i + 1] : ' ';
    if (c == '~' && (next == '0' || next == '1')) {
      c = next == '0' ? '~' : '/';
      ++i;
    } else if (c == '%') {
      const char* digits = token.data() + i + 1;
      const char* end = token.data() + std::min(i + 3, token.size());
      unsigned char byte = 0;
      if (std::from_chars(digits, end, byte, 16).ptr != digits + 2) return std::nullopt;
      c = static_cast<char>(byte);
      i += 2;
    }
    text += c;
  }
  return text;
}

const json* step(const json& value, const std::string& token) {
  if (value.is_object()) {
    const auto member = value.find(token);
    return member == value.end() ? nullptr : &*member;
  }
  const bool is_index =
      !token.empty() && token.size() < 6 && token.find_first_not_of("0123456789") == std::string::npos;
  if (!value.is_array() || !is_index) return nullptr;
  const std::size_t index = std::stoul(token);
  return index < value.size() ? &value[index] : nullptr;
}

}  // namespace

Result<void> check_schema_form(const json& schema) {
  return FormCheck(schema).schema(schema, "", 0);
}

const json* referred(const json& root, std::string_view reference) {
  if (!reference.starts_with('#')) return nullptr;
  reference.remove_prefix(1);
  if (reference.empty()) return &root;
  if (reference.front() != '/') return nullptr;
  const json* value = &root;
  for (const std::string& token : split(reference.substr(1), '/'))
    if (const auto plain = decoded_token(token); !plain || (value = step(*value, *plain)) == nullptr) return nullptr;
  return value;
}

const json& without_reference(const json& root, const json& schema) {
  const json* part = &schema;
  while (part->is_object() && part->contains("$ref"))
    part = referred(root, part->at("$ref").get_ref<const std::string&>());
  return *part;
}

std::string pointer_to(const std::string& parent, std::string_view token) {
  std::string pointer = parent + "/";
  for (const char c : token) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
  return pointer;
}

}  // namespace oe::llm
