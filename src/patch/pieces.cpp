#include <algorithm>

#include "patch/locate.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostPieces = 32;
constexpr std::size_t kMostLines = 1000;

bool has_change(const Hunk& hunk) {
  return hunk.has(Mark::plus) || hunk.has(Mark::minus);
}

Hunk piece_of(const Hunk& hunk, std::size_t begin, std::size_t end) {
  Hunk piece;
  piece.lines.assign(hunk.lines.begin() + static_cast<std::ptrdiff_t>(begin),
                     hunk.lines.begin() + static_cast<std::ptrdiff_t>(end));
  piece.names = hunk.names;
  piece.needs_counts = true;
  piece.has_cr = hunk.has_cr;
  piece.number = hunk.number;
  return piece;
}

std::optional<Option> joined(std::vector<std::vector<Option>> parts, Rung rung) {
  Option all;
  for (std::vector<Option>& part : parts) {
    if (part.size() != 1) return std::nullopt;
    Option& one = part.front();
    if (!all.edits.empty() && !one.edits.empty() && one.edits.front().begin < all.edits.back().end) return std::nullopt;
    all.rungs |= one.rungs;
    for (Edit& edit : one.edits) all.edits.push_back(std::move(edit));
  }
  all.rungs |= bit(rung) | bit(Rung::recount);
  return all;
}

// A piece without a change says in which block the next one is.
std::vector<Option> at_gaps(const Hunk& hunk, const FileText& file) {
  if (std::ranges::count(hunk.lines, Mark::gap, &HunkLine::mark) > static_cast<std::ptrdiff_t>(kMostPieces)) return {};
  std::vector<std::vector<Option>> parts;
  std::string_view opener;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= hunk.lines.size(); ++i) {
    if (i < hunk.lines.size() && hunk.lines[i].mark != Mark::gap) continue;
    Hunk piece = piece_of(hunk, begin, i);
    begin = i + 1;
    if (piece.lines.empty()) continue;
    if (!has_change(piece)) {
      opener = piece.lines.front().text;
      for (const HunkLine& line : piece.lines) {
        if (indent_of(line.text).size() < indent_of(opener).size()) opener = line.text;
      }
      continue;
    }
    if (piece.own_counts().before == 0) return {};
    if (!opener.empty()) piece.names = {opener};
    Search search = find_contiguous(piece, file);
    if (search.is_many || search.found.empty()) return {};
    auto options = options_as_written(piece, file);
    if (!options) return {};
    parts.push_back(std::move(*options));
  }
  auto all = joined(std::move(parts), Rung::elision);
  return all ? std::vector<Option>{std::move(*all)} : std::vector<Option>{};
}

// Each change with as much of the context around it as stands there.
std::vector<std::size_t> starts_of_runs(const Hunk& hunk) {
  std::vector<std::size_t> starts;
  bool was_change = false;
  for (std::size_t i = 0; i < hunk.lines.size(); ++i) {
    const bool is_change = hunk.lines[i].mark == Mark::plus || hunk.lines[i].mark == Mark::minus;
    if (is_change && !was_change) starts.push_back(i);
    was_change = is_change;
  }
  return starts;
}

std::size_t end_of_run(const Hunk& hunk, std::size_t start) {
  while (start < hunk.lines.size() && hunk.lines[start].mark != Mark::context) ++start;
  return start;
}

std::optional<std::vector<Option>> unique_at(const Hunk& piece, const FileText& file) {
  if (piece.own_counts().before == 0) return std::nullopt;
  const Search search = find_contiguous(piece, file);
  if (search.is_many || search.found.empty()) return std::nullopt;
  auto options = options_as_written(piece, file);
  return options ? std::optional(std::move(*options)) : std::nullopt;
}

// One cut for each stretch of context between two changes: all must give the same edits.
std::vector<Option> between_changes(const Hunk& hunk, const FileText& file) {
  const std::vector<std::size_t> runs = starts_of_runs(hunk);
  if (runs.size() < 2 || runs.size() > kMostPieces || hunk.lines.size() > kMostLines) return {};
  std::vector<std::vector<Option>> parts;
  std::size_t begin = 0;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const std::size_t after = end_of_run(hunk, runs[r]);
    const std::size_t limit = r + 1 < runs.size() ? runs[r + 1] : hunk.lines.size();
    if (r + 1 == runs.size()) {
      auto last = unique_at(piece_of(hunk, begin, limit), file);
      if (!last) return {};
      parts.push_back(std::move(*last));
      break;
    }
    // The longest tail that still stands there belongs to this change, the rest to the next.
    std::optional<std::vector<Option>> here;
    std::size_t cut = limit + 1;
    while (!here && cut > after) here = unique_at(piece_of(hunk, begin, --cut), file);
    if (!here) return {};
    parts.push_back(std::move(*here));
    begin = cut;
  }
  auto all = joined(std::move(parts), Rung::split);
  return all ? std::vector<Option>{std::move(*all)} : std::vector<Option>{};
}

}  // namespace

std::vector<Option> options_in_pieces(const Hunk& hunk, const FileText& file) {
  return hunk.has(Mark::gap) ? at_gaps(hunk, file) : between_changes(hunk, file);
}

}  // namespace oe::patch
