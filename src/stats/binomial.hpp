#pragma once

#include <cstddef>

namespace oe::stats {

/// P(X = k) and P(X >= k) for X ~ Binomial(n, p), 0 <= p <= 1.
double binomial_point(std::size_t k, std::size_t n, double p);
double binomial_tail(std::size_t k, std::size_t n, double p);

}  // namespace oe::stats
