#include "graph/javascript.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/core.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

namespace oe::graph {

using Json = nlohmann::json;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

// 0x10, 0o7, 0b1: the digits behind the prefix, in that base.
double number_in_base(std::string_view digits, int base) {
  unsigned long long number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, base);
  return error == std::errc() && stop == end ? static_cast<double>(number) : kNotANumber;
}

double decimal_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  // from_chars would also read the names of the infinities and of NaN.
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return kNotANumber;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return stop == end && error == std::errc() ? number : kNotANumber;
}

// Number(text) of JavaScript.
double number_from(std::string_view text) {
  text = trim(text);
  if (text.empty()) return 0;
  const std::string_view prefix = text.substr(0, 2);
  if (prefix == "0x" || prefix == "0X") return number_in_base(text.substr(2), 16);
  if (prefix == "0o" || prefix == "0O") return number_in_base(text.substr(2), 8);
  if (prefix == "0b" || prefix == "0B") return number_in_base(text.substr(2), 2);
  return decimal_number(text);
}

// String(value) of JavaScript for what a list may hold: null prints nothing inside a list.
std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) return "[object Object]";
  if (value.is_null()) return {};
  if (value.is_number()) return fmt::format("{}", value.get<double>());
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  std::vector<std::string> parts;
  for (const Json& item : value) parts.push_back(text_of(item));
  return join(parts, ",");
}

double number_of(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  if (value.is_null()) return 0;
  return number_from(text_of(value));
}

// Order of UTF-16 code units, on UTF-8: characters past U+FFFF are surrogates there and sort before
// U+E000..U+FFFF.
bool before_in_utf16(std::string_view a, std::string_view b) {
  const auto [at, bt] = std::ranges::mismatch(a, b);
  if (at == a.end() || bt == b.end()) return at == a.end() && bt != b.end();
  const auto rank = [](char c) {
    const int byte = static_cast<unsigned char>(c);
    return byte == 0xEE || byte == 0xEF ? byte + 0x20 : byte;
  };
  return rank(*at) < rank(*bt);
}

bool compares_as_text(const Json& value) {
  return value.is_string() || value.is_structured();
}

bool less(const Json& a, const Json& b) {
  if (compares_as_text(a) && compares_as_text(b)) return before_in_utf16(text_of(a), text_of(b));
  return number_of(a) < number_of(b);
}

bool less_or_equal(const Json& a, const Json& b) {
  if (compares_as_text(a) && compares_as_text(b)) return !before_in_utf16(text_of(b), text_of(a));
  return number_of(a) <= number_of(b);
}

// The `===` of JavaScript: no conversion, containers by identity, all numbers as doubles.
bool identical(const Operand& left, const Operand& right) {
  const Json& a = left.value->json();
  const Json& b = right.value->json();
  if (a.is_structured() || b.is_structured()) {
    return left.path && right.path && *left.path == *right.path;
  }
  if (a.is_number() && b.is_number()) return a.get<double>() == b.get<double>();
  return a.type() == b.type() && a == b;
}

}  // namespace

bool truthy(const Operand& operand) {
  if (!operand.value) return false;
  const Json& value = operand.value->json();
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  return !value.is_null();
}

bool related(const Operand& left, Relation relation, const Operand& right) {
  if (!left.value || !right.value) {
    return relation == Relation::not_equal && left.value.has_value() != right.value.has_value();
  }
  const Json& a = left.value->json();
  const Json& b = right.value->json();
  switch (relation) {
    case Relation::equal:
      return identical(left, right);
    case Relation::not_equal:
      return !identical(left, right);
    case Relation::less:
      return less(a, b);
    case Relation::less_equal:
      return less_or_equal(a, b);
    case Relation::greater:
      return less(b, a);
    case Relation::greater_equal:
      return less_or_equal(b, a);
  }
  return false;
}

std::size_t length_of(const Operand& operand) {
  if (!operand.value) return 0;
  if (operand.value->is_array()) return operand.value->size();
  if (!operand.value->is_string()) return 0;
  std::size_t units = 0;
  for (const char c : operand.value->json().get_ref<const std::string&>()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool starts_a_character = (byte & 0xC0) != 0x80;
    units += starts_a_character ? (byte >= 0xF0 ? 2 : 1) : 0;
  }
  return units;
}

}  // namespace oe::graph
