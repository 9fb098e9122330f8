// The value itself: its type, its choices, its limits.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "llm/plain_line.hpp"
#include "llm/schema_form.hpp"
#include "llm/value_check.hpp"

namespace oe::llm {

using nlohmann::json;
using valijson::Subschema;

namespace {

using JsonType = valijson::constraints::TypeConstraint::JsonType;

bool is_whole(const json& value) {
  return value.is_number_integer() ||
         (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>());
}

struct TypeRow {
  JsonType type;
  const char* name;
  bool (*has)(const json& value);
};
constexpr std::array<TypeRow, 8> kTypeRows = {{
    {JsonType::kAny, "anything", [](const json&) { return true; }},
    {JsonType::kArray, "an array", [](const json& value) { return value.is_array(); }},
    {JsonType::kBoolean, "true or false", [](const json& value) { return value.is_boolean(); }},
    {JsonType::kInteger, "an integer", is_whole},
    {JsonType::kNull, "null", [](const json& value) { return value.is_null(); }},
    {JsonType::kNumber, "a number", [](const json& value) { return value.is_number(); }},
    {JsonType::kObject, "an object", [](const json& value) { return value.is_object(); }},
    {JsonType::kString, "a string", [](const json& value) { return value.is_string(); }},
}};

}  // namespace

bool ValueCheck::visit(const TypeConstraint& types) {
  bool is_kept = false;
  std::vector<std::string> names;
  types.applyToNamedTypes([&](JsonType type) {
    const TypeRow& row = *std::ranges::find(kTypeRows, type, &TypeRow::type);
    names.emplace_back(row.name);
    is_kept = is_kept || row.has(value_);
    return true;
  });
  return is_kept || must_be(0, listed(names));
}

bool ValueCheck::visit(const PolyConstraint& choices) {
  const auto& all = dynamic_cast<const Choices&>(choices);
  return all.has(value_) || must_be(1, all.wanted());
}

bool ValueCheck::visit(const FormatConstraint& format) {
  return !value_.is_string() || has_format(value_.get<std::string>(), format.getFormat()) ||
         must_be(2, fmt::format("of the format {}", plain_line(format.getFormat())));
}

bool ValueCheck::visit(const PatternConstraint& constraint) {
  if (!value_.is_string()) return true;
  std::string pattern;
  constraint.getPattern(pattern);
  return work_.matches(pattern, value_.get<std::string>()) ||
         fault(2, fmt::format("must match {}, not {}", plain_line(pattern), shown(value_)));
}

bool ValueCheck::visit(const MaximumConstraint& limit) {
  if (!value_.is_number()) return true;
  const double value = value_.get<double>();
  if (limit.getExclusiveMaximum())
    return value < limit.getMaximum() || must_be(2, fmt::format("less than {}", limit.getMaximum()));
  return value <= limit.getMaximum() || must_be(2, fmt::format("at most {}", limit.getMaximum()));
}

bool ValueCheck::visit(const MinimumConstraint& limit) {
  if (!value_.is_number()) return true;
  const double value = value_.get<double>();
  if (limit.getExclusiveMinimum())
    return value > limit.getMinimum() || must_be(2, fmt::format("more than {}", limit.getMinimum()));
  return value >= limit.getMinimum() || must_be(2, fmt::format("at least {}", limit.getMinimum()));
}

bool ValueCheck::is_multiple_of(double divisor) {
  const double quotient = value_.get<double>() / divisor;
  return std::abs(quotient - std::round(quotient)) <= 1e-9 * std::max(1.0, std::abs(quotient)) ||
         must_be(2, fmt::format("a multiple of {}", divisor));
}

bool ValueCheck::visit(const MultipleOfDoubleConstraint& multiple) {
  return !value_.is_number() || is_multiple_of(multiple.getDivisor());
}

bool ValueCheck::visit(const MultipleOfIntConstraint& multiple) {
  return !value_.is_number() || is_multiple_of(static_cast<double>(multiple.getDivisor()));
}

bool ValueCheck::visit(const MaxItemsConstraint& limit) {
  return !value_.is_array() ||
         keeps(value_.size() <= limit.getMaxItems(),
               fmt::format("must have at most {} items, not {}", limit.getMaxItems(), value_.size()));
}

bool ValueCheck::visit(const MinItemsConstraint& limit) {
  return !value_.is_array() ||
         keeps(value_.size() >= limit.getMinItems(),
               fmt::format("must have at least {} items, not {}", limit.getMinItems(), value_.size()));
}

bool ValueCheck::visit(const MaxPropertiesConstraint& limit) {
  return !value_.is_object() ||
         keeps(value_.size() <= limit.getMaxProperties(),
               fmt::format("must have at most {} members, not {}", limit.getMaxProperties(), value_.size()));
}

bool ValueCheck::visit(const MinPropertiesConstraint& limit) {
  return !value_.is_object() ||
         keeps(value_.size() >= limit.getMinProperties(),
               fmt::format("must have at least {} members, not {}", limit.getMinProperties(), value_.size()));
}

bool ValueCheck::visit(const MaxLengthConstraint& limit) {
  if (!value_.is_string()) return true;
  const std::size_t length = characters(value_.get_ref<const std::string&>());
  return keeps(length <= limit.getMaxLength(),
               fmt::format("must have at most {} characters, not {}", limit.getMaxLength(), length));
}

bool ValueCheck::visit(const MinLengthConstraint& limit) {
  if (!value_.is_string()) return true;
  const std::size_t length = characters(value_.get_ref<const std::string&>());
  return keeps(length >= limit.getMinLength(),
               fmt::format("must have at least {} characters, not {}", limit.getMinLength(), length));
}

}  // namespace oe::llm
