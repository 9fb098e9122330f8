#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "oe/stats/sequential.hpp"

#include "stats/wealth.hpp"

namespace oe::stats {
namespace {

struct Bet {
  double weight;
  double fraction;
};
constexpr std::array<Bet, 5> kBets{{{0.5, 0.99}, {0.125, 0.8}, {0.125, 0.6}, {0.125, 0.4}, {0.125, 0.2}}};

}  // namespace

double wealth_of(std::size_t wins, std::size_t losses) {
  double sum = 0;
  for (const Bet& bet : kBets)
    sum += bet.weight * std::exp(static_cast<double>(wins) * std::log1p(bet.fraction) +
                                 static_cast<double>(losses) * std::log1p(-bet.fraction));
  return sum;
}

void WinsProcess::see(bool is_win) {
  ++(is_win ? wins_ : losses_);
  greatest_ = std::max(greatest_, e_value());
}

double WinsProcess::e_value() const {
  return wealth_of(wins_, losses_);
}
bool WinsProcess::rejects(double alpha) const {
  return greatest_ * alpha >= 1;
}

std::size_t wins_to_reject(const WinsProcess& process, double alpha) {
  if (alpha <= 0) return SIZE_MAX;
  if (process.rejects(alpha)) return 0;
  std::size_t more = 1;
  while (wealth_of(process.wins() + more, process.losses()) < 1 / alpha) ++more;
  return more;
}

}  // namespace oe::stats
