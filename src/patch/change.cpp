#include "patch/change.hpp"

#include <algorithm>

#include "oe/base/text.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostMessage = 1000;

// Paths and names in a message are a model's: nothing in them may end a line or speak to a terminal.
std::string plain_line(const std::string& message) {
  std::string text = ellipsis(message, kMostMessage);
  while (const auto bad = invalid_utf8(text)) text[*bad] = '?';
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return text;
}

}  // namespace

Counts Hunk::own_counts() const {
  Counts own;
  for (const HunkLine& line : lines) {
    if (line.mark != Mark::plus && line.mark != Mark::gap) ++own.before;
    if (line.mark != Mark::minus && line.mark != Mark::gap) ++own.after;
  }
  return own;
}

bool Hunk::has(Mark mark) const {
  return std::any_of(lines.begin(), lines.end(), [mark](const HunkLine& line) { return line.mark == mark; });
}

Refusal refusal(Reason reason, std::string message) {
  Refusal out;
  out.reason = reason;
  out.message = plain_line(message);
  return out;
}

std::string text_of(const Hunk& hunk) {
  std::string out;
  for (const HunkLine& line : hunk.lines) {
    constexpr std::string_view kMarks = " -+";
    if (line.mark != Mark::gap) out += kMarks[static_cast<std::size_t>(line.mark)];
    out += line.text;
    out += '\n';
  }
  return out;
}

}  // namespace oe::patch
