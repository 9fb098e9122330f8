#include "forge/machine_block.hpp"

#include <fmt/format.h>

namespace oe::forge {

namespace {

constexpr std::string_view kStart = "<!-- oe:v1 ";
constexpr std::string_view kEnd = " -->";
constexpr std::string_view kEscaped = "<>&@#!~$%`";

}  // namespace

// All of these stand inside of strings only; so does a '-' behind another one.
std::string machine_block(const Value& object) {
  std::string json;
  for (const char c : object.dump()) {
    const bool ends_comment = c == '-' && json.ends_with('-');
    if (ends_comment || kEscaped.find(c) != std::string_view::npos)
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      json += c;
  }
  return fmt::format("{}{}{}", kStart, json, kEnd);
}

std::optional<FoundBlock> find_machine_block(std::string_view body) {
  const std::size_t begin = body.rfind(kStart);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = body.find(kEnd, begin);
  if (end == std::string_view::npos) return std::nullopt;
  const auto object = Value::parse(body.substr(begin + kStart.size(), end - begin - kStart.size()));
  if (!object || !object->is_object()) return std::nullopt;
  return FoundBlock{.begin = begin, .end = end + kEnd.size(), .object = *object};
}

}  // namespace oe::forge
