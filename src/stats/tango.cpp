#include <algorithm>
#include <cmath>

#include "oe/stats/paired.hpp"

#include "stats/normal.hpp"

namespace oe::stats {
namespace {

struct Counts {
  double gained = 0;
  double lost = 0;
  double pairs = 0;
};

/// Tango's score for "the difference is `delta`"; falls as delta rises.
double score(const Counts& counts, double delta) {
  const auto& [gained, lost, n] = counts;
  const double a = 2 * n;
  const double b = -gained - lost + (2 * n - gained + lost) * delta;
  const double c = -lost * delta * (1 - delta);
  const double share = (std::sqrt(std::max(b * b - 4 * a * c, 0.0)) - b) / (2 * a);
  const double variance = n * (2 * share + delta * (1 - delta));
  const double distance = gained - lost - n * delta;
  if (variance <= 0) return distance == 0 ? 0 : std::copysign(HUGE_VAL, distance);
  return distance / std::sqrt(variance);
}

/// Where the score passes `z`, between `low` and `high`.
double root(const Counts& counts, double z, double low, double high) {
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (score(counts, middle) > z ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

Interval paired_difference_interval(std::size_t gained, std::size_t lost, std::size_t pairs, double level) {
  if (pairs == 0) return {-1, 1};
  const Counts counts{static_cast<double>(gained), static_cast<double>(lost), static_cast<double>(pairs)};
  const double seen = (counts.gained - counts.lost) / counts.pairs;
  const double z = two_sided_quantile(level);
  return {lost == pairs ? -1 : root(counts, z, -1, seen), gained == pairs ? 1 : root(counts, -z, seen, 1)};
}

}  // namespace oe::stats
