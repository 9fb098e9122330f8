#include "patch/change.hpp"

#include <algorithm>

namespace oe::patch {

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
  out.message = std::move(message);
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
