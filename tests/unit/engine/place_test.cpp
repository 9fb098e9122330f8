#include "engine/place.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace oe::engine {
namespace {

Place place(const std::vector<std::uint64_t>& steps) {
  Place made;
  for (const std::uint64_t step : steps) made.steps.push_back(step);
  return made;
}

// The order of std::vector is what the order of merging is described by.
TEST(Place, SortsAsItsStepsDoHoweverManyThereAre) {
  std::vector<std::vector<std::uint64_t>> all{{}, {0}, {0, 0}, {0, 1}, {1}, {1, 0, 2}, {1, 0, 2, 0}, {1, 0, 2, 0, 3},
                                              {1, 0, 2, 0, 3, 0}, {1, 0, 2, 0, 3, 0, 9, 9}, {1, 0, 2, 1}, {7, 0}};
  for (const auto& a : all)
    for (const auto& b : all) {
      EXPECT_EQ(place(a) < place(b), a < b);
      EXPECT_EQ(place(a) == place(b), a == b);
    }
}

TEST(Place, HoldsWhatIsInsideOfIt) {
  const Place node = place({3, 1});
  EXPECT_TRUE(node.holds(node));
  EXPECT_TRUE(node.holds(node.inside(0, 2).inside(5, 0).inside(1, 1)));
  EXPECT_LT(node, node.inside(0, 0));
  EXPECT_FALSE(node.holds(place({3, 2, 0, 0})));
  EXPECT_FALSE(node.inside(0, 2).holds(node));
}

TEST(Place, IsCopiedWithAllItsSteps) {
  const Place deep = place({1, 2, 3, 4, 5, 6});
  Place copy = deep;
  copy.steps.back() = 7;
  EXPECT_EQ(deep.steps.size(), 6U);
  EXPECT_LT(deep, copy);
  EXPECT_TRUE(std::ranges::equal(deep.steps, std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace oe::engine
