#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "oe/base/time.hpp"
#include "oe/base/value.hpp"

#include "ledger/names.hpp"

namespace oe::ledger {

// Values as they stand in the cells of the index: what is not there is NULL, enumerations are words.

inline Value cell(std::string_view text) {
  return text.empty() ? Value() : Value::of(text);
}
inline Value cell(Timestamp time) {
  return Value::of(to_rfc3339(time));
}
template <class T>
requires std::is_arithmetic_v<T> Value cell(T number) {
  return Value::of(number);
}
template <class T>
requires std::is_enum_v<T> Value cell(T word) {
  return Value::of(name_of(word));
}
/// JSON text, of strings and numbers too, so that json_extract() works on every row.
inline Value json_cell(const Value& value) {
  return Value::of(value.dump());
}
inline Value cell(const Value& value) {
  return json_cell(value);
}
template <class T>
Value cell(const std::optional<T>& value) {
  return value ? cell(*value) : Value();
}

}  // namespace oe::ledger
