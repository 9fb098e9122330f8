#include "cli/since.hpp"

#include <gtest/gtest.h>

namespace oe::cli {
namespace {

using namespace std::chrono_literals;

const Timestamp kNow = *from_rfc3339("2026-11-21T08:00:00.000Z");

TEST(MomentSince, CountsBackFromNow) {
  EXPECT_EQ(moment_since("90m", kNow), kNow - 90min);
  EXPECT_EQ(moment_since("12h", kNow), kNow - 12h);
  EXPECT_EQ(moment_since("7d", kNow), kNow - 168h);
  EXPECT_EQ(moment_since("2w", kNow), kNow - 336h);
}
TEST(MomentSince, TakesTheBeginningOfADay) {
  EXPECT_EQ(moment_since("2026-11-01", kNow), from_rfc3339("2026-11-01T00:00:00.000Z"));
}
TEST(MomentSince, RefusesEverythingElse) {
  for (const char* text : {"", "d", "7", "7y", "-7d", "7.5d", " 7d", "7d ", "2026-13-01", "yesterday", "99999999999d"})
    EXPECT_EQ(moment_since(text, kNow), std::nullopt) << text;
}

}  // namespace
}  // namespace oe::cli
