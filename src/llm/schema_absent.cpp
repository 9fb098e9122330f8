#include <algorithm>
#include <nlohmann/json.hpp>

#include "oe/llm/schema.hpp"

#include "llm/schema_form.hpp"

namespace oe::llm {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxLevel = 128;  // a schema may refer to itself without end

class Absent {
 public:
  explicit Absent(const json& root) : root_(root) {}
  void take_out(json& value, const json& schema, std::size_t level) const;

 private:
  bool takes_null(const json& schema, std::size_t level) const;
  bool could_be(const json& value, const json& schema) const;
  void from_object(json& value, const json& schema, std::size_t level) const;
  const json& plain(const json& schema) const { return without_reference(root_, schema); }

  const json& root_;
};

bool has(const json& one_or_many, const char* type) {
  return one_or_many.is_array() ? std::ranges::find(one_or_many, json(type)) != one_or_many.end() : one_or_many == type;
}

bool Absent::takes_null(const json& schema, std::size_t level) const {
  if (level > kMaxLevel) return true;
  const json& part = plain(schema);
  if (part.is_boolean()) return part == true;
  if (const auto type = part.find("type"); type != part.end() && !has(*type, "null")) return false;
  if (const auto only = part.find("const"); only != part.end()) return only->is_null();
  if (const auto all = part.find("enum"); all != part.end()) return std::ranges::find(*all, json()) != all->end();
  const auto null_fits = [&](const json& one) { return takes_null(one, level + 1); };
  for (const char* keyword : {"anyOf", "oneOf"})
    if (const auto all = part.find(keyword); all != part.end()) return std::ranges::any_of(*all, null_fits);
  const auto all = part.find("allOf");
  return all == part.end() || std::ranges::all_of(*all, null_fits);
}

/// Whether a strict answer was written for this alternative: its members are those of the alternative, and the ones
/// with fixed values have them.
bool Absent::could_be(const json& value, const json& schema) const {
  const json& part = plain(schema);
  if (part.is_boolean()) return part == true;
  if (const auto only = part.find("const"); only != part.end()) return *only == value;
  if (const auto all = part.find("enum"); all != part.end()) return std::ranges::find(*all, value) != all->end();
  const auto properties = part.find("properties");
  if (!value.is_object() || properties == part.end()) return !value.is_object() && properties == part.end();
  return std::ranges::all_of(value.items(), [&](const auto& member) {
    const auto property = properties->find(member.key());
    const bool is_structured = member.value().is_structured() || member.value().is_null();
    return property != properties->end() && (is_structured || could_be(member.value(), *property));
  });
}

void Absent::take_out(json& value, const json& schema, std::size_t level) const {
  if (level > kMaxLevel) return;
  const json& part = plain(schema);
  if (!part.is_object()) return;
  for (const char* keyword : {"anyOf", "oneOf"}) {
    const auto all = part.find(keyword);
    if (all == part.end()) continue;
    const auto one = std::ranges::find_if(*all, [&](const json& other) { return could_be(value, other); });
    if (one != all->end()) take_out(value, *one, level + 1);
  }
  if (const auto all = part.find("allOf"); all != part.end())
    for (const json& one : *all) take_out(value, one, level + 1);
  if (value.is_object() && part.contains("properties")) from_object(value, part, level);
  if (value.is_array() && part.contains("items") && part.at("items").is_object())
    for (json& item : value) take_out(item, part.at("items"), level + 1);
}

void Absent::from_object(json& value, const json& schema, std::size_t level) const {
  const json required = schema.value("required", json::array());
  for (const auto& [name, property] : schema.at("properties").items()) {
    const auto member = value.find(name);
    if (member == value.end()) continue;
    const bool is_required = std::ranges::find(required, json(name)) != required.end();
    if (member->is_null() && !is_required && !takes_null(property, level))
      value.erase(member);
    else
      take_out(*member, property, level + 1);
  }
}

}  // namespace

Value without_absent(const Value& answer, const Value& schema) {
  if (!check_schema_form(schema.json())) return answer;
  json value = answer.json();
  Absent(schema.json()).take_out(value, schema.json(), 0);
  return Value(std::move(value));
}

}  // namespace oe::llm
