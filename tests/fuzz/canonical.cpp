#include "fuzz/canonical.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace oe::fuzz {

namespace {

using Lines = std::vector<std::string_view>;
constexpr std::size_t kContext = 3;
constexpr std::string_view kNoNewline = "\\ No newline at end of file\n";

// With their "\n", where they have one.
Lines lines_with_ends(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

void add_line(std::string& out, char sign, std::string_view line) {
  out += sign;
  out += line;
  if (line.ends_with('\n')) return;
  out += '\n';
  out += kNoNewline;
}

void add_lines(std::string& out, char sign, const Lines& lines, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) add_line(out, sign, lines[i]);
}

}  // namespace

std::string canonical_diff(const std::string& path, const std::optional<std::string>& before, std::string_view after) {
  const Lines old = lines_with_ends(before ? *before : std::string_view());
  const Lines now = lines_with_ends(after);
  const std::size_t most = std::min(old.size(), now.size());
  std::size_t head = 0;
  while (head < most && old[head] == now[head]) ++head;
  std::size_t tail = 0;
  while (tail < most - head && old[old.size() - 1 - tail] == now[now.size() - 1 - tail]) ++tail;
  const std::size_t begin = head - std::min(head, kContext);
  const std::size_t below = std::min(tail, kContext);
  const std::size_t old_count = old.size() - tail + below - begin;
  const std::size_t new_count = now.size() - tail + below - begin;
  const std::string end = path.find(' ') == std::string::npos ? "\n" : "\t\n";
  std::string out = before ? "--- a/" + path + end : "--- /dev/null\n";
  out += "+++ b/" + path + end + "@@ -" + std::to_string(begin + (old_count > 0)) + "," + std::to_string(old_count) + " +" +
         std::to_string(begin + (new_count > 0)) + "," + std::to_string(new_count) + " @@\n";
  add_lines(out, ' ', old, begin, head);
  add_lines(out, '-', old, head, old.size() - tail);
  add_lines(out, '+', now, head, now.size() - tail);
  add_lines(out, ' ', old, old.size() - tail, old.size() - tail + below);
  return out;
}

std::optional<std::string> strictly_applied(std::string_view diff, std::string_view before) {
  const Lines lines = lines_with_ends(diff);
  std::size_t start = 0, count = 0;
  if (lines.size() < 3 || std::sscanf(std::string(lines[2]).c_str(), "@@ -%zu,%zu", &start, &count) != 2) return {};
  const Lines old = lines_with_ends(before);
  std::size_t at = count > 0 ? start - 1 : start;
  if (at > old.size()) return {};
  std::string out;
  for (std::size_t i = 0; i < at; ++i) out += old[i];
  for (std::size_t i = 3; i < lines.size(); ++i) {
    if (lines[i] == kNoNewline) continue;
    std::string_view line = lines[i].substr(1);
    if (i + 1 < lines.size() && lines[i + 1] == kNoNewline) line.remove_suffix(1);
    if (lines[i].front() != '+' && (at >= old.size() || old[at++] != line)) return {};
    if (lines[i].front() != '-') out += line;
  }
  for (; at < old.size(); ++at) out += old[at];
  return out;
}

}  // namespace oe::fuzz
