#pragma once

namespace oe::stats {

double normal_tail(double z);  ///< P(Z >= z) of the standard normal
/// z with P(-z <= Z <= z) = level, 0 <= level < 1.
double two_sided_quantile(double level);

}  // namespace oe::stats
