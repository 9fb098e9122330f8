#include "evolve/plain.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <utility>

#include "oe/base/digest.hpp"
#include "oe/base/text.hpp"

#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

constexpr char kEscape = '\x1b';

// Bytes of the sequence that starts with an ESC: a control sequence, a string up to BEL or ESC \, or two bytes.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return 1;
  constexpr std::string_view strings = "]PX^_";
  if (text[1] == '[') {
    std::size_t end = 2;
    while (end < text.size() && text[end] >= ' ' && text[end] < '@') ++end;
    const bool is_whole = end < text.size() && text[end] >= '@' && text[end] <= '~';
    return is_whole ? end + 1 : end;
  }
  if (strings.find(text[1]) == std::string_view::npos) return text[1] >= ' ' ? 2 : 1;
  const std::size_t bell = text.find('\a', 2), end = text.find("\x1b\\", 2);
  if (bell < end) return bell + 1;
  return end == std::string_view::npos ? 2 : end + 2;
}

// First and last code point of each range.
constexpr std::array<std::pair<char32_t, char32_t>, 10> kUnseen = {{{0x7f, 0x9f},
                                                                    {0xad, 0xad},
                                                                    {0x061c, 0x061c},
                                                                    {0x180e, 0x180e},
                                                                    {0x200b, 0x200f},
                                                                    {0x202a, 0x202e},
                                                                    {0x2060, 0x206f},
                                                                    {0xfeff, 0xfeff},
                                                                    {0xfff9, 0xfffb},
                                                                    {0xe0000, 0xe007f}}};

bool is_unseen(char32_t point) {
  if (point < 0x20) return point != '\n' && point != '\t';
  return std::any_of(kUnseen.begin(), kUnseen.end(),
                     [&](const auto& range) { return range.first <= point && point <= range.second; });
}

std::size_t point_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// Of valid UTF-8.
char32_t point_of(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes.front());
  char32_t point = bytes.size() == 1 ? lead : lead & (0x7fU >> bytes.size());
  for (const char c : bytes.substr(1)) point = point << 6U | (static_cast<unsigned char>(c) & 0x3fU);
  return point;
}

void append_plain(std::string& out, std::string_view valid) {
  while (!valid.empty()) {
    if (valid.front() == kEscape) {
      valid.remove_prefix(escape_length(valid));
      continue;
    }
    if (valid.front() == '\r' && (valid.size() == 1 || valid[1] != '\n')) out += '\n';
    const std::string_view bytes = valid.substr(0, point_length(valid.front()));
    if (!is_unseen(point_of(bytes))) out += bytes;
    valid.remove_prefix(bytes.size());
  }
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  while (const auto wrong = invalid_utf8(text)) {
    append_plain(out, text.substr(0, *wrong));
    out += "\uFFFD";
    text.remove_prefix(*wrong + 1);
  }
  append_plain(out, text);
  return out;
}

std::string fenced(std::string_view text, std::string_view title) {
  const std::string body = plain(text);
  const std::string name = "DATA " + short_digest(body);
  return fmt::format("<<<{} {}\n{}{}{}>>>\n", name, one_line(plain(title), 200), body,
                     body.empty() || body.ends_with('\n') ? "" : "\n", name);
}

}  // namespace oe::evolve
