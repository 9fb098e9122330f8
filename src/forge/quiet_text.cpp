#include "oe/forge/quiet_text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "oe/base/text.hpp"

namespace oe::forge {

namespace {

constexpr std::string_view kZeroWidthSpace = "\u200b";
constexpr std::string_view kSigils = "@#!$%&~";
constexpr std::string_view kMarkdown = "\\`*_[]<>#|~!@&$";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '"' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The characters U+061C, U+200B to U+200F, U+202A to U+202E, U+2060 to U+2069 and U+FEFF.
bool hides_text(std::string_view character) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kRanges{
      {{"\u061c", "\u061c"}, {"\u200b", "\u200f"}, {"\u202a", "\u202e"}, {"\u2060", "\u2069"}, {"\ufeff", "\ufeff"}}};
  return std::ranges::any_of(kRanges, [&](const auto& range) {
    return character.size() == range.first.size() && character >= range.first && character <= range.second;
  });
}

std::size_t length_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::string valid(std::string_view text) {
  std::string out(text);
  for (auto at = invalid_utf8(out); at; at = invalid_utf8(out)) out[*at] = '?';
  return out;
}

bool starts_word(std::string_view line, std::size_t at) {
  return at == 0 || !is_word(line[at - 1]);
}

// Whether a page would start to read something into the text behind this place.
bool must_break_after(std::string_view line, std::size_t at) {
  const std::string_view next = line.substr(at + 1);
  if (kSigils.find(line[at]) != std::string_view::npos) return !next.empty() && is_word(next.front());
  if (line[at] == ':') return next.starts_with("//");
  const auto ends = [&](std::string_view word) {
    const std::size_t begin = at + 1 - std::min(at + 1, word.size());
    const std::string_view here = line.substr(begin, word.size());
    return starts_word(line, begin) &&
           std::ranges::equal(here, word, [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  };
  return (line[at] == '-' && at >= 2 && ends("gh-")) || (at >= 2 && next.starts_with('.') && ends("www"));
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) longest = std::max(longest, run = c == wanted ? run + 1 : 0);
  return longest;
}

// Markers of ours are looked for in the source of a page.
std::string without_comments(std::string line) {
  for (std::size_t at = line.find("<!--"); at != std::string::npos; at = line.find("<!--", at))
    line.insert(at + 2, kZeroWidthSpace);
  return line;
}

// CommonMark 6.1: a fence longer than any run of backticks inside, and a space where the text begins or ends with one.
std::string spanned(const std::string& line) {
  const std::string fence(longest_run(line, '`') + 1, '`');
  const bool needs_space = line.front() == '`' || line.back() == '`';
  return fmt::format("{0}{1}{2}{1}{0}", fence, needs_space ? " " : "", line);
}

}  // namespace

std::string plain_line(std::string_view text, std::size_t bytes) {
  const std::string whole = valid(text);
  std::string line;
  for (std::size_t at = 0, length = 0; at < whole.size(); at += length) {
    length = length_of(whole[at]);
    const std::string_view character = std::string_view(whole).substr(at, length);
    const auto byte = static_cast<unsigned char>(character.front());
    const bool is_blank =
        byte <= ' ' || byte == 0x7f || (byte == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
    if (is_blank && !line.empty() && line.back() != ' ') line += ' ';
    if (!is_blank && !hides_text(character)) line += character;
  }
  if (line.ends_with(' ')) line.pop_back();
  return ellipsis(line, bytes);
}

std::string code_span(std::string_view text, std::size_t bytes) {
  const std::string line = without_comments(plain_line(text, bytes));
  return line.empty() ? line : spanned(line);
}

std::string code_cell(std::string_view text, std::size_t bytes) {
  std::string line = without_comments(plain_line(text, bytes));
  // GFM splits a row at '|' before it looks for code, and takes only some of the backslashes before it away.
  std::ranges::replace(line, '|', '/');
  return line.empty() ? line : spanned(line);
}

std::string fenced(std::string_view text, std::size_t bytes) {
  const std::string_view end = text.size() <= bytes ? text : text.substr(text.size() - bytes);
  std::string kept;
  for (const char c : valid(end))
    if (static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t') kept += c;
  const std::string fence(std::max<std::size_t>(3, longest_run(kept, '`') + 1), '`');
  return fmt::format("{}\n{}{}{}", fence, kept, kept.ends_with('\n') ? "" : "\n", fence);
}

std::string quiet_prose(std::string_view text, std::size_t bytes) {
  const std::string line = plain_line(text, bytes);
  std::string out;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (kMarkdown.find(line[at]) != std::string_view::npos) out += '\\';
    out += line[at];
    if (must_break_after(line, at)) out += kZeroWidthSpace;
  }
  return out;
}

std::string quiet_title(std::string_view text, std::size_t bytes) {
  const std::string line = plain_line(text, bytes);
  std::string out;
  for (std::size_t at = 0; at < line.size(); ++at) {
    out += line[at];
    if (must_break_after(line, at)) out += kZeroWidthSpace;
  }
  return out;
}

}  // namespace oe::forge
