#include "oe/base/value.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace oe {

using Json = nlohmann::json;

namespace {

// Stops the parser at the first container deeper than the limit: nlohmann itself would go on until memory
// ends.
Json parse_within(std::string_view text, std::size_t max_depth, bool& too_deep) {
  const auto guard = [&](int depth, Json::parse_event_t event, Json&) {
    if (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start) {
      if (static_cast<std::size_t>(depth) >= max_depth) {
        too_deep = true;
        throw std::length_error("too deep");
      }
    }
    return true;
  };
  return Json::parse(text.begin(), text.end(), guard);
}

Location line_and_column(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 == 0
  return {.line = static_cast<std::uint32_t>(lines + 1), .column = static_cast<std::uint32_t>(offset - start + 1)};
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
  return Value(Json::object());
}
Value Value::array() {
  return Value(Json::array());
}

Result<Value> Value::parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorKind::input,
                fmt::format("JSON text of {} bytes is over the limit of {}", text.size(), limits.bytes));
  }
  bool too_deep = false;
  try {
    return Value(parse_within(text, limits.depth, too_deep));
  } catch (const Json::parse_error& error) {
    const std::size_t offset = error.byte > 0 ? error.byte - 1 : 0;
    return fail(Error(ErrorKind::input, text.empty() ? "empty text where JSON was expected" : "not valid JSON")
                    .at(line_and_column(text, offset)));
  } catch (const Json::exception&) {
    return fail(ErrorKind::input, "JSON with a number that is out of range");
  } catch (const std::length_error&) {
    return fail(ErrorKind::input, fmt::format("JSON nested deeper than {}", limits.depth));
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
  return json_->dump(-1, ' ', false, Json::error_handler_t::replace);
}
std::string Value::pretty() const {
  return json_->dump(2, ' ', false, Json::error_handler_t::replace);
}

bool operator==(const Value& a, const Value& b) {
  return a.json_ == b.json_ || *a.json_ == *b.json_;
}

}  // namespace oe
