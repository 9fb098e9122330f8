#include "oe/stats/paired.hpp"

#include "stats/binomial.hpp"

namespace oe::stats {

double sign_test(std::size_t wins, std::size_t losses) {
  return binomial_tail(wins, wins + losses, 0.5);
}

}  // namespace oe::stats
