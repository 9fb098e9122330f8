#include <cstdint>
#include <gtest/gtest.h>
#include <vector>

#include "oe/stats/paired.hpp"

namespace oe::stats {
namespace {

/// Differences 1 to n, of which those in `below` are below 0.
std::vector<double> ranks_with(int n, const std::vector<int>& below) {
  std::vector<double> values;
  for (int rank = 1; rank <= n; ++rank) values.push_back(rank);
  for (const int rank : below) values[static_cast<std::size_t>(rank) - 1] *= -1;
  return values;
}

TEST(SignedRankTest, gives_the_tabulated_values) {
  EXPECT_NEAR(signed_rank_test(ranks_with(5, {})), 0.03125, 1e-12);
  EXPECT_NEAR(signed_rank_test(ranks_with(8, {5})), 0.0391, 5e-5);               // T = 5
  EXPECT_NEAR(signed_rank_test(ranks_with(10, {10})), 0.0420, 5e-5);             // T = 10
  EXPECT_NEAR(signed_rank_test(ranks_with(10, {1, 10})), 0.0527, 5e-5);          // T = 11
  EXPECT_NEAR(signed_rank_test(ranks_with(20, {20, 19, 18, 3})), 0.0487, 5e-5);  // T = 60
}

TEST(SignedRankTest, agrees_with_a_count_of_all_sign_patterns) {
  for (const int n : {1, 4, 9}) {
    const std::uint32_t patterns = 1U << n;
    const auto sum_of = [&](std::uint32_t pattern) {
      int sum = 0;
      for (int rank = 1; rank <= n; ++rank) sum += (pattern >> (rank - 1) & 1U) != 0 ? rank : 0;
      return sum;
    };
    for (std::uint32_t seen = 0; seen < patterns; seen += 7) {
      std::vector<double> values;
      for (int rank = 1; rank <= n; ++rank) values.push_back((seen >> (rank - 1) & 1U) != 0 ? rank : -rank);
      std::uint32_t as_good = 0;
      for (std::uint32_t pattern = 0; pattern < patterns; ++pattern) as_good += sum_of(pattern) >= sum_of(seen) ? 1 : 0;
      EXPECT_NEAR(signed_rank_test(values), static_cast<double>(as_good) / patterns, 1e-12) << n << ' ' << seen;
    }
  }
}

TEST(SignedRankTest, leaves_zeros_out_and_gives_ties_their_middle_rank) {
  EXPECT_DOUBLE_EQ(signed_rank_test(std::vector<double>{}), 1);
  EXPECT_DOUBLE_EQ(signed_rank_test(std::vector<double>{0, 0, 0}), 1);
  EXPECT_NEAR(signed_rank_test(std::vector<double>{0, 1, 2, 0, 3}), 0.125, 1e-12);
  // Ranks 1.5 and 1.5, one above 0: z = -0.5 / sqrt(1.25 - 6 / 48).
  EXPECT_NEAR(signed_rank_test(std::vector<double>{2, -2}), 0.6813, 1e-3);
}

TEST(SignedRankTest, passes_from_counting_to_the_normal_without_a_jump) {
  std::vector<double> values;
  for (int rank = 1; rank <= 50; ++rank) values.push_back(rank % 3 == 0 ? -rank : rank);
  const double counted = signed_rank_test(values);
  values[48] = 50;  // a tie of 49 and 50, both above 0: the same sum of ranks
  values[49] = 50;
  EXPECT_NEAR(signed_rank_test(values), counted, 0.002);
  EXPECT_LT(counted, 0.05);
}

}  // namespace
}  // namespace oe::stats
