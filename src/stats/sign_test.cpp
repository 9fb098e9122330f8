#include <cmath>

#include "oe/stats/paired.hpp"

#include "stats/binomial.hpp"

namespace oe::stats {

double sign_test(std::size_t wins, std::size_t losses) {
  return binomial_tail(wins, wins + losses, 0.5);
}

double proportion_at_most(std::size_t hits, std::size_t trials, double alpha) {
  if (hits >= trials) return 1;
  double low = 0;
  double high = 1;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (1 - binomial_tail(hits + 1, trials, middle) > alpha ? low : high) = middle;
  }
  return high;
}

}  // namespace oe::stats
