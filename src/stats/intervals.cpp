#include <algorithm>
#include <cmath>
#include <vector>

#include "oe/stats/paired.hpp"

#include "stats/binomial.hpp"
#include "stats/normal.hpp"

namespace oe::stats {

std::optional<Interval> median_interval(std::span<const double> values, double level) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  std::size_t cut = 0;  // values left out at each end, plus one
  double outside = 0;
  while (2 * cut < sorted.size()) {
    outside += 2 * binomial_point(cut, sorted.size(), 0.5);
    // The points come out of logarithms: 1/32 must still count as 1/32.
    if (outside > (1 - level) * (1 + 1e-12)) break;
    ++cut;
  }
  if (cut == 0) return std::nullopt;
  return Interval{sorted[cut - 1], sorted[sorted.size() - cut]};
}

Interval proportion_interval(std::size_t hits, std::size_t trials, double level) {
  if (trials == 0) return {0, 1};
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(hits) / n;
  const double z = two_sided_quantile(level);
  const double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  return {hits == 0 ? 0 : middle - half, hits == trials ? 1 : middle + half};
}

}  // namespace oe::stats
