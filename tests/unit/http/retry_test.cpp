#include "oe/http/retry.hpp"

#include <gtest/gtest.h>

namespace oe::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// 2026-01-01T00:00:00Z
const Timestamp kNow{seconds(1767225600)};

std::optional<milliseconds> wait_of(const std::string& value) {
  return asked_wait({{"Retry-After", value}}, kNow);
}

TEST(AskedWait, TakesMillisecondsBeforeSeconds) {
  EXPECT_EQ(asked_wait({{"retry-after", "3"}, {"retry-after-ms", "250"}}, kNow), milliseconds(250));
  EXPECT_EQ(asked_wait({{"retry-after-ms", "12.6"}}, kNow), milliseconds(13));
}

TEST(AskedWait, TakesSecondsAlsoWithAFraction) {
  EXPECT_EQ(wait_of("3"), seconds(3));
  EXPECT_EQ(wait_of("0"), seconds(0));
  EXPECT_EQ(wait_of("0.25"), milliseconds(250));
}

TEST(AskedWait, TakesTheThreeFormsOfAnHttpDate) {
  EXPECT_EQ(wait_of("Thu, 01 Jan 2026 00:01:00 GMT"), seconds(60));
  EXPECT_EQ(wait_of("Thursday, 01-Jan-26 00:01:00 GMT"), seconds(60));
  EXPECT_EQ(wait_of("Thu Jan  1 00:01:00 2026"), seconds(60));
}

TEST(AskedWait, IsNoTimeForADateThatHasPassed) {
  EXPECT_EQ(wait_of("Wed, 31 Dec 2025 23:59:59 GMT"), milliseconds(0));
}

TEST(AskedWait, IsNothingWhereTheServerSaysNothingThatMakesSense) {
  EXPECT_EQ(asked_wait({}, kNow), std::nullopt);
  for (const char* text :
       {"", "soon", "-1", "3 s", "nan", "inf", "1e300", "Thu, 01 Jan 2026", "Thu, 01 Jan 2026 00:01:00 GMT x"})
    EXPECT_EQ(wait_of(text), std::nullopt) << text;
}

TEST(AskedWait, PassesOverMillisecondsThatMakeNoSense) {
  EXPECT_EQ(asked_wait({{"retry-after-ms", "x"}, {"retry-after", "2"}}, kNow), seconds(2));
}

TEST(ToldToRetry, KnowsYesNoAndNothing) {
  EXPECT_EQ(told_to_retry({{"X-Should-Retry", "true"}}), true);
  EXPECT_EQ(told_to_retry({{"x-should-retry", "false"}}), false);
  EXPECT_EQ(told_to_retry({{"x-should-retry", "maybe"}}), std::nullopt);
  EXPECT_EQ(told_to_retry({}), std::nullopt);
}

TEST(IsTransient, IsTrueForTimeoutsConflictsLimitsAndFaultsOfTheServer) {
  for (const int status : {408, 409, 429, 500, 502, 503, 504, 529}) EXPECT_TRUE(is_transient(status)) << status;
  for (const int status : {200, 301, 400, 401, 402, 403, 404, 413, 422}) EXPECT_FALSE(is_transient(status)) << status;
}

TEST(Backoff, DoublesFromHalfASecondUpToEight) {
  EXPECT_EQ(backoff(1, 0), milliseconds(500));
  EXPECT_EQ(backoff(2, 0), seconds(1));
  EXPECT_EQ(backoff(5, 0), seconds(8));
  EXPECT_EQ(backoff(6, 0), seconds(8));
  EXPECT_EQ(backoff(4'000'000'000, 0), seconds(8));
}

TEST(Backoff, TakesUpToAQuarterAway) {
  EXPECT_EQ(backoff(2, 0.5), milliseconds(875));
  EXPECT_EQ(backoff(2, 0.96), milliseconds(760));
}

}  // namespace
}  // namespace oe::http
