#include "evolve/front.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evolve/case_gains.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::ElementsAre;

Standing gains(std::initializer_list<double> values, const std::string& metric = "success") {
  Standing standing;
  std::size_t number = 0;
  for (const double value : values) standing.gains[{"r-" + std::to_string(++number), metric}] = value;
  return standing;
}

TEST(Front, KeepsWhoeverIsBestOnSomeCase) {
  EXPECT_THAT(front({Standing{}, gains({1, 0, 0}), gains({0, 1, 1})}), ElementsAre(2, 1));
  EXPECT_THAT(front({Standing{}, gains({1, 0, 0}), gains({1, 1, 0}), gains({0, 0, 1})}), ElementsAre(2, 3));
}
TEST(Front, HasTheWorkflowAsItIsWhileNothingBeatsItEverywhere) {
  EXPECT_THAT(front({Standing{}}), ElementsAre(0));
  EXPECT_THAT(front({Standing{}, gains({1, -1})}), ElementsAre(1, 0)) << "what loses somewhere does not replace it";
  EXPECT_THAT(front({Standing{}, gains({0, 0})}), ElementsAre(0, 1));
}
TEST(Front, DoesNotTakeNoiseForALead) {
  EXPECT_FALSE(dominates(gains({0.55, 0.5}), gains({0.5, 0.5})));
  EXPECT_TRUE(dominates(gains({0.7, 0.45}), gains({0.5, 0.5})));
  EXPECT_FALSE(dominates(gains({0.7, 0.3}), gains({0.5, 0.5})));
}
TEST(Front, HoldsGainsOfDifferentMetricsApart) {
  EXPECT_THAT(front({gains({1}, "success"), gains({0.5}, "time")}), ElementsAre(0, 1));
}
TEST(Front, OfTwoThatAreAlikeKeepsTheFirst) {
  EXPECT_THAT(front({gains({1, 0.5}), gains({1, 0.5})}), ElementsAre(0));
}
TEST(Standing, OfAChildAddsToThatOfItsParent) {
  const Standing child = stacked(gains({1, 0}), gains({0, 0.5, 1}));
  EXPECT_EQ(child, gains({1, 0.5, 1}));
  EXPECT_TRUE(dominates(child, gains({1, 0})));
}

TEST(CaseGains, AreMeansOfTheGoalsByCase) {
  const Metric success{"success", Direction::higher, Role::goal, Scale::yes_no};
  const Metric time{"time", Direction::lower, Role::goal, Scale::relative, 0.2, "s"};
  const Metric guard{"failures", Direction::lower, Role::guard, Scale::absolute, 1};
  CaseGains gains({success, time, guard});
  gains.see({.case_name = "r-1", .base = {0.0, 10.0, 5.0}, .candidate = {1.0, 5.0, 0.0}});
  gains.see({.case_name = "r-1", .base = {1.0, 10.0, 5.0}, .candidate = {1.0, 9.0, 0.0}});
  gains.see({.case_name = "r-2", .base = {1.0, std::nullopt, 0.0}, .candidate = {0.0, 3.0, 0.0}});
  gains.see({.case_name = "r-3", .base = {std::nullopt, std::nullopt, 0.0}, .candidate = {std::nullopt, std::nullopt, 0.0}});
  Standing expected;
  expected.gains = {{{"r-1", "success"}, 0.5}, {{"r-1", "time"}, 0.25}, {{"r-2", "success"}, -1}, {{"r-2", "time"}, 1}};
  EXPECT_EQ(read_standing(gains.to_value()), expected);
}
TEST(CaseGains, AreReadBackWhateverStandsThere) {
  EXPECT_EQ(read_standing(Value()), Standing{});
  EXPECT_EQ(read_standing(*Value::parse(R"([1, {"case":"r-1"}, {"case":"r-1","metric":"m","gain":"x"}, null])")), Standing{});
}
TEST(CaseTrial, RoundTrips) {
  const std::vector<CaseTrial> trials = {{{"t-new-1"}, {"r-1"}, false}, {{"t-new-2"}, {"r-2"}, true}};
  EXPECT_EQ(to_trials(to_value(trials)), trials);
  EXPECT_TRUE(to_trials(*Value::parse(R"([1, {"run": 3}, {"run": "t-1"}, null])")).empty());
  EXPECT_TRUE(to_trials(Value()).empty());
}

}  // namespace
}  // namespace oe::evolve::test
