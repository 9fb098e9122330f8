#include "ledger/wire.hpp"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace oe::ledger {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;
/// Deeper than what a tool may return (JsonLimits' default), for the event adds to it.
constexpr JsonLimits kLineLimits{.depth = 200, .bytes = std::size_t{1} << 30};

template <std::integral T>
bool take_integer(const Json& json, T& number) {
  if (json.is_number_unsigned()) {
    const auto value = json.get<std::uint64_t>();
    number = static_cast<T>(value);
    return std::in_range<T>(value);
  }
  if (!json.is_number_integer()) return false;
  const auto value = json.get<std::int64_t>();
  number = static_cast<T>(value);
  return std::in_range<T>(value);
}

}  // namespace

void WireWriter::put(const std::map<std::string, std::string>& texts) {
  char separator = '{';
  for (const auto& [name, text] : texts) {
    out_.add(separator);
    put(name);
    out_.add(':');
    put(text);
    separator = ',';
  }
  out_.add(texts.empty() ? std::string_view("{}") : std::string_view("}"));
}

const Json* WireReader::find(std::string_view name) const {
  const Json& json = object_.json();
  const auto member = json.find(name);
  return member == json.end() ? nullptr : &*member;
}

void WireReader::complain(std::string_view name, std::string_view what) {
  if (problem_.empty()) problem_ = fmt::format("'{}' {}", name, what);
}

std::optional<std::string_view> WireReader::word_in(const Json& json) {
  return json.is_string() ? std::optional<std::string_view>(json.get_ref<const std::string&>()) : std::nullopt;
}

bool WireReader::take(const Json& json, std::string& text) {
  if (json.is_string()) text = json.get_ref<const std::string&>();
  return json.is_string();
}
bool WireReader::take(const Json& json, bool& flag) {
  if (json.is_boolean()) flag = json.get<bool>();
  return json.is_boolean();
}
bool WireReader::take(const Json& json, std::uint64_t& number) {
  return take_integer(json, number);
}
bool WireReader::take(const Json& json, std::uint32_t& number) {
  return take_integer(json, number);
}
bool WireReader::take(const Json& json, int& number) {
  return take_integer(json, number);
}

bool WireReader::take(const Json& json, std::chrono::microseconds& duration) {
  constexpr double most = 4e15;  // microseconds, 126 years: more of them a double of milliseconds does not tell apart
  if (!json.is_number()) return false;
  const double microseconds = std::round(json.get<double>() * 1000);
  if (!(std::abs(microseconds) <= most)) return false;
  duration = std::chrono::microseconds(static_cast<std::int64_t>(microseconds));
  return true;
}
bool WireReader::take(const Json& json, std::chrono::milliseconds& duration) {
  std::chrono::microseconds exact{0};
  const bool good = take(json, exact);
  duration = std::chrono::round<std::chrono::milliseconds>(exact);
  return good;
}
bool WireReader::take(const Json& json, Timestamp& time) {
  const auto word = word_in(json);
  const auto known = word ? from_rfc3339(*word) : std::nullopt;
  if (known) time = *known;
  return known.has_value();
}
bool WireReader::take(const Json& json, Value& value) {
  value = Value(json);
  return true;
}

bool WireReader::take(const Json& json, std::map<std::string, std::string>& texts) {
  if (!json.is_object()) return false;
  for (const auto& [name, text] : json.items()) {
    if (!take(text, texts[name])) return false;
  }
  return true;
}

template <class T>
bool WireReader::take_list(const Json& json, std::vector<T>& items) {
  if (!json.is_array()) return false;
  items.clear();
  for (const Json& item : json) {
    if (!take(item, items.emplace_back())) return false;
  }
  return true;
}

bool WireReader::take(const Json& json, std::vector<RunId>& runs) {
  return take_list(json, runs);
}
bool WireReader::take(const Json& json, std::vector<std::string>& texts) {
  return take_list(json, texts);
}
bool WireReader::take(const Json& json, std::vector<std::uint64_t>& numbers) {
  return take_list(json, numbers);
}

Result<Value> parse_line(std::string_view line) {
  OE_TRY(const Value object, Value::parse(line, kLineLimits));
  if (!object.is_object()) return fail(ErrorKind::input, "not a JSON object");
  int format = 0;
  WireReader reader(object);
  reader.required("v", format);
  if (!reader.problem().empty()) return fail(ErrorKind::input, reader.problem());
  if (format == kFormat) return object;
  return fail(ErrorKind::input, fmt::format("written in format {}; this oe reads format {}", format, kFormat),
              format > kFormat ? "use a newer oe" : "");
}

}  // namespace oe::ledger
