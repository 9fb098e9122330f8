#include "llm/plain_line.hpp"

#include <algorithm>

#include "oe/base/text.hpp"

namespace oe::llm {

namespace {

constexpr std::size_t kLookedAt = 16 * kMaxLine;  // the rest of a huge text cannot show any more

std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (const auto wrong = invalid_utf8(text)) {
    valid += text.substr(0, *wrong);
    valid += '?';
    text.remove_prefix(*wrong + 1);
  }
  return valid += text;
}

}  // namespace

std::string plain_line(std::string_view text) {
  text = trim(text).substr(0, kLookedAt);
  std::string line;
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_blank = byte <= 0x20 || byte == 0x7F;
    if (!is_blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  return ellipsis(trim(line), kMaxLine);
}

}  // namespace oe::llm
