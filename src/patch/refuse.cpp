#include <algorithm>
#include <fmt/core.h>
#include <unordered_map>

#include "oe/base/text.hpp"

#include "patch/locate.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostShown = 5;
constexpr std::size_t kMostShownLines = 12;
constexpr std::size_t kMostRepeats = 50;

Place shown(const FileText& file, std::size_t line, std::size_t count) {
  Place out;
  out.path = file.path();
  out.line = line + 1;
  out.block = id_around(file, line);
  for (std::size_t i = line; i < std::min(line + std::clamp<std::size_t>(count, 1, kMostShownLines), file.size()); ++i) {
    out.lines += ellipsis(file.line(i), 300) + "\n";
  }
  return out;
}

// Where most lines of the hunk would be in their place; else the line that is most like its first telling one.
std::optional<std::size_t> nearest_start(const Hunk& hunk, const FileText& file) {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> wanted;
  std::string_view telling;
  std::size_t own = 0;
  for (const HunkLine& line : hunk.lines) {
    if (line.mark == Mark::plus || line.mark == Mark::gap) continue;
    if (telling.empty() && !is_trivial(line.text)) telling = line.text;
    std::vector<std::size_t>& places = wanted[key_of(line.text, Level::weak)];
    if (!is_trivial(line.text) && places.size() < kMostRepeats) places.push_back(own);
    ++own;
  }
  std::vector<std::size_t> votes(file.size() + 1, 0);
  const std::vector<std::uint64_t>& keys = file.keys(Level::weak);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto at = wanted.find(keys[i]);
    if (at == wanted.end()) continue;
    for (const std::size_t mine : at->second) {
      if (mine <= i) ++votes[i - mine];
    }
  }
  const auto best = std::ranges::max_element(votes);
  if (*best > 0) return static_cast<std::size_t>(best - votes.begin());
  double most = 0.5;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < std::min<std::size_t>(file.size(), 20000) && telling.size() < 500; ++i) {
    const double alike = file.line(i).size() < 500 ? likeness(file.line(i), telling) : 0;
    if (alike <= most) continue;
    most = alike;
    found = i;
  }
  return found;
}

std::string compared(const std::string& sent, const std::string& lines) {
  std::vector<std::string> mine;
  for (const Line& line : lines_of(sent)) {
    if (!line.text.starts_with('+')) mine.emplace_back(line.text.substr(std::min<std::size_t>(1, line.text.size())));
  }
  std::string out;
  const std::vector<Line> theirs = lines_of(lines);
  for (std::size_t i = 0; i < std::max(mine.size(), theirs.size()) && i < kMostShownLines; ++i) {
    const bool is_same = i < mine.size() && i < theirs.size() && mine[i] == theirs[i].text;
    if (is_same) {
      out += fmt::format("    {}\n", mine[i]);
      continue;
    }
    if (i < mine.size()) out += fmt::format("  ? {}\n", mine[i]);
    if (i < theirs.size()) out += fmt::format("  = {}\n", theirs[i].text);
  }
  return out;
}

std::string where(const Place& place) {
  std::string out = fmt::format("{}:{}", place.path, place.line);
  return place.block.empty() ? out : out + fmt::format(" (in '{}')", place.block);
}

}  // namespace

Refusal refused(Reason reason, std::string message, const Hunk& hunk, const FileText& file,
                const std::vector<std::size_t>& places) {
  Refusal out = refusal(reason, fmt::format("{}, hunk {}: {}", file.path(), hunk.number, message));
  out.hunk = hunk.number;
  out.path = file.path();
  out.sent = ellipsis(text_of(hunk), 4000);
  const std::size_t count = hunk.own_counts().before;
  for (const std::size_t line : places) {
    if (out.candidates.size() < kMostShown) out.candidates.push_back(shown(file, line, count));
  }
  if (!places.empty() || file.size() == 0) return out;
  const auto near = nearest_start(hunk, file);
  if (near) out.candidates.push_back(shown(file, std::min(*near, file.size() - 1), count));
  return out;
}

std::string to_text(const Refusal& refusal) {
  std::string out = fmt::format("Not applied ({}): {}.\n", to_string(refusal.reason), refusal.message);
  if (!refusal.sent.empty()) out += "You sent:\n" + refusal.sent;
  if (refusal.candidates.size() == 1) {
    const Place& near = refusal.candidates.front();
    out += fmt::format("The nearest lines are at {}; \"?\" is what you sent, \"=\" what stands there:\n{}", where(near),
                       compared(refusal.sent, near.lines));
  } else if (!refusal.candidates.empty()) {
    out += "It fits each of these:\n";
    for (const Place& place : refusal.candidates) out += fmt::format("{}\n{}", where(place), place.lines);
    out += "Add context that only one of them has, such as the line with the id.\n";
  }
  return out;
}

}  // namespace oe::patch
