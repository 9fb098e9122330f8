#include <gtest/gtest.h>
#include <numeric>
#include <vector>

#include "oe/stats/paired.hpp"

#include "unit/stats/splitmix.hpp"

namespace oe::stats {
namespace {

TEST(MedianInterval, takes_the_order_statistics_of_the_tables) {
  std::vector<double> values(15);
  std::iota(values.begin(), values.end(), 1);
  EXPECT_EQ(median_interval(values, 0.95), (Interval{4, 12}));
  values.resize(6);
  EXPECT_EQ(median_interval(values, 0.95), (Interval{1, 6}));
  EXPECT_EQ(median_interval(values, 0.96875), (Interval{1, 6}));  // exactly what six values can give
  values.resize(5);
  EXPECT_EQ(median_interval(values, 0.95), std::nullopt);
  EXPECT_EQ(median_interval({}, 0.5), std::nullopt);
}

TEST(MedianInterval, covers_the_median_of_a_skewed_distribution) {
  SplitMix random(7);
  int covered = 0;
  for (int round = 0; round < 4000; ++round) {
    std::vector<double> values;
    for (int i = 0; i < 11; ++i) values.push_back(1 / (1 - random.uniform()));  // its median is 2
    const auto interval = median_interval(values, 0.9);
    covered += interval && interval->low <= 2 && interval->high >= 2 ? 1 : 0;
  }
  EXPECT_GT(covered, 4000 * 0.92);  // exactly .9346
  EXPECT_LT(covered, 4000 * 0.95);
}

TEST(ProportionInterval, is_that_of_wilson) {
  const Interval published = proportion_interval(81, 263, 0.95);  // Newcombe 1998, table I
  EXPECT_NEAR(published.low, 0.2553, 5e-5);
  EXPECT_NEAR(published.high, 0.3662, 5e-5);
  EXPECT_NEAR(proportion_interval(0, 20, 0.95).high, 0.1611, 5e-5);
  EXPECT_EQ(proportion_interval(0, 20, 0.95).low, 0);
  EXPECT_NEAR(proportion_interval(1, 29, 0.95).low, 0.0061, 5e-5);
  EXPECT_NEAR(proportion_interval(1, 29, 0.95).high, 0.1718, 5e-5);
  EXPECT_EQ(proportion_interval(0, 0, 0.95), (Interval{0, 1}));
}

TEST(PairedDifferenceInterval, is_that_of_tango) {
  const Interval small = paired_difference_interval(1, 7, 21, 0.95);  // Bentur 2009, in Fagerland, Lydersen & Laake
  EXPECT_NEAR(small.low, -0.5172, 5e-5);
  EXPECT_NEAR(small.high, -0.0260, 5e-5);
  const Interval large = paired_difference_interval(6, 16, 161, 0.95);  // Cavo 2012, likewise
  EXPECT_NEAR(large.low, -0.1240, 5e-5);
  EXPECT_NEAR(large.high, -0.0054, 5e-5);
}

TEST(PairedDifferenceInterval, holds_at_the_edges_and_turns_with_its_sides) {
  EXPECT_EQ(paired_difference_interval(0, 0, 0, 0.95), (Interval{-1, 1}));
  const Interval none = paired_difference_interval(0, 0, 20, 0.95);
  EXPECT_NEAR(none.low, -0.1611, 5e-5);  // as Wilson's of 0 in 20
  EXPECT_NEAR(none.high, 0.1611, 5e-5);
  EXPECT_EQ(paired_difference_interval(5, 0, 5, 0.95).high, 1);
  const Interval one = paired_difference_interval(9, 2, 30, 0.9);
  const Interval other = paired_difference_interval(2, 9, 30, 0.9);
  EXPECT_NEAR(one.low, -other.high, 1e-9);
  EXPECT_NEAR(one.high, -other.low, 1e-9);
}

TEST(Median, is_the_middle_or_between_the_two_middles) {
  EXPECT_EQ(median(std::vector<double>{3, 1, 2}), 2);
  EXPECT_EQ(median(std::vector<double>{4, 1, 2, 3}), 2.5);
  EXPECT_EQ(median({}), 0);
}

}  // namespace
}  // namespace oe::stats
