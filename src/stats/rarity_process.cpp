#include <algorithm>
#include <cmath>
#include <cstdint>

#include "oe/stats/sequential.hpp"

namespace oe::stats {
namespace {

/// What a stake of `part` of all is worth after so many misses, each paying limit / (1 - limit), and hits, which take
/// it.
double stake(double part, double limit, std::size_t hits, std::size_t misses) {
  return std::exp(static_cast<double>(misses) * std::log1p(part * limit / (1 - limit)) +
                  static_cast<double>(hits) * std::log1p(-part));
}

double rarity(double limit, std::size_t hits, std::size_t misses) {
  return 0.6 * stake(0.99, limit, hits, misses) + 0.2 * stake(0.8, limit, hits, misses) +
         0.2 * stake(0.5, limit, hits, misses);
}

}  // namespace

void RarityProcess::see(bool is_hit) {
  ++(is_hit ? hits_ : misses_);
  greatest_ = std::max(greatest_, e_value());
}

double RarityProcess::e_value() const {
  return rarity(limit_, hits_, misses_);
}
bool RarityProcess::rejects(double alpha) const {
  return greatest_ * alpha >= 1;
}

std::size_t misses_to_reject(const RarityProcess& process, double alpha) {
  if (alpha <= 0) return SIZE_MAX;
  RarityProcess ahead = process;
  std::size_t more = 0;
  for (; !ahead.rejects(alpha); ++more) ahead.see(false);
  return more;
}

}  // namespace oe::stats
