#pragma once

#include <cstddef>

#include "oe/stats/sequential.hpp"

namespace oe::evolve {

/// How the rounds of one search share the error that an invocation may make: each takes an equal part of what is left
/// for those that are still to come, and gives each of its candidates the same. The sum of all levels is at most alpha,
/// whatever the earlier rounds have shown (stats::AlphaBudget); what a round without candidates leaves goes to the next.
class Rounds {
 public:
  Rounds(double alpha, std::size_t rounds) : budget_(alpha), left_(rounds) {}

  /// The level of each candidate of the next round. 0 without candidates, and beyond the last round.
  double begin(std::size_t candidates) {
    if (left_ == 0) return 0;
    return budget_.spend(candidates, 1.0 / static_cast<double>(left_--));
  }

 private:
  stats::AlphaBudget budget_;
  std::size_t left_;
};

}  // namespace oe::evolve
