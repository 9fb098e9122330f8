#include "llm/schema_value.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/expression.hpp"

#include "llm/plain_line.hpp"

namespace oe::llm {

namespace {

constexpr std::size_t kShownBytes = 60;
constexpr std::size_t kMostFaults = 10;
constexpr std::size_t kMostListed = 20;

struct FormatPattern {
  std::string_view name;
  const char* pattern;
};
// RFC 3339, RFC 5321 without its exotic quotes, RFC 4122, RFC 2673 section 3.2, RFC 3986.
constexpr std::array<FormatPattern, 6> kFormats = {{
    {"date", R"(^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$)"},
    {"time", R"(^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([zZ]|[+-]([01]\d|2[0-3]):[0-5]\d)$)"},
    {"date-time",
     R"(^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[tT]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([zZ]|[+-]([01]\d|2[0-3]):[0-5]\d)$)"},
    {"email", R"(^[^@\s]+@[^@\s]+$)"},
    {"ipv4", R"(^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|$)){4}$)"},
    {"uri", R"(^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]*$)"},
}};

}  // namespace

std::string shown(const nlohmann::json& value) {
  return ellipsis(plain_line(Value(value).dump()), kShownBytes);
}

std::string listed(const std::vector<std::string>& words) {
  const std::size_t count = std::min(words.size(), kMostListed);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return words.size() > count ? text + ", ..." : text;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool has_format(const std::string& text, std::string_view format) {
  const auto known = std::ranges::find(kFormats, format, &FormatPattern::name);
  if (known == kFormats.end()) return true;
  const auto pattern = graph::Pattern::compile(known->pattern);
  return !pattern || pattern->found_in(text);
}

std::vector<std::string> fault_lines(std::vector<SchemaFault> faults) {
  std::ranges::stable_sort(faults, {}, &SchemaFault::rank);
  std::vector<std::string> lines;
  for (const SchemaFault& fault : faults) {
    std::string line = plain_line(fmt::format("{}: {}", fault.at.empty() ? "/" : fault.at, fault.text));
    if (std::ranges::find(lines, line) != lines.end()) continue;
    lines.push_back(std::move(line));
    if (lines.size() == kMostFaults) break;
  }
  return lines;
}

}  // namespace oe::llm
