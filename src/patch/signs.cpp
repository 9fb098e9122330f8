#include <algorithm>

#include "patch/locate.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostWindows = 64;

using Indices = std::vector<std::size_t>;

bool is_in_file(const FileText& file, std::string_view text) {
  return file.holds(text, Level::weak);
}

Indices with_mark(const Hunk& hunk, Mark mark) {
  Indices lines;
  for (std::size_t i = 0; i < hunk.lines.size(); ++i) {
    if (hunk.lines[i].mark == mark) lines.push_back(i);
  }
  return lines;
}

Hunk flipped(const Hunk& hunk, const Indices& lines, Mark mark) {
  Hunk other = hunk;
  for (const std::size_t i : lines) other.lines[i].mark = mark;
  return other;
}

// With one reading the counts of the header are true; without counts it has to be believed.
void try_reading(const Hunk& other, const FileText& file, Rung rung, bool is_low, std::vector<Option>& all) {
  auto options = options_as_written(other, file);
  if (!options) return;
  for (Option& option : *options) {
    option.rungs |= bit(rung);
    option.is_low |= is_low;
    all.push_back(std::move(option));
  }
}

bool has_telling(const Hunk& hunk, const Indices& lines) {
  return std::any_of(lines.begin(), lines.end(), [&](std::size_t i) { return !is_trivial(hunk.lines[i].text); });
}

// What the file does not have cannot be taken from it.
void minus_as_plus(const Hunk& hunk, const FileText& file, std::vector<Option>& all) {
  const Indices minus = with_mark(hunk, Mark::minus);
  Indices absent = minus;
  std::erase_if(absent, [&](std::size_t i) { return is_in_file(file, hunk.lines[i].text); });
  if (!has_telling(hunk, absent)) return;
  const Hunk whole = flipped(hunk, minus, Mark::plus);
  const Hunk part = flipped(hunk, absent, Mark::plus);
  if (whole.agrees()) {
    try_reading(whole, file, Rung::sign, false, all);
  } else if (part.agrees()) {
    try_reading(part, file, Rung::sign, false, all);
  } else if (!hunk.has(Mark::plus) && hunk.has(Mark::context)) {
    try_reading(whole, file, Rung::sign, true, all);
  }
}

// Every stretch of `count` lines of one mark that could have another one.
void by_windows(const Hunk& hunk, const FileText& file, const Indices& lines, std::size_t count, Mark mark, Rung rung,
                std::vector<Option>& all) {
  if (lines.size() < count || lines.size() > kMostWindows) return;
  for (std::size_t first = 0; first + count <= lines.size(); ++first) {
    if (lines[first + count - 1] - lines[first] + 1 != count) continue;
    const auto from = lines.begin() + static_cast<std::ptrdiff_t>(first);
    const Hunk other = flipped(hunk, Indices(from, from + static_cast<std::ptrdiff_t>(count)), mark);
    if (!other.agrees()) continue;
    const Search search = find_contiguous(other, file);
    if (search.found.size() == 1 && !search.is_many) try_reading(other, file, rung, false, all);
  }
}

void plus_as_minus(const Hunk& hunk, const FileText& file, std::size_t count, std::vector<Option>& all) {
  Indices there = with_mark(hunk, Mark::plus);
  std::erase_if(there, [&](std::size_t i) { return !is_in_file(file, hunk.lines[i].text); });
  by_windows(hunk, file, there, count, Mark::minus, Rung::sign, all);
}

// Without a line between them that is known.
bool joins_plus(const Hunk& hunk, const Indices& lines, std::size_t line) {
  const auto is_among = [&](std::size_t i) { return std::ranges::find(lines, i) != lines.end(); };
  std::size_t above = line;
  while (above > 0 && is_among(above)) --above;
  std::size_t below = line;
  while (below + 1 < hunk.lines.size() && is_among(below)) ++below;
  return hunk.lines[above].mark == Mark::plus || hunk.lines[below].mark == Mark::plus;
}

void context_as_plus(const Hunk& hunk, const FileText& file, std::size_t count, std::vector<Option>& all) {
  Indices context = with_mark(hunk, Mark::context);
  Indices absent = context;
  std::erase_if(absent, [&](std::size_t i) { return is_in_file(file, hunk.lines[i].text); });
  const auto joins = [&](std::size_t i) { return joins_plus(hunk, absent, i); };
  if (absent.size() == count && std::all_of(absent.begin(), absent.end(), joins)) {
    try_reading(flipped(hunk, absent, Mark::plus), file, Rung::plus, false, all);
  } else if (absent.empty() && count == 1) {
    std::erase_if(context, [&](std::size_t i) { return !joins_plus(hunk, {i}, i); });
    by_windows(hunk, file, context, count, Mark::plus, Rung::plus, all);
  }
}

}  // namespace

std::vector<Option> options_with_other_signs(const Hunk& hunk, const FileText& file) {
  std::vector<Option> all;
  if (hunk.has(Mark::minus)) minus_as_plus(hunk, file, all);
  if (!hunk.counts || hunk.agrees()) return all;
  const Counts own = hunk.own_counts();
  const Counts& said = *hunk.counts;
  if (said.before > own.before && own.after > said.after && said.before - own.before == own.after - said.after) {
    plus_as_minus(hunk, file, said.before - own.before, all);
  }
  if (own.before > said.before && own.after == said.after && hunk.has(Mark::plus)) {
    context_as_plus(hunk, file, own.before - said.before, all);
  }
  return all;
}

}  // namespace oe::patch
