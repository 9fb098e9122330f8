#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "oe/doc/document.hpp"

namespace oe::doc {

namespace {

using Json = nlohmann::json;

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view without_sign(std::string_view text) {
  return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

std::size_t count_digits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

bool is_exponent(std::string_view text) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return false;
  const std::string_view digits = without_sign(text.substr(1));
  return !digits.empty() && count_digits(digits) == digits.size();
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal_number(std::string_view text) {
  text = without_sign(text);
  const std::size_t whole = count_digits(text);
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    const std::size_t fraction = count_digits(text.substr(1));
    if (whole == 0 && fraction == 0) return false;
    text.remove_prefix(1 + fraction);
  } else if (whole == 0) {
    return false;
  }
  return text.empty() || is_exponent(text);
}

template <class Number>
std::optional<Number> whole_number(std::string_view digits, int base) {
  Number number{};
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<Json> integer_value(std::string_view text, int base) {
  if (const auto number = whole_number<std::int64_t>(text, base)) return Json(*number);
  if (const auto number = whole_number<std::uint64_t>(text, base)) return Json(*number);
  return std::nullopt;
}

std::optional<Json> prefixed_integer(std::string_view text) {
  const int base = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 0;
  if (base == 0 || text.size() == 2 || text[2] == '-') return std::nullopt;
  return integer_value(text.substr(2), base);
}

std::optional<Json> number_value(std::string_view text) {
  if (auto prefixed = prefixed_integer(text)) return prefixed;
  if (!is_decimal_number(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  if (auto integer = integer_value(text, 10)) return integer;
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool exact = error == std::errc{} && stop == text.data() + text.size() && std::isfinite(number);
  return exact ? std::optional<Json>(number) : std::nullopt;
}

Json plain_value(std::string_view text) {
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return nullptr;
  if (one_of(text, {"true", "True", "TRUE"})) return true;
  if (one_of(text, {"false", "False", "FALSE"})) return false;
  if (auto number = number_value(text)) return std::move(*number);
  return std::string(text);
}

Json scalar_value(const Node& node) {
  if (one_of(node.tag(), {"!", "!!str", "!<tag:yaml.org,2002:str>"})) return node.text;
  const bool core_tag = node.tag().starts_with("!!") && one_of(node.tag(), {"!!null", "!!bool", "!!int", "!!float"});
  return node.style == Style::plain || core_tag ? plain_value(node.text) : Json(node.text);
}

Json json_value(const Node& written) {
  const Node& node = written.resolved();
  if (node.kind == NodeKind::sequence) {
    Json array = Json::array();
    for (const Node& item : node.items) array.push_back(json_value(item));
    return array;
  }
  if (node.kind == NodeKind::mapping) {
    Json object = Json::object();
    for (const Member& member : node.members) object.emplace(member.key.text, json_value(member.value));
    return object;
  }
  return scalar_value(node);
}

}  // namespace

Value to_value(const Node& node) {
  return Value(json_value(node));
}

}  // namespace oe::doc
