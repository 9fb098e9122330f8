#include <algorithm>
#include <cmath>
#include <vector>

#include "oe/stats/sequential.hpp"

#include "stats/binomial.hpp"
#include "stats/wealth.hpp"

namespace oe::stats {
namespace {

constexpr std::size_t kMostDiffering = 4'096;

/// survivors[n]: the chance that the process has not rejected after n more pairs that differ. Ends after `most`, or
/// once next to nobody is left. Walks the paths by their number of wins; those that have reached the bound are taken
/// out.
std::vector<double> survivors(const WinsProcess& process, double alpha, double win_share, std::size_t most) {
  if (alpha <= 0) return {1};
  if (process.rejects(alpha)) return {0};
  std::vector<double> survivors{1};
  std::vector<double> by_wins{1};
  std::size_t bound = 0;  // the wins among the n that reject; falls never, as n grows
  for (std::size_t n = 1; n <= most && survivors.back() > 1e-9; ++n) {
    by_wins.push_back(0);
    for (std::size_t wins = by_wins.size(); wins-- > 0;)
      by_wins[wins] = by_wins[wins] * (1 - win_share) + (wins > 0 ? by_wins[wins - 1] * win_share : 0.0);
    while (bound <= n && wealth_of(process.wins() + bound, process.losses() + n - bound) < 1 / alpha) ++bound;
    if (by_wins.size() > bound) by_wins.resize(bound);
    double left = 0;
    for (const double share : by_wins) left += share;
    survivors.push_back(left);
  }
  return survivors;
}

double power_of_paths(const std::vector<double>& left, double differing, std::size_t pairs) {
  double power = 0;
  for (std::size_t some = 0; some <= pairs; ++some)
    power += binomial_point(some, pairs, differing) * (1 - left[std::min(some, left.size() - 1)]);
  return power;
}

}  // namespace

std::optional<std::size_t> pairs_to_reject(const WinsProcess& process, double alpha, double win_share,
                                           double differing) {
  if (process.rejects(alpha)) return 0;
  if (win_share <= 0.5 || differing <= 0) return std::nullopt;
  const std::vector<double> left = survivors(process, alpha, win_share, kMostDiffering);
  if (left.back() > 0.01) return std::nullopt;
  double expected = 0;
  for (const double share : left) expected += share;
  return static_cast<std::size_t>(std::ceil(expected / differing - 1e-6));
}

double power_within(const WinsProcess& process, double alpha, double win_share, double differing, std::size_t pairs) {
  return power_of_paths(survivors(process, alpha, win_share, pairs), differing, pairs);
}

std::optional<std::size_t> pairs_for_power(const WinsProcess& process, double alpha, double win_share, double differing,
                                           double power, std::size_t most) {
  const std::vector<double> left = survivors(process, alpha, win_share, most);
  if (power_of_paths(left, differing, most) < power) return std::nullopt;
  std::size_t too_few = 0;
  std::size_t enough = most;
  if (power_of_paths(left, differing, 0) >= power) return 0;
  while (enough - too_few > 1) {
    const std::size_t middle = (too_few + enough) / 2;
    (power_of_paths(left, differing, middle) >= power ? enough : too_few) = middle;
  }
  return enough;
}

}  // namespace oe::stats
