#include <bit>
#include <cstdint>
#include <gtest/gtest.h>

#include "oe/stats/paired.hpp"

namespace oe::stats {
namespace {

TEST(SignTest, gives_the_tabulated_values) {
  EXPECT_NEAR(sign_test(5, 0), 0.03125, 1e-12);
  EXPECT_NEAR(sign_test(7, 0), 0.0078125, 1e-12);
  EXPECT_NEAR(sign_test(9, 1), 11.0 / 1024, 1e-12);
  EXPECT_NEAR(sign_test(15, 5), 0.02069473, 1e-8);
  EXPECT_DOUBLE_EQ(sign_test(0, 0), 1);
  EXPECT_DOUBLE_EQ(sign_test(0, 6), 1);
}

TEST(SignTest, agrees_with_a_count_of_all_sign_patterns) {
  for (std::size_t n = 1; n <= 14; ++n)
    for (std::size_t wins = 0; wins <= n; ++wins) {
      std::size_t as_good = 0;
      for (std::uint32_t pattern = 0; pattern < (1U << n); ++pattern)
        if (static_cast<std::size_t>(std::popcount(pattern)) >= wins) ++as_good;
      EXPECT_NEAR(sign_test(wins, n - wins), static_cast<double>(as_good) / (1U << n), 1e-12) << wins << " of " << n;
    }
}

TEST(SignTest, stays_exact_for_many_pairs) {
  EXPECT_NEAR(sign_test(1000, 1000), 0.5 + 0.01783901 / 2, 1e-7);  // half of what is not the middle, and the middle
  EXPECT_NEAR(sign_test(900, 0) / 0x1p-900, 1, 1e-9);
}

}  // namespace
}  // namespace oe::stats
