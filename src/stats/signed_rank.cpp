#include <algorithm>
#include <cmath>
#include <vector>

#include "oe/stats/paired.hpp"

#include "stats/normal.hpp"

namespace oe::stats {
namespace {

constexpr std::size_t kMostCounted = 50;

struct Ranks {
  std::size_t count = 0;
  double positive = 0;    ///< sum of the ranks of differences above 0
  double ties_cubed = 0;  ///< sum of t^3 - t over groups of t equal sizes
};

Ranks rank(std::span<const double> differences) {
  std::vector<double> sorted;
  for (const double difference : differences)
    if (difference != 0) sorted.push_back(difference);
  std::sort(sorted.begin(), sorted.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  Ranks ranks{sorted.size(), 0, 0};
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin;
    while (end < sorted.size() && std::abs(sorted[end]) == std::abs(sorted[begin])) ++end;
    const double middle = static_cast<double>(begin + 1 + end) / 2;
    for (std::size_t at = begin; at < end; ++at) ranks.positive += sorted[at] > 0 ? middle : 0;
    const auto size = static_cast<double>(end - begin);
    ranks.ties_cubed += size * size * size - size;
    begin = end;
  }
  return ranks;
}

/// P(the sum is at least `positive`) by the shares of all sign patterns that give each sum.
double count_patterns(std::size_t count, double positive) {
  const std::size_t most = count * (count + 1) / 2;
  std::vector<double> shares(most + 1, 0.0);
  shares[0] = 1;
  for (std::size_t next = 1; next <= count; ++next)
    for (std::size_t sum = most + 1; sum-- > 0;)
      shares[sum] = (shares[sum] + (sum >= next ? shares[sum - next] : 0.0)) / 2;
  double tail = 0;
  for (std::size_t sum = most + 1; sum-- > static_cast<std::size_t>(positive);) tail += shares[sum];
  return std::min(tail, 1.0);
}

}  // namespace

double signed_rank_test(std::span<const double> differences) {
  const Ranks ranks = rank(differences);
  if (ranks.count == 0) return 1;
  if (ranks.count <= kMostCounted && ranks.ties_cubed == 0) return count_patterns(ranks.count, ranks.positive);
  const auto n = static_cast<double>(ranks.count);
  const double variance = n * (n + 1) * (2 * n + 1) / 24 - ranks.ties_cubed / 48;
  return normal_tail((ranks.positive - n * (n + 1) / 4 - 0.5) / std::sqrt(variance));
}

}  // namespace oe::stats
