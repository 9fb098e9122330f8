#include <algorithm>
#include <cmath>
#include <vector>

#include "oe/stats/paired.hpp"

#include "stats/binomial.hpp"

namespace oe::stats {
namespace {

/// The chance that the sign test rejects, by the number of pairs that differ; worked out when first asked for.
class Powers {
 public:
  Powers(double win_share, double alpha) : win_share_(win_share), alpha_(alpha) {}
  double at(std::size_t differing) {
    while (powers_.size() <= differing) add();
    return powers_[differing];
  }

 private:
  void add() {
    const std::size_t n = powers_.size();
    // The wins that are needed never fall as pairs are added, and rise by one at most.
    while (needed_ <= n && binomial_tail(needed_, n, 0.5) > alpha_ * (1 + 1e-12)) ++needed_;
    powers_.push_back(needed_ > n ? 0 : binomial_tail(needed_, n, win_share_));
  }
  double win_share_;
  double alpha_;
  std::size_t needed_ = 0;
  std::vector<double> powers_;
};

double power_of(std::size_t pairs, double differing, Powers& powers) {
  const auto n = static_cast<double>(pairs);
  const double reach = 9 * std::sqrt(n * differing * (1 - differing)) + 1;
  const auto from = static_cast<std::size_t>(std::max(0.0, n * differing - reach));
  const auto to = std::min(pairs, static_cast<std::size_t>(n * differing + reach));
  double sum = 0;
  for (std::size_t some = from; some <= to; ++some) sum += binomial_point(some, pairs, differing) * powers.at(some);
  return sum;
}

}  // namespace

std::optional<std::size_t> pairs_needed(double win_share, double differing, double alpha, double power) {
  if (win_share <= 0.5 || differing <= 0) return std::nullopt;
  constexpr std::size_t kMost = 5'000;
  Powers powers(win_share, alpha);
  for (std::size_t pairs = 1; pairs <= kMost; ++pairs)
    if (power_of(pairs, differing, powers) >= power) return pairs;
  return std::nullopt;
}

}  // namespace oe::stats
