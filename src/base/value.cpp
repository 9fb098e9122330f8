#include "oe/base/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace oe {

using Json = nlohmann::json;

namespace {

// How deep the containers of a JSON text go. Brackets in strings do not count; what the text is otherwise is the
// parser's business.
std::size_t nesting(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') ++i;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return deepest;
}

Location line_and_column(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 == 0
  return {.line = static_cast<std::uint32_t>(lines + 1), .column = static_cast<std::uint32_t>(offset - start + 1)};
}

std::string slow_dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
}

void append_text(std::string& out, const std::string& text) {
  if (!is_plain(text)) {
    out += slow_dump(Json(text));
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

template <std::integral T>
void append_number(std::string& out, T number) {
  std::array<char, 24> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

// What Json::dump gives, which makes a buffer of half a kilobyte and asks for the locale at each call.
void append_dump(std::string& out, const Json& json) {
  char separator = '\0';
  const auto separate = [&] {
    if (separator != '\0') out += separator;
    separator = ',';
  };
  switch (json.type()) {
    case Json::value_t::object:
      out += '{';
      for (const auto& [name, member] : json.get_ref<const Json::object_t&>()) {
        separate();
        append_text(out, name);
        out += ':';
        append_dump(out, member);
      }
      out += '}';
      return;
    case Json::value_t::array:
      out += '[';
      for (const Json& element : json) {
        separate();
        append_dump(out, element);
      }
      out += ']';
      return;
    case Json::value_t::string:
      return append_text(out, json.get_ref<const std::string&>());
    case Json::value_t::number_integer:
      return append_number(out, json.get<std::int64_t>());
    case Json::value_t::number_unsigned:
      return append_number(out, json.get<std::uint64_t>());
    default:
      out += slow_dump(json);
  }
}

/// Nearly every node has empty arguments, and its attempt an empty report.
const std::shared_ptr<const Json>& shared_object() {
  static const auto object = std::make_shared<const Json>(Json::object());
  return object;
}

const std::shared_ptr<const Json>& shared_null() {
  static const auto null = std::make_shared<const Json>(nullptr);
  return null;
}

}  // namespace

Value::Value() : json_(shared_null()) {}
Value::Value(nlohmann::json json) : json_(std::make_shared<const Json>(std::move(json))) {}
Value Value::of(std::string_view text) {
  return Value(Json(std::string(text)));
}
Value Value::of_bool(bool flag) {
  return Value(Json(flag));
}
Value Value::of_integer(std::int64_t number) {
  return Value(Json(number));
}
Value Value::of(double number) {
  return Value(Json(number));
}
Value Value::object() {
  Value value;
  value.json_ = shared_object();
  return value;
}
Value Value::array() {
  return Value(Json::array());
}

Result<Value> Value::parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorKind::input,
                fmt::format("JSON text of {} bytes is over the limit of {}", text.size(), limits.bytes));
  }
  // Before parsing, because nlohmann goes on until memory ends, and its parser with a callback is quadratic in the
  // length of an array of objects.
  if (nesting(text) > limits.depth) {
    return fail(ErrorKind::input, fmt::format("JSON nested deeper than {}", limits.depth));
  }
  try {
    return Value(Json::parse(text.begin(), text.end()));
  } catch (const Json::parse_error& error) {
    const std::size_t offset = error.byte > 0 ? error.byte - 1 : 0;
    return fail(Error(ErrorKind::input, text.empty() ? "empty text where JSON was expected" : "not valid JSON")
                    .at(line_and_column(text, offset)));
  } catch (const Json::exception&) {
    return fail(ErrorKind::input, "JSON with a number that is out of range");
  }
}

bool Value::is_null() const {
  return json_->is_null();
}
bool Value::is_object() const {
  return json_->is_object();
}
bool Value::is_array() const {
  return json_->is_array();
}
bool Value::is_string() const {
  return json_->is_string();
}
std::size_t Value::size() const {
  return json_->is_structured() ? json_->size() : 0;
}

Value Value::get(std::string_view key) const {
  if (!json_->is_object()) return {};
  const auto member = json_->find(key);
  return member == json_->end() ? Value() : Value(*member);
}

std::string Value::string_or(std::string_view otherwise) const {
  return json_->is_string() ? json_->get<std::string>() : std::string(otherwise);
}

std::string Value::dump() const {
  std::string text;
  append_dump(text, *json_);
  return text;
}
std::string Value::pretty() const {
  return json_->dump(2, ' ', false, Json::error_handler_t::replace);
}

bool operator==(const Value& a, const Value& b) {
  return a.json_ == b.json_ || *a.json_ == *b.json_;
}

}  // namespace oe
