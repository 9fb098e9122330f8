#include <algorithm>

#include "patch/read.hpp"

namespace oe::patch {

namespace {

void add_lines(Hunk& hunk, const std::vector<Line>& lines, std::size_t begin, std::size_t end, Mark mark) {
  for (std::size_t i = begin; i < end; ++i) {
    HunkLine line;
    line.mark = mark == Mark::context && is_elision(lines[i].text) ? Mark::gap : mark;
    line.text = line.raw = lines[i].text;
    hunk.lines.push_back(line);
  }
}

// Longest common subsequence of [head, size - tail) of both; one replacement when that would be too dear.
void add_middle(Hunk& hunk, const std::vector<Line>& a, const std::vector<Line>& b, std::size_t head, std::size_t tail,
                std::size_t most_cells) {
  const std::size_t m = a.size() - tail - head;
  const std::size_t n = b.size() - tail - head;
  if ((m + 1) * (n + 1) > most_cells) {
    add_lines(hunk, a, head, head + m, Mark::minus);
    return add_lines(hunk, b, head, head + n, Mark::plus);
  }
  std::vector<std::uint32_t> cell((m + 1) * (n + 1), 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return cell[i * (n + 1) + j]; };
  const auto same = [&](std::size_t i, std::size_t j) { return a[head + i].text == b[head + j].text; };
  for (std::size_t i = m; i-- > 0;) {
    for (std::size_t j = n; j-- > 0;) {
      at(i, j) = same(i, j) ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < m || j < n) {
    if (i < m && j < n && same(i, j)) {
      add_lines(hunk, a, head + i, head + i + 1, Mark::context);
      ++i;
      ++j;
    } else if (i < m && (j == n || at(i + 1, j) >= at(i, j + 1))) {
      add_lines(hunk, a, head + i, head + i + 1, Mark::minus);
      ++i;
    } else {
      add_lines(hunk, b, head + j, head + j + 1, Mark::plus);
      ++j;
    }
  }
}

}  // namespace

Hunk hunk_between(const std::vector<Line>& old, const std::vector<Line>& now, std::size_t most_cells) {
  Hunk hunk;
  const std::size_t most = std::min(old.size(), now.size());
  std::size_t head = 0;
  while (head < most && old[head].text == now[head].text) ++head;
  std::size_t tail = 0;
  while (tail < most - head && old[old.size() - 1 - tail].text == now[now.size() - 1 - tail].text) ++tail;
  add_lines(hunk, old, 0, head, Mark::context);
  add_middle(hunk, old, now, head, tail, most_cells);
  add_lines(hunk, old, old.size() - tail, old.size(), Mark::context);
  return hunk;
}

}  // namespace oe::patch
