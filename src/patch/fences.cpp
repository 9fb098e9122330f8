#include <algorithm>

#include "oe/base/text.hpp"

#include "patch/read.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostIndent = 8;

struct Fence {
  std::size_t indent = 0;  ///< in a list
  char mark = 0;
  std::size_t length = 0;
  std::string_view info;
};

Fence fence_at(std::string_view line) {
  std::string_view text = rstrip(line);
  const std::size_t indent = text.find_first_not_of(' ');
  if (indent == std::string_view::npos || indent > kMostIndent || indent == 1) return {};
  text.remove_prefix(indent);
  if (text.size() < 3 || (text[0] != '`' && text[0] != '~')) return {};
  const std::size_t end = std::min(text.find_first_not_of(text[0]), text.size());
  if (end < 3) return {};
  return {indent, text[0], end, trim(text.substr(end))};
}

bool is_diff_line(std::string_view text) {
  return !text.empty() && (text[0] == '+' || text[0] == '-' || text[0] == ' ' || text.starts_with("@@"));
}

// A fence with a language inside is content, and so is the one that closes it.
std::size_t closing(const std::vector<Line>& lines, std::size_t open, const Fence& fence) {
  std::size_t depth = 0;
  for (std::size_t i = open + 1; i < lines.size(); ++i) {
    const Fence other = fence_at(lines[i].text);
    if (other.indent != fence.indent || other.mark != fence.mark || other.length < fence.length) continue;
    if (!other.info.empty()) {
      ++depth;
    } else if (depth == 0) {
      return i;
    } else {
      --depth;
    }
  }
  return lines.size();
}

void outdent(Region& region, std::size_t indent) {
  region.is_indented = indent > 0;
  for (Line& line : region.lines) line.text.remove_prefix(std::min(indent, indent_of(line.text).size()));
}

std::string_view said_above(const std::vector<Line>& lines, std::size_t open) {
  for (std::size_t i = open; i-- > 0;) {
    if (!trim(lines[i].text).empty()) return lines[i].text;
  }
  return {};
}

}  // namespace

std::vector<Region> fences_in(std::string_view text) {
  const std::vector<Line> lines = lines_of(text);
  std::vector<Region> regions;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Fence fence = fence_at(lines[i].text);
    if (fence.mark == 0) continue;
    const std::size_t end = closing(lines, i, fence);
    Region region;
    region.is_fenced = true;
    region.info = fence.info;
    region.before = said_above(lines, i);
    region.is_closed = end < lines.size();
    region.goes_on = end + 1 < lines.size() && is_diff_line(lines[end + 1].text);
    const auto from = lines.begin() + static_cast<std::ptrdiff_t>(i + 1);
    region.lines.assign(from, lines.begin() + static_cast<std::ptrdiff_t>(std::max(end, i + 1)));
    if (!region.lines.empty()) {
      const char* begin = region.lines.front().text.data();
      const Line& last = region.lines.back();
      const char* stop = last.eol.empty() ? last.text.data() + last.text.size() : last.eol.data() + last.eol.size();
      region.inside = std::string_view(begin, static_cast<std::size_t>(stop - begin));
    }
    outdent(region, fence.indent);
    regions.push_back(std::move(region));
    i = end;
  }
  return regions;
}

}  // namespace oe::patch
