#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "oe/base/ids.hpp"
#include "oe/base/value.hpp"

#include "ledger/json_text.hpp"
#include "ledger/names.hpp"

namespace oe::ledger {

// Each stored type lists its fields once, in a function template over an archive that writes or reads them:
//   template <class Archive> void fields(Archive& archive, In<Archive, T>& body)
// with archive.required(name, member) and archive.optional(name, member); an optional member is left out when it holds
// nothing, and keeps its default when it is not there.

template <class Archive, class T>
using In = std::conditional_t<Archive::kWrites, const T, T>;

/// The name of a field, laid out by the compiler as it stands behind another field: ,"name":
class FieldName {
 public:
  template <std::size_t N>
  consteval FieldName(const char (&name)[N]) : size_(N + 3) {
    char* at = text_.data();
    *at++ = ',';
    *at++ = '"';
    for (std::size_t i = 0; i + 1 < N; ++i) *at++ = name[i];
    *at++ = '"';
    *at = ':';
  }
  std::string_view name() const { return {text_.data() + 2, size_ - 4}; }
  std::string_view behind_another() const { return {text_.data(), size_}; }

 private:
  std::array<char, 24> text_{};
  std::size_t size_;
};

/// Appends fields to an open JSON object that has at least one already.
class WireWriter {
 public:
  static constexpr bool kWrites = true;
  explicit WireWriter(JsonText& out) : out_(out) {}

  template <class T>
  void required(const FieldName& name, const T& value) {
    out_.add(name.behind_another());
    put(value);
  }
  template <class T>
  void optional(const FieldName& name, const T& value) {
    if (holds_something(value)) required(name, value);
  }

 private:
  template <class T>
  static bool holds_something(const T& value) {
    if constexpr (std::is_same_v<T, bool>)
      return value;
    else if constexpr (std::is_integral_v<T>)
      return value != 0;
    else if constexpr (std::is_same_v<T, Value>)
      return !value.is_null() && !(value.is_object() && value.size() == 0);
    else if constexpr (requires { value.has_value(); })
      return value.has_value();
    else
      return !value.empty();
  }

  void put(std::string_view text) { append_string(out_, text); }
  void put(bool flag) { out_.add(flag ? std::string_view("true") : std::string_view("false")); }
  void put(std::chrono::microseconds duration) { append_milliseconds(out_, duration); }
  void put(Timestamp time) { append_timestamp(out_, time); }
  void put(const Value& value) { out_.add(value.dump()); }
  void put(const std::map<std::string, std::string>& texts);
  template <class T>
  void put(const std::vector<T>& items) {
    char separator = '[';
    for (const T& item : items) {
      out_.add(separator);
      put(item);
      separator = ',';
    }
    out_.add(items.empty() ? std::string_view("[]") : std::string_view("]"));
  }
  template <class Tag>
  void put(const StrongString<Tag>& id) {
    put(std::string_view(id.text));
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(*value);
  }
  template <std::integral T>
  void put(T number) { append_integer(out_, number); }
  template <class T>
  requires std::is_enum_v<T>
  void put(T word) { put(name_of(word)); }

  JsonText& out_;
};

/// Reads fields of a JSON object; the first one that is missing or of the wrong type becomes the problem.
class WireReader {
 public:
  static constexpr bool kWrites = false;
  /// `object` must outlive the reader.
  explicit WireReader(const Value& object) : object_(object) {}

  template <class T>
  void required(const FieldName& name, T& value) {
    const nlohmann::json* const member = find(name.name());
    if (member == nullptr)
      complain(name.name(), "is missing");
    else if (!take(*member, value))
      complain(name.name(), "has a value that does not belong there");
  }
  template <class T>
  void optional(const FieldName& name, T& value) {
    if (find(name.name()) != nullptr) required(name, value);
  }
  /// Empty when all went well.
  const std::string& problem() const { return problem_; }

 private:
  const nlohmann::json* find(std::string_view name) const;
  void complain(std::string_view name, std::string_view what);

  static std::optional<std::string_view> word_in(const nlohmann::json& json);
  static bool take(const nlohmann::json& json, std::string& text);
  static bool take(const nlohmann::json& json, bool& flag);
  static bool take(const nlohmann::json& json, std::uint64_t& number);
  static bool take(const nlohmann::json& json, std::uint32_t& number);
  static bool take(const nlohmann::json& json, int& number);
  static bool take(const nlohmann::json& json, std::chrono::microseconds& duration);
  static bool take(const nlohmann::json& json, std::chrono::milliseconds& duration);
  static bool take(const nlohmann::json& json, Timestamp& time);
  static bool take(const nlohmann::json& json, Value& value);
  static bool take(const nlohmann::json& json, std::map<std::string, std::string>& texts);
  static bool take(const nlohmann::json& json, std::vector<RunId>& runs);
  static bool take(const nlohmann::json& json, std::vector<std::string>& texts);
  static bool take(const nlohmann::json& json, std::vector<std::uint64_t>& numbers);
  template <class T>
  static bool take_list(const nlohmann::json& json, std::vector<T>& items);
  template <class Tag>
  static bool take(const nlohmann::json& json, StrongString<Tag>& id) {
    return take(json, id.text);
  }
  template <class T>
  static bool take(const nlohmann::json& json, std::optional<T>& value) {
    return take(json, value.emplace());
  }
  template <class T>
  requires std::is_enum_v<T>
  static bool take(const nlohmann::json& json, T& value) {
    const auto word = word_in(json);
    const auto known = word ? from_name<T>(*word) : std::nullopt;
    if (known) value = *known;
    return known.has_value();
  }

  const Value& object_;
  std::string problem_;
};

/// An empty body of the type with that name; `names` are in the order of the variant. Nothing for an unknown name.
template <class Variant>
std::optional<Variant> empty_body(const std::array<std::string_view, std::variant_size_v<Variant>>& names,
                                  std::string_view name) {
  std::optional<Variant> body;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((names[I] == name ? void(body.emplace(std::in_place_index<I>)) : void()), ...);
  }
  (std::make_index_sequence<std::variant_size_v<Variant>>());
  return body;
}

/// Parses a stored line as a JSON object of format "v":1. Errors: input.
Result<Value> parse_line(std::string_view line);

}  // namespace oe::ledger
