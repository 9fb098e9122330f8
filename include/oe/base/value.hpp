#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"

namespace oe {

/// What a JSON text from outside may be at most; past it parsing stops with an Error.
struct JsonLimits {
  std::size_t depth = 100;
  std::size_t bytes = std::size_t{64} << 20;
};

/// An immutable JSON value that is cheap to copy (it shares its content) and compares by content.
/// Include <nlohmann/json.hpp> in the .cpp that looks inside through json(); headers need only this one.
class Value {
 public:
  Value();  ///< null
  explicit Value(nlohmann::json json);
  static Value of(std::string_view text);  ///< a JSON string
  template <std::integral T>
  static Value of(T number) {  ///< true/false from a bool, else a number
    if constexpr (std::same_as<T, bool>)
      return of_bool(number);
    else
      return of_integer(static_cast<std::int64_t>(number));
  }
  static Value of(double number);
  static Value object();  ///< {}
  static Value array();   ///< []

  /// Parses exactly one JSON text. Errors: kind input, with line and column in the location.
  static Result<Value> parse(std::string_view text, const JsonLimits& limits = {});

  const nlohmann::json& json() const { return *json_; }
  bool is_null() const;
  bool is_object() const;
  bool is_array() const;
  bool is_string() const;
  /// Elements of an array or members of an object; 0 for anything else.
  std::size_t size() const;
  /// The member of an object, or null when this is no object or has no such member.
  Value get(std::string_view key) const;
  /// The string, or `otherwise` when this is not a string.
  std::string string_or(std::string_view otherwise) const;

  /// Compact, keys sorted, invalid UTF-8 replaced by U+FFFD: the same value always gives the same bytes.
  std::string dump() const;
  /// The same with two spaces of indentation, for people.
  std::string pretty() const;

  friend bool operator==(const Value& a, const Value& b);

 private:
  static Value of_bool(bool flag);
  static Value of_integer(std::int64_t number);

  std::shared_ptr<const nlohmann::json> json_;
};

}  // namespace oe
