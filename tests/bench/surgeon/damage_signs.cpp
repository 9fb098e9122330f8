#include <algorithm>
#include <utility>
#include <vector>

#include "bench/surgeon/work.hpp"

namespace oe::surgeon {
namespace {

std::size_t count_of(const Hunk& hunk, char sign) {
  return static_cast<std::size_t>(
      std::count_if(hunk.lines.begin(), hunk.lines.end(), [&](const Line& line) { return line.sign == sign; }));
}

bool flip_all(Hunk& hunk, char from, char to) {
  for (Line& line : hunk.lines)
    if (line.sign == from) line.sign = to;
  return true;
}

bool forget_plus(Hunk& hunk, Random& random) {
  std::vector<std::size_t> added;
  for (std::size_t i = 0; i < hunk.lines.size(); ++i)
    if (hunk.lines[i].sign == '+' && !hunk.lines[i].text.empty()) added.push_back(i);
  if (added.size() < 2) return false;
  hunk.lines[random.of(added)].sign = ' ';
  return true;
}

// The end of a file whose last newline is missing, without the word for it, or that word where none is missing.
bool mark_wrongly(Work& work) {
  const Text& text = work.changes[0].before;
  Hunk& hunk = work.draft[0].hunks.back();
  if (text.final_newline) {
    hunk.lines.back().cut = hunk.lines.back().sign == ' ';
    return hunk.lines.back().cut;
  }
  bool marked = false;
  for (Line& line : hunk.lines) marked |= std::exchange(line.cut, false);
  return marked;
}

}  // namespace

bool damage_signs(Work& work, Kind kind, Random& random) {
  Hunk& hunk = work.draft[0].hunks[0];
  switch (kind) {
    case Kind::minus_for_plus:
      return count_of(hunk, '-') == 0 && flip_all(hunk, '+', '-');
    case Kind::plus_for_minus:
      return count_of(hunk, '-') > 0 && flip_all(hunk, '-', '+');
    case Kind::forgotten_minus:
      return count_of(hunk, '-') > 0 && flip_all(hunk, '-', ' ');
    case Kind::forgotten_plus:
      return count_of(hunk, '-') == 0 && forget_plus(hunk, random);
    case Kind::newline_marker:
      return mark_wrongly(work);
    default:
      return true;
  }
}

}  // namespace oe::surgeon
