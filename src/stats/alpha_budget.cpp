#include <algorithm>

#include "oe/stats/sequential.hpp"

namespace oe::stats {

double AlphaBudget::spend(std::size_t tests, double share) {
  if (tests == 0) return 0;
  const double given = left_ * std::clamp(share, 0.0, 1.0);
  left_ = std::max(0.0, left_ - given);
  return given / static_cast<double>(tests);
}

}  // namespace oe::stats
