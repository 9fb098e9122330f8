#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "oe/base/time.hpp"
#include "oe/base/value.hpp"
#include "oe/db/database.hpp"

#include "ledger/json_text.hpp"
#include "ledger/names.hpp"

namespace oe::ledger {

// Values as they stand in the cells of the index: what is not there is NULL, enumerations are words. A text is read in
// place: it must outlive the statement.

inline db::Cell cell(std::string_view text) {
  return text.empty() ? db::Cell() : db::Cell(text);
}
inline db::Cell cell(Timestamp time) {
  const TimestampText text = timestamp_text(time);
  return db::ShortText{text, text.size()};
}
template <class T>
requires std::is_arithmetic_v<T> db::Cell cell(T number) {
  if constexpr (std::is_floating_point_v<T>)
    return number;
  else
    return static_cast<std::int64_t>(number);
}
template <class T>
requires std::is_enum_v<T> db::Cell cell(T word) {
  return name_of(word);
}
/// JSON text, of strings and numbers too, so that json_extract() works on every row.
inline db::Cell json_cell(const Value& value) {
  return value.dump();
}
inline db::Cell cell(const Value& value) {
  return json_cell(value);
}
template <class T>
db::Cell cell(const std::optional<T>& value) {
  return value ? cell(*value) : db::Cell();
}

}  // namespace oe::ledger
