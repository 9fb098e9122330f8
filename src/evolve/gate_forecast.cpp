#include <algorithm>

#include "oe/evolve/gate.hpp"

namespace oe::evolve {
namespace {

/// As if the pairs go on as they did; half a win, half a loss and half a tie that nobody saw (Jeffreys) pull the shares
/// towards one half, the more the fewer pairs there are.
std::optional<std::size_t> pairs_for(const Tally& goal, double level, std::size_t pairs) {
  const auto wins = static_cast<double>(goal.wins());
  const auto differing = static_cast<double>(goal.wins() + goal.losses());
  return stats::pairs_for_power(goal.better(), level, (wins + 0.5) / (differing + 1),
                                (differing + 0.5) / (static_cast<double>(pairs) + 1), 0.5, kMostForecast);
}

std::optional<std::size_t> lesser(std::optional<std::size_t> one, std::optional<std::size_t> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

}  // namespace

std::optional<std::size_t> Gate::forecast_no_worse() const {
  if (rule_.lighter.empty() || speaks_for_worse(nullptr) != nullptr) return std::nullopt;
  std::size_t most = 0;
  for (const Tally& tally : tallies_)
    if (tally.pairs() > 0 || pairs_ == 0)
      most = std::max(most, stats::misses_to_reject(tally.rare_losses(), rule_.alpha / 2));
  return most;
}

std::optional<std::size_t> Gate::forecast() const {
  std::optional<std::size_t> least = forecast_no_worse();
  for (const Tally& tally : tallies_)
    if (tally.metric().role == Role::goal) least = lesser(least, pairs_for(tally, goal_level(), pairs_));
  const std::size_t unheld = rule_.least_holdout - std::min(rule_.least_holdout, holdout_pairs_);
  if (least) least = std::max({*least, unheld, std::size_t{1}});
  return least && *least <= kMostForecast ? least : std::nullopt;
}

std::size_t Gate::straight_wins_needed() const {
  std::size_t least = 0;
  for (const Tally& tally : tallies_) {
    if (tally.metric().role != Role::goal) continue;
    const std::size_t needed = stats::wins_to_reject(tally.better(), goal_level());
    least = least == 0 ? needed : std::min(least, needed);
  }
  return std::max(least, rule_.least_holdout - std::min(rule_.least_holdout, holdout_pairs_));
}

}  // namespace oe::evolve
