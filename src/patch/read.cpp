#include "patch/read.hpp"

#include <algorithm>

#include "oe/base/text.hpp"

namespace oe::patch {

namespace {

bool has_search_marker(const Line& line) {
  const std::string_view text = trim(line.text);
  if (!text.starts_with('<') && !text.starts_with('-')) return false;
  return (text.starts_with("<<<<<") || text.starts_with("-----")) &&
         (text.find("SEARCH") != std::string_view::npos || text.find("ORIGINAL") != std::string_view::npos ||
          text.find("HEAD") != std::string_view::npos);
}

bool is_v4a_line(const Line& line) {
  if (!line.text.starts_with('*')) return false;
  return line.text.starts_with("*** Begin Patch") || line.text.starts_with("*** Update File:") ||
         line.text.starts_with("*** Add File:") || line.text.starts_with("*** Delete File:");
}

bool has_pair(const std::vector<Line>& lines) {
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (lines[i].text.starts_with("--- ") && lines[i + 1].text.starts_with("+++ ")) return true;
  }
  return false;
}

bool is_unified(const Region& region) {
  const auto starts = [&](std::string_view word) {
    return std::any_of(region.lines.begin(), region.lines.end(),
                       [&](const Line& line) { return line.text.starts_with(word); });
  };
  if (starts("@@") || starts("diff --git ") || has_pair(region.lines)) return true;
  if (!region.is_fenced || (region.info != "diff" && region.info != "patch" && region.info != "udiff")) return false;
  return starts("+") || starts("-");
}

Read read_region(const Region& region, std::string_view text) {
  switch (format_of(region)) {
    case Format::unified:
      return read_unified(region);
    case Format::v4a:
      return read_v4a(region);
    case Format::blocks:
      return read_blocks(region, text);
    case Format::none:
      break;
  }
  return Reading{};
}

bool is_cut(const Reading& reading, std::string_view text) {
  if (reading.empty() || reading.back().hunks.empty() || text.ends_with('\n')) return false;
  const Hunk& last = reading.back().hunks.back();
  if (!last.counts) return false;
  const Counts own = last.own_counts();
  return own.before < last.counts->before || own.after < last.counts->after;
}

void number(Reading& reading) {
  std::size_t next = 0;
  for (FileChange& file : reading) {
    for (Hunk& hunk : file.hunks) hunk.number = ++next;
  }
}

Read read_regions(const std::vector<Region>& regions, std::string_view text) {
  Reading all;
  for (const Region& region : regions) {
    if (region.is_fenced && (!region.is_closed || region.goes_on)) {
      return tl::unexpected(refusal(Reason::truncated, "the text ends before its fence is closed"));
    }
    Read read = read_region(region, text);
    if (!read) return read;
    for (FileChange& file : *read) {
      const std::string named = file.has_path() || !region.is_fenced ? "" : path_named_in(region.before);
      if (!named.empty()) file.before = file.after = named;
      all.push_back(std::move(file));
    }
  }
  return all;
}

// What a model thinks before it answers is no answer.
std::string_view without_thoughts(std::string_view text) {
  if (!trim(text).starts_with("<think")) return text;
  const std::size_t end = text.find("</think");
  const std::size_t close = end == std::string_view::npos ? end : text.find('>', end);
  return close == std::string_view::npos ? text : text.substr(close + 1);
}

bool is_inside(const Region& fence, const char* at) {
  return !fence.inside.empty() && at >= fence.inside.data() && at < fence.inside.data() + fence.inside.size();
}

// What no fence holds.
Region outside(const Region& bare, const std::vector<Region>& fences) {
  Region rest;
  auto fence = fences.begin();
  for (const Line& line : bare.lines) {
    const char* at = line.text.data();
    while (fence != fences.end() && (fence->inside.empty() || at >= fence->inside.data() + fence->inside.size()))
      ++fence;
    if (fence == fences.end() || !is_inside(*fence, at)) rest.lines.push_back(line);
  }
  return rest;
}

}  // namespace

Format format_of(const Region& region) {
  if (std::any_of(region.lines.begin(), region.lines.end(), is_v4a_line)) return Format::v4a;
  if (std::any_of(region.lines.begin(), region.lines.end(), has_search_marker)) return Format::blocks;
  return is_unified(region) ? Format::unified : Format::none;
}

Read read_change(std::string_view text, const std::string& target) {
  text = without_thoughts(text);
  Region bare;
  bare.lines = lines_of(text);
  std::vector<Region> fences = fences_in(text);
  std::vector<Region> chosen;
  for (const Region& fence : fences) {
    if (format_of(fence) != Format::none) chosen.push_back(fence);
  }
  // A header in front of the first fence means that fences are inside the change.
  if (chosen.empty() && format_of(bare) != Format::none) chosen.push_back(bare);
  if (!fences.empty() && !chosen.empty() && chosen.front().is_fenced) {
    const Region rest = outside(bare, fences);
    if (format_of(rest) != Format::none) chosen = {bare};
  }
  if (chosen.empty()) return read_whole(fences, text, target);
  Read reading = read_regions(chosen, text);
  if (!reading) return reading;
  if (!chosen.back().is_fenced && is_cut(*reading, text)) {
    return tl::unexpected(refusal(Reason::truncated, "the last hunk is shorter than its header says"));
  }
  number(*reading);
  return reading;
}

}  // namespace oe::patch
