#include "doc/scalar_text.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

namespace oe::doc {

namespace {

constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`=";

struct Escape {
  std::string_view bytes;
  std::string_view written;
};
// Line ends of YAML 1.1 and a mark that readers drop: legal inside JSON quotes, but not safe in YAML.
constexpr Escape kEscapes[] = {
    {"\x7F", "\\u007F"},         {"\xC2\x85", "\\u0085"},     {"\xE2\x80\xA8", "\\u2028"},
    {"\xE2\x80\xA9", "\\u2029"}, {"\xEF\xBB\xBF", "\\uFEFF"},
};

bool is_c1_control(std::string_view text, std::size_t at) {
  return text[at] == '\xC2' && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
}

bool needs_escape(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (static_cast<unsigned char>(text[at]) < 0x20 && text[at] != '\t') return true;
    if (is_c1_control(text, at)) return true;
  }
  return std::any_of(std::begin(kEscapes), std::end(kEscapes),
                     [&](const Escape& escape) { return text.find(escape.bytes) != text.npos; });
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

bool is_yaml_word(std::string_view text) {
  constexpr std::string_view kWords[] = {"null", "~", "true", "false", "yes", "no", "on", "off", "<<"};
  return std::find(std::begin(kWords), std::end(kWords), lower_case(text)) != std::end(kWords);
}

// Numbers, dates, times, versions: some reader somewhere takes them for no text.
bool may_be_a_number(std::string_view text) {
  const bool numeric_start =
      std::isdigit(static_cast<unsigned char>(text.front())) || text.front() == '.' || text.front() == '+';
  return numeric_start && lower_case(text).find_first_not_of("0123456789abcdefinotxz_:.+- ") == text.npos;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

LiteralBlock block_with(char indicator, std::string_view text) {
  const bool ends_line = text.ends_with('\n');
  if (ends_line) text.remove_suffix(1);
  return {.header = std::string(1, indicator) + (ends_line ? "" : "-"), .lines = split(text, '\n')};
}

}  // namespace

bool is_plain_safe(std::string_view text, bool in_flow) {
  if (text.empty() || trim(text) != text || needs_escape(text) || text.find('\t') != text.npos) return false;
  if (kIndicators.find(text.front()) != text.npos || is_yaml_word(text) || may_be_a_number(text)) return false;
  if (text.ends_with(':') || text.find(": ") != text.npos || text.find(" #") != text.npos) return false;
  return !in_flow || text.find_first_of(",[]{}") == text.npos;
}

bool fits_single_quotes(std::string_view text) {
  return !needs_escape(text);
}

std::string in_single_quotes(std::string_view text) {
  std::string quoted(text);
  replace_all(quoted, "'", "''");
  return "'" + quoted + "'";
}

std::string in_double_quotes(std::string_view text) {
  std::string quoted = nlohmann::json(text).dump();
  for (const Escape& escape : kEscapes) replace_all(quoted, escape.bytes, escape.written);
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    if (!is_c1_control(quoted, at)) continue;
    constexpr std::string_view kHex = "0123456789ABCDEF";
    const auto code = static_cast<unsigned char>(quoted[at + 1]);
    quoted.replace(at, 2, std::string("\\u00") + kHex[code >> 4U] + kHex[code & 15U]);
  }
  return quoted;
}

bool fits_literal(std::string_view text) {
  if (text.empty() || text.front() == '\n' || text.front() == ' ' || text.front() == '\t') return false;
  if (text.ends_with("\n\n") || text.ends_with(' ') || text.find(" \n") != text.npos) return false;
  std::string without_lines(text);
  std::replace(without_lines.begin(), without_lines.end(), '\n', ' ');
  return !needs_escape(without_lines);
}

LiteralBlock as_literal(std::string_view text) {
  return block_with('|', text);
}

bool fits_folded(std::string_view text) {
  return fits_literal(text) && text.find("\n ") == text.npos && text.find("\n\t") == text.npos;
}

LiteralBlock as_folded(std::string_view text) {
  std::string folded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    folded += text[at];
    const bool run_ends = text[at] == '\n' && at + 1 < text.size() && text[at + 1] != '\n';
    if (run_ends) folded += '\n';  // a single line end would be read as a space
  }
  return block_with('>', folded);
}

}  // namespace oe::doc
