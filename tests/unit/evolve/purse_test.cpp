#include "oe/evolve/purse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::evolve::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

SearchLimits limits(std::initializer_list<const char*> texts) {
  SearchLimits all;
  for (const char* text : texts) EXPECT_TRUE(add_limit(all, text)) << text;
  return all;
}

TEST(SearchLimits, AreDollarsRunsOrTime) {
  EXPECT_EQ(limits({"0.50"}), (SearchLimits{.usd = 0.5}));
  EXPECT_EQ(limits({"$2"}), (SearchLimits{.usd = 2}));
  EXPECT_EQ(limits({"40runs"}), (SearchLimits{.runs = 40}));
  EXPECT_EQ(limits({"1run"}), (SearchLimits{.runs = 1}));
  EXPECT_EQ(limits({"90s"}), (SearchLimits{.time = 90s}));
  EXPECT_EQ(limits({"10min"}), (SearchLimits{.time = 10min}));
  EXPECT_EQ(limits({"1.5h"}), (SearchLimits{.time = 90min}));
  EXPECT_EQ(limits({"0"}), (SearchLimits{.usd = 0}));
}
TEST(SearchLimits, HoldTogetherAndTheSmallerOfTwoCounts) {
  EXPECT_EQ(limits({"1", "10min", "40runs", "0.2", "20min", "8runs"}),
            (SearchLimits{.usd = 0.2, .runs = 8, .time = 10min}));
}
TEST(SearchLimits, RefuseEverythingElseAndSayWhatTheyTake) {
  for (const char* text : {"", "$", "runs", "-1", "1.5runs", "5m", "5 min", "0.5usd", "$5runs", "1e9", "nan", "inf", "10minutes", "$-1"}) {
    SearchLimits all;
    const auto refused = add_limit(all, text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().kind(), ErrorKind::usage);
    EXPECT_THAT(refused.error().to_string(), HasSubstr("40runs"));
    EXPECT_EQ(all, SearchLimits{}) << text;
  }
}

TEST(Purse, BeginsNothingThatMayPassTheNumberOfRuns) {
  Purse purse({.runs = 10}, 0us);
  EXPECT_EQ(purse.affords(4, {}, 0us), 4U);
  purse.count_runs(8);
  EXPECT_EQ(purse.affords(4, {}, 0us), 1U) << "a pair is two runs";
  EXPECT_EQ(purse.affords(1, {.runs = 3}, 0us), 0U);
  EXPECT_THAT(purse.ended_by(), HasSubstr("10 trial runs (8 were made)"));
  purse.count_runs(2);
  EXPECT_EQ(purse.affords(1, {}, 0us), 0U);
}
TEST(Purse, BeginsNothingThatIsExpectedToEndTooLate) {
  Purse purse({.time = 10s}, 5s);
  EXPECT_EQ(purse.affords(3, {.time = 4s}, 11s), 3U);
  EXPECT_EQ(purse.ended_by(), "");
  EXPECT_EQ(purse.affords(3, {.time = 4s}, 12s), 0U);
  EXPECT_THAT(purse.ended_by(), HasSubstr("10"));
}
TEST(Purse, BeginsNothingThatMayCostMoreThanIsLeft) {
  Purse purse({.usd = 1.0}, 0us);
  purse.pay({.usd = 0.5});
  purse.pay_advisor(0.2);
  EXPECT_NEAR(*purse.usd_left(), 0.3, 1e-9);
  EXPECT_NEAR(*purse.spent().usd, 0.5, 1e-9) << "what the advisor cost is told apart";
  EXPECT_EQ(purse.affords(5, {.usd = 0.1}, 0us), 2U);
  EXPECT_EQ(purse.affords(5, {.usd = 0.4}, 0us), 0U);
  EXPECT_EQ(purse.affords(5, {.usd = 0}, 0us), 5U) << "what costs nothing goes on";
}
TEST(Purse, WithoutALimitAffordsAnything) {
  Purse purse;
  purse.count_runs(1000);
  purse.pay({.usd = 1000});
  EXPECT_EQ(purse.affords(7, {.runs = 50, .time = 1h, .usd = 9}, 100h), 7U);
  EXPECT_EQ(purse.ended_by(), "");
}

}  // namespace
}  // namespace oe::evolve::test
