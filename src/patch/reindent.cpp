#include <algorithm>

#include "patch/locate.hpp"

namespace oe::patch {

namespace {

struct Pair {
  std::string_view mine;
  std::string_view theirs;
  bool is_context = false;
  bool is_bare = false;
};

std::vector<Pair> indents_of(const Hunk& hunk, const FileText& file, const Alignment& at) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (at[i] == kNowhere) continue;
    const std::string_view theirs = file.line(at[i]);
    if (rstrip(theirs).empty()) continue;
    const HunkLine& line = hunk.lines[i];
    pairs.push_back({indent_of(line.text), indent_of(theirs), line.mark == Mark::context, line.is_bare});
  }
  return pairs;
}

bool has_tab(std::string_view text) {
  return text.find('\t') != std::string_view::npos;
}

int delta_of(const Pair& pair) {
  return static_cast<int>(pair.theirs.size()) - static_cast<int>(pair.mine.size());
}

template <class Test>
bool all(const std::vector<Pair>& pairs, Test test) {
  return std::all_of(pairs.begin(), pairs.end(), test);
}

// One width of a tab for all lines, in one direction.
std::optional<Fit> tabs_for_blanks(const std::vector<Pair>& pairs) {
  for (const bool to_tabs : {true, false}) {
    for (const std::size_t width : {2U, 4U, 8U, 1U, 3U}) {
      const auto holds = [&](const Pair& pair) {
        const std::string_view tabs = to_tabs ? pair.theirs : pair.mine;
        const std::string_view blanks = to_tabs ? pair.mine : pair.theirs;
        return tabs.find(' ') == std::string_view::npos && !has_tab(blanks) && tabs.size() * width == blanks.size();
      };
      if (!all(pairs, holds)) continue;
      return Fit{.rungs = bit(Rung::space), .strength = 1, .delta = 0, .blanks_a_tab = width, .to_tabs = to_tabs};
    }
  }
  return std::nullopt;
}

// Without its marker a context line has one blank less than it should; "-" lines still have theirs.
bool lost_prefix(const std::vector<Pair>& pairs) {
  bool has_context = false;
  for (const Pair& pair : pairs) {
    const int delta = delta_of(pair);
    if (delta != 0 && (delta != 1 || !pair.is_context || pair.is_bare)) return false;
    has_context |= delta == 1;
  }
  return has_context;
}

}  // namespace

std::vector<Fit> fits_of(const Hunk& hunk, const FileText& file, const Alignment& at) {
  const std::vector<Pair> pairs = indents_of(hunk, file, at);
  const bool has_bare = std::any_of(pairs.begin(), pairs.end(), [](const Pair& pair) { return pair.is_bare; });
  if (all(pairs, [](const Pair& pair) { return pair.mine == pair.theirs; })) {
    return {Fit{.rungs = has_bare ? bit(Rung::prefix) : 0}};
  }
  const auto has_tabs = [](const Pair& pair) { return has_tab(pair.mine) || has_tab(pair.theirs); };
  if (std::any_of(pairs.begin(), pairs.end(), has_tabs)) {
    const auto fit = tabs_for_blanks(pairs);
    return fit ? std::vector<Fit>{*fit} : std::vector<Fit>{};
  }
  std::vector<Fit> fits;
  if (lost_prefix(pairs)) fits.push_back({.rungs = bit(Rung::prefix), .strength = 1});
  const int delta = delta_of(pairs.front());
  if (!has_bare && all(pairs, [&](const Pair& pair) { return delta_of(pair) == delta; })) {
    fits.push_back({.rungs = bit(Rung::reindent), .strength = fits.empty() ? 2 : 1, .delta = delta});
  }
  return fits;
}

std::optional<std::string> fitted(const Fit& fit, std::string_view line) {
  const std::string_view indent = indent_of(line);
  const std::string_view rest = line.substr(indent.size());
  if (rest.empty() || (fit.delta == 0 && fit.blanks_a_tab == 0)) return std::string(line);
  if (fit.blanks_a_tab != 0) {
    if (fit.to_tabs && has_tab(indent)) return std::string(line);
    if (fit.to_tabs) {
      if (indent.size() % fit.blanks_a_tab != 0) return std::nullopt;
      return std::string(indent.size() / fit.blanks_a_tab, '\t') + std::string(rest);
    }
    if (indent.find(' ') != std::string_view::npos) {
      return has_tab(indent) ? std::nullopt : std::optional<std::string>(line);
    }
    return std::string(indent.size() * fit.blanks_a_tab, ' ') + std::string(rest);
  }
  const int size = static_cast<int>(indent.size()) + fit.delta;
  if (size < 0 || has_tab(indent)) return std::nullopt;
  return std::string(static_cast<std::size_t>(size), ' ') + std::string(rest);
}

}  // namespace oe::patch
