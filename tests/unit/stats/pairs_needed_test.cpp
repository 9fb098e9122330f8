#include <gtest/gtest.h>

#include "oe/stats/paired.hpp"

#include "unit/stats/splitmix.hpp"

namespace oe::stats {
namespace {

double simulated_power(std::size_t pairs, double win_share, double differing) {
  SplitMix random(41);
  constexpr int kRounds = 20'000;
  int found = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::size_t wins = 0;
    std::size_t losses = 0;
    for (std::size_t pair = 0; pair < pairs; ++pair)
      if (random.chance(differing)) ++(random.chance(win_share) ? wins : losses);
    found += sign_test(wins, losses) <= 0.05 ? 1 : 0;
  }
  return static_cast<double>(found) / kRounds;
}

TEST(PairsNeeded, is_the_least_number_whose_power_suffices) {
  EXPECT_EQ(pairs_needed(1, 1, 0.05, 0.8), 5U);
  EXPECT_EQ(pairs_needed(1, 1, 0.01, 0.8), 7U);
  // By hand: of 8 pairs at .9, 7 or 8 wins (P = .8131) are needed (9/256 = .0352).
  EXPECT_EQ(pairs_needed(0.9, 1, 0.05, 0.81), 8U);
}

TEST(PairsNeeded, agrees_with_simulation) {
  const auto pairs = pairs_needed(0.25 / 0.3, 0.3, 0.05, 0.8);
  ASSERT_TRUE(pairs);
  EXPECT_NEAR(simulated_power(*pairs, 0.25 / 0.3, 0.3), 0.8, 0.02);
  EXPECT_LT(simulated_power(*pairs - 3, 0.25 / 0.3, 0.3), 0.8);
}

TEST(PairsNeeded, is_somewhat_above_the_normal_approximation) {
  // 80 % power, one-sided .05, by the normal approximation: +20 points of 30 % that differ take 44, +10 of 20 % take
  // 122.
  const auto large = pairs_needed(0.25 / 0.3, 0.3, 0.05, 0.8);
  EXPECT_GE(large, 44U);
  EXPECT_LE(large, 55U);
  const auto small = pairs_needed(0.15 / 0.2, 0.2, 0.05, 0.8);
  EXPECT_GE(small, 122U);
  EXPECT_LE(small, 145U);
}

TEST(PairsNeeded, is_nothing_where_no_number_would_do) {
  EXPECT_EQ(pairs_needed(0.5, 1, 0.05, 0.8), std::nullopt);
  EXPECT_EQ(pairs_needed(0.9, 0, 0.05, 0.8), std::nullopt);
  EXPECT_EQ(pairs_needed(0.501, 1, 0.05, 0.8), std::nullopt);
}

}  // namespace
}  // namespace oe::stats
