#include "oe/stats/sequential.hpp"

#include <array>
#include <cstdint>
#include <gtest/gtest.h>
#include <utility>

#include "unit/stats/splitmix.hpp"

namespace oe::stats {
namespace {

WinsProcess after(std::size_t wins, std::size_t losses) {
  WinsProcess process;
  for (std::size_t i = 0; i < losses; ++i) process.see(false);
  for (std::size_t i = 0; i < wins; ++i) process.see(true);
  return process;
}

TEST(WinsProcess, needs_the_wins_that_its_table_says) {
  const std::array<double, 4> levels{0.05, 0.025, 0.01, 0.005};
  const std::array<std::size_t, 4> straight{5, 7, 8, 9};
  const std::array<std::size_t, 4> beside_a_loss{10, 12, 13, 14};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    EXPECT_EQ(wins_to_reject({}, levels[i]), straight[i]);
    EXPECT_EQ(wins_to_reject(after(0, 1), levels[i]), beside_a_loss[i]);
    EXPECT_TRUE(after(straight[i], 0).rejects(levels[i]));
    EXPECT_FALSE(after(straight[i] - 1, 0).rejects(levels[i]));
  }
}

TEST(WinsProcess, is_a_fair_game_under_the_null) {
  for (const auto& [wins, losses] : {std::pair{0, 0}, {3, 0}, {5, 2}, {1, 6}, {40, 30}}) {
    const auto w = static_cast<std::size_t>(wins);
    const auto l = static_cast<std::size_t>(losses);
    const double now = after(w, l).e_value();
    EXPECT_NEAR((after(w + 1, l).e_value() + after(w, l + 1).e_value()) / 2, now, now * 1e-12);
  }
  EXPECT_DOUBLE_EQ(WinsProcess().e_value(), 1);
}

TEST(WinsProcess, remembers_that_it_rejected) {
  WinsProcess process = after(6, 0);
  for (int i = 0; i < 10; ++i) process.see(false);
  EXPECT_LT(process.e_value(), 1);
  EXPECT_TRUE(process.rejects(0.05));
  EXPECT_EQ(wins_to_reject(process, 0.05), 0U);
}

TEST(WinsProcess, never_rejects_at_a_level_of_nothing) {
  EXPECT_FALSE(after(5000, 0).rejects(0));
  EXPECT_EQ(wins_to_reject({}, 0), SIZE_MAX);
  EXPECT_EQ(misses_to_reject(RarityProcess(0.1), 0), SIZE_MAX);
  EXPECT_EQ(pairs_to_reject({}, 0, 0.9, 1), std::nullopt);
  EXPECT_EQ(pairs_for_power({}, 0, 1, 1, 0.5, 500), std::nullopt);
}

TEST(WinsProcess, stands_any_number_of_pairs) {
  EXPECT_TRUE(after(5000, 10).rejects(1e-9));
  EXPECT_FALSE(after(10, 5000).rejects(0.05));
}

/// The share of null sequences in which the process rejects at any time up to `pairs`.
double false_rejections(double alpha, int sequences, int pairs, std::uint64_t seed) {
  SplitMix random(seed);
  int rejected = 0;
  for (int sequence = 0; sequence < sequences; ++sequence) {
    WinsProcess process;
    for (int pair = 0; pair < pairs && !process.rejects(alpha); ++pair) process.see(random.chance(0.5));
    rejected += process.rejects(alpha) ? 1 : 0;
  }
  return static_cast<double>(rejected) / sequences;
}

TEST(WinsProcess, rejects_falsely_in_at_most_alpha_of_100000_sequences_at_any_time) {
  const double share = false_rejections(0.05, 100'000, 100, 2026);
  EXPECT_LE(share, 0.05);
  EXPECT_GT(share, 0.05 / 50);
  EXPECT_NEAR(share, power_within({}, 0.05, 0.5, 1, 100), 0.003);
}

TEST(WinsProcess, rejects_falsely_in_at_most_alpha_by_exact_count) {
  for (const double alpha : {0.2, 0.05, 0.01, 0.001}) {
    const double share = power_within({}, alpha, 0.5, 1, 2000);
    EXPECT_LE(share, alpha);
    EXPECT_GT(share, alpha / 3);
  }
}

TEST(PairsToReject, is_the_mean_that_simulation_gives) {
  for (const auto& [win_share, differing] : {std::pair{0.9, 1.0}, {0.75, 1.0}, {0.9, 0.4}}) {
    const auto promised = pairs_to_reject({}, 0.05, win_share, differing);
    ASSERT_TRUE(promised);
    SplitMix random(99);
    double pairs = 0;
    constexpr int kRounds = 4000;
    for (int round = 0; round < kRounds; ++round)
      for (WinsProcess process; !process.rejects(0.05); ++pairs)
        if (random.chance(differing)) process.see(random.chance(win_share));
    EXPECT_NEAR(pairs / kRounds, static_cast<double>(*promised), 1 + 0.04 * static_cast<double>(*promised));
  }
}

TEST(PairsToReject, starts_from_where_the_process_stands) {
  EXPECT_EQ(pairs_to_reject({}, 0.05, 1, 1), 5U);
  EXPECT_EQ(pairs_to_reject(after(3, 0), 0.05, 1, 1), 2U);
  EXPECT_EQ(pairs_to_reject(after(5, 0), 0.05, 0.6, 1), 0U);
  EXPECT_EQ(pairs_to_reject({}, 0.05, 1, 0.5), 10U);
  EXPECT_GT(pairs_to_reject(after(0, 3), 0.05, 0.8, 1), pairs_to_reject({}, 0.05, 0.8, 1));
}

TEST(PairsToReject, is_nothing_where_the_process_does_not_grow) {
  EXPECT_EQ(pairs_to_reject({}, 0.05, 0.5, 1), std::nullopt);
  EXPECT_EQ(pairs_to_reject({}, 0.05, 0.53, 1), std::nullopt);
  EXPECT_EQ(pairs_to_reject({}, 0.05, 0.9, 0), std::nullopt);
}

TEST(PowerWithin, is_the_share_that_simulation_finds) {
  SplitMix random(5);
  constexpr int kRounds = 10'000;
  int found = 0;
  for (int round = 0; round < kRounds; ++round) {
    WinsProcess process;
    for (int pair = 0; pair < 30; ++pair)
      if (random.chance(0.6)) process.see(random.chance(0.85));
    found += process.rejects(0.01) ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(found) / kRounds, power_within({}, 0.01, 0.85, 0.6, 30), 0.015);
}

TEST(PairsForPower, is_the_least_number_that_has_the_power) {
  for (const double power : {0.5, 0.8}) {
    const auto pairs = pairs_for_power(after(1, 1), 0.05, 0.9, 0.5, power, 500);
    ASSERT_TRUE(pairs);
    EXPECT_GE(power_within(after(1, 1), 0.05, 0.9, 0.5, *pairs), power);
    EXPECT_LT(power_within(after(1, 1), 0.05, 0.9, 0.5, *pairs - 1), power);
  }
  EXPECT_EQ(pairs_for_power({}, 0.05, 1, 1, 0.5, 500), 5U);
  EXPECT_EQ(pairs_for_power(after(5, 0), 0.05, 0.5, 1, 0.5, 500), 0U);
  EXPECT_EQ(pairs_for_power({}, 0.05, 1, 1, 0.5, 4), std::nullopt);
  EXPECT_EQ(pairs_for_power({}, 0.05, 0.5, 1, 0.5, 500), std::nullopt);
}

TEST(RarityProcess, needs_the_misses_that_its_table_says) {
  const std::array<double, 4> levels{0.05, 0.025, 0.01, 0.005};
  const std::array<std::size_t, 4> tenth{32, 39, 48, 55};
  const std::array<std::size_t, 4> fifth{15, 19, 23, 26};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    EXPECT_EQ(misses_to_reject(RarityProcess(0.1), levels[i]), tenth[i]);
    EXPECT_EQ(misses_to_reject(RarityProcess(0.2), levels[i]), fifth[i]);
  }
}

TEST(RarityProcess, rejects_falsely_in_at_most_alpha_at_any_time) {
  SplitMix random(31);
  constexpr int kSequences = 20'000;
  int rejected = 0;
  for (int sequence = 0; sequence < kSequences; ++sequence) {
    RarityProcess process(0.2);
    for (int pair = 0; pair < 150 && !process.rejects(0.05); ++pair) process.see(random.chance(0.2));
    rejected += process.rejects(0.05) ? 1 : 0;
  }
  EXPECT_LE(rejected, kSequences * 0.05);
  EXPECT_GT(rejected, kSequences * 0.05 / 5);
}

TEST(AlphaBudget, never_gives_more_than_it_has) {
  AlphaBudget budget(0.05);
  const double first = budget.spend(4, 0.5);
  EXPECT_NEAR(first, 0.00625, 1e-12);
  const double second = budget.spend(2);
  EXPECT_NEAR(second, 0.0125, 1e-12);
  EXPECT_NEAR(4 * first + 2 * second, 0.05, 1e-12);
  EXPECT_EQ(budget.spend(3), 0);
  EXPECT_EQ(budget.left(), 0);
}

TEST(AlphaBudget, takes_nothing_for_no_tests) {
  AlphaBudget budget(0.05);
  EXPECT_EQ(budget.spend(0), 0);
  EXPECT_EQ(budget.left(), 0.05);
  EXPECT_EQ(budget.spend(1, 7), 0.05);  // more than all is all
}

}  // namespace
}  // namespace oe::stats
