#include "stats/binomial.hpp"

#include <algorithm>
#include <cmath>

namespace oe::stats {

double binomial_point(std::size_t k, std::size_t n, double p) {
  if (k > n) return 0;
  if (p <= 0) return k == 0 ? 1 : 0;
  if (p >= 1) return k == n ? 1 : 0;
  const auto hits = static_cast<double>(k);
  const auto all = static_cast<double>(n);
  const double log_ways = std::lgamma(all + 1) - std::lgamma(hits + 1) - std::lgamma(all - hits + 1);
  return std::exp(log_ways + hits * std::log(p) + (all - hits) * std::log1p(-p));
}

double binomial_tail(std::size_t k, std::size_t n, double p) {
  if (k == 0) return 1;
  double sum = 0;
  const double mean = static_cast<double>(n) * p;
  for (std::size_t hits = k; hits <= n; ++hits) {
    const double point = binomial_point(hits, n, p);
    sum += point;
    // Beyond the mean the points only fall.
    if (static_cast<double>(hits) > mean && point < sum * 1e-17) break;
  }
  return std::min(sum, 1.0);
}

}  // namespace oe::stats
