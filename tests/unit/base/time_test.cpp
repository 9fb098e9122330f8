#include <gtest/gtest.h>

#include "oe/base/digest.hpp"
#include "oe/base/ids.hpp"

namespace oe {
namespace {

using namespace std::chrono_literals;

TEST(Timestamp, RoundTripsAsRfc3339) {
  const Timestamp time = Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)) + 9h + 4ms;
  EXPECT_EQ(to_rfc3339(time), "2026-06-01T09:00:00.004Z");
  EXPECT_EQ(from_rfc3339(to_rfc3339(time)), time);
}

TEST(Timestamp, RefusesAnyOtherShape) {
  EXPECT_EQ(from_rfc3339("2026-06-01T09:00:00Z"), std::nullopt);
  EXPECT_EQ(from_rfc3339("2026-13-01T09:00:00.000Z"), std::nullopt);
}

TEST(RunId, SortsByTime) {
  EXPECT_LT(make_run_id(Timestamp(1ms), 31), make_run_id(Timestamp(2ms), 0));
}
TEST(RunId, DiffersWithinAMillisecond) {
  EXPECT_NE(make_run_id(Timestamp(1ms), 1), make_run_id(Timestamp(1ms), 2));
}

TEST(Digest, IsSha256) {  // FIPS 180-4 example
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Duration, ReadsWell) {
  EXPECT_EQ(human_duration(850ms), "850 ms");
  EXPECT_EQ(human_duration(2310ms), "2.31 s");
  EXPECT_EQ(human_duration(64s), "1 m 04 s");
}

}  // namespace
}  // namespace oe
