#include "oe/evolve/calibration.hpp"

#include <gtest/gtest.h>

namespace oe::evolve::test {
namespace {

AfterMerge merge_of(const std::string& confidence, double e_value, Fulfilment fulfilment, bool is_less = false) {
  AfterMerge merge;
  merge.record.made.confidence = confidence;
  merge.promise = Promise{.e_value = e_value};
  merge.expectation = Expectation{};
  merge.realised.fulfilment = fulfilment;
  merge.realised.is_less = is_less;
  return merge;
}

TEST(Calibration, CountsWhatHappenedByConfidenceAndByStrengthOfTheEvidence) {
  AfterMerge never_run = merge_of("low", 20, Fulfilment::came_true);
  never_run.gap = "nothing was run since";
  const Calibration table =
      calibration({merge_of("high", 2'000, Fulfilment::came_true), merge_of("high", 150, Fulfilment::came_true, true),
                   merge_of("high", 150, Fulfilment::broken), merge_of("low", 99, Fulfilment::unknown), never_run});
  const CalibrationRow& high = table.by_confidence[0];
  EXPECT_EQ(high.level, "high");
  EXPECT_EQ(high.merged, 3U);
  EXPECT_EQ(high.came_true, 2U);
  EXPECT_EQ(high.less, 1U);
  EXPECT_EQ(high.broken, 1U);
  EXPECT_EQ(high.share, stats::proportion_interval(2, 3, 0.95));
  EXPECT_EQ(table.by_confidence[1].merged, 0U);
  EXPECT_EQ(table.by_confidence[2].unknown, 2U) << "what was never run is not known, whatever else it says";
  EXPECT_EQ(table.by_evidence[0].merged, 2U);
  EXPECT_EQ(table.by_evidence[1].merged, 2U);
  EXPECT_EQ(table.by_evidence[2].merged, 1U);
  EXPECT_EQ(table.all.merged, 5U);
}
TEST(Calibration, LeavesOutWhatPromisedNothing) {
  AfterMerge no_gain = merge_of("high", 1, Fulfilment::unknown), no_proof = no_gain;
  no_gain.promise.reset();
  no_proof.promise.reset();
  no_proof.expectation.reset();
  const Calibration table = calibration({no_gain, no_proof});
  EXPECT_EQ(table.all.merged, 0U);
  EXPECT_EQ(table.without_promise, 1U);
  EXPECT_EQ(table.without_proof, 1U);
  EXPECT_EQ(table.all.share, (stats::Interval{0, 1})) << "nothing is known";
}

}  // namespace
}  // namespace oe::evolve::test
