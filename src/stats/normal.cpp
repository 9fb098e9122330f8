#include "stats/normal.hpp"

#include <cmath>

namespace oe::stats {

double normal_tail(double z) {
  return std::erfc(z / std::sqrt(2.0)) / 2;
}

double two_sided_quantile(double level) {
  double low = 0;
  double high = 40;
  for (int step = 0; step < 80; ++step) {
    const double middle = (low + high) / 2;
    (2 * normal_tail(middle) > 1 - level ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace oe::stats
