#include <algorithm>

#include "oe/base/text.hpp"

#include "patch/read.hpp"

namespace oe::patch {

namespace {

struct Fence {
  char mark = 0;
  std::size_t length = 0;
  std::string_view info;
};

Fence fence_at(std::string_view line) {
  const std::string_view text = rstrip(line);
  if (text.size() < 3 || (text[0] != '`' && text[0] != '~')) return {};
  const std::size_t end = std::min(text.find_first_not_of(text[0]), text.size());
  if (end < 3) return {};
  return {text[0], end, trim(text.substr(end))};
}

bool is_diff_line(std::string_view text) {
  return !text.empty() && (text[0] == '+' || text[0] == '-' || text[0] == ' ' || text.starts_with("@@"));
}

// A fence with a language inside is content, and so is the one that closes it.
std::size_t closing(const std::vector<Line>& lines, std::size_t open, const Fence& fence) {
  std::size_t depth = 0;
  for (std::size_t i = open + 1; i < lines.size(); ++i) {
    const Fence other = fence_at(lines[i].text);
    if (other.mark != fence.mark || other.length < fence.length) continue;
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
    regions.push_back(std::move(region));
    i = end;
  }
  return regions;
}

}  // namespace oe::patch
