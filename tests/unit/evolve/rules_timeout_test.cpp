#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

const graph::Graph kScan =
    GraphBuilder().field("list").tool("find", {}, {"list"}).each("scan", "$.list").timeout(300).edge("find", "scan");

// One run over items that end in time (their milliseconds) or are ended at the limit of 300 (0).
RunBuilder run_of(const std::vector<int>& items, std::string id = "r-1", graph::Graph graph = kScan) {
  RunBuilder run(std::move(graph), std::move(id));
  run.ready("find").succeeds("find", kWhole, 5).ready("scan", items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    items[i] == 0 ? run.times_out("scan", i, 300) : run.succeeds("scan", i, items[i]);
  run.ends("scan");
  return run;
}

Evidence evidence_for(const std::vector<int>& items) {
  return evidence_of(kScan, {run_of(items).finish()});
}

TuneParam longer_limit(const Proposal& proposal) {
  return std::get<TuneParam>(proposal.operation);
}

TEST(TimeoutRule, DoublesALimitThatOtherAttemptsEndNear) {
  const Proposal proposal = the_only(evidence_for({250, 0, 180}));
  EXPECT_EQ(longer_limit(proposal), (TuneParam{{{"scan"}, "timeout_ms", Value::of(600)}, Value::of(300)}));
  EXPECT_EQ(proposal.finding.rule, "timeout-too-short");
  EXPECT_EQ(proposal.finding.node, NodeId{"scan"});
  EXPECT_EQ(proposal.expectation, (Expectation{Expectation::Kind::node_succeeds, {"scan"}, 0}));
}

TEST(TimeoutRule, CitesTheTimeoutsAndTheNearSuccesses) {
  RunBuilder run = run_of({250, 0, 10});
  const Proposal proposal = the_only(evidence_of(kScan, {run.finish()}));
  const auto finished = run.numbers_of<ledger::NodeFinished>();  // find, item 0, item 2, scan
  const auto failed = run.numbers_of<ledger::NodeFailed>();
  EXPECT_EQ(cited(proposal, "r-1"), (std::set{failed.at(0), finished.at(1)}));
}

TEST(TimeoutRule, NamesTheFigures) {
  const Proposal proposal = the_only(evidence_for({250, 0, 180}));
  EXPECT_EQ(proposal.title, "Give scan more time: timeout_ms 300 -> 600");
  EXPECT_NE(proposal.rationale.find("250 ms"), std::string::npos) << proposal.rationale;
}

TEST(TimeoutRule, IsSilentAboutAHang) {
  EXPECT_TRUE(advise(evidence_for({10, 0, 12, 9})).empty());
}
TEST(TimeoutRule, IsSilentJustBelowHalfOfTheLimit) {
  EXPECT_TRUE(advise(evidence_for({149, 0})).empty());
}
TEST(TimeoutRule, SpeaksAtHalfOfTheLimit) {
  EXPECT_EQ(advise(evidence_for({150, 0})).size(), 1U);
}
TEST(TimeoutRule, IsSilentWhenNothingEverSucceeded) {
  EXPECT_TRUE(advise(evidence_for({0, 0, 0})).empty());
}
TEST(TimeoutRule, IsSilentWhenNothingTimedOut) {
  EXPECT_TRUE(advise(evidence_for({290, 280})).empty());
}

TEST(TimeoutRule, IsLowOnOneNearSuccess) {
  EXPECT_EQ(the_only(evidence_for({250, 0})).confidence, Confidence::low);
}
TEST(TimeoutRule, IsMediumOnTwoNearSuccesses) {
  EXPECT_EQ(the_only(evidence_for({250, 0, 200})).confidence, Confidence::medium);
}
TEST(TimeoutRule, IsMediumOnTwoTimeoutsHoweverManySuccesses) {
  EXPECT_EQ(the_only(evidence_for({250, 0, 200, 0, 210, 220})).confidence, Confidence::medium);
}
TEST(TimeoutRule, IsHighOnThreeOfEach) {
  EXPECT_EQ(the_only(evidence_for({250, 0, 200, 0, 210, 0})).confidence, Confidence::high);
}

TEST(TimeoutRule, TakesAttemptsOfAllRunsTogether) {
  const Evidence evidence = evidence_of(kScan, {run_of({0}, "r-1").finish(), run_of({200}, "r-2").finish()});
  const Proposal proposal = the_only(evidence);
  EXPECT_EQ(cited(proposal, "r-1").size(), 1U);
  EXPECT_EQ(cited(proposal, "r-2").size(), 1U);
}

TEST(TimeoutRule, LeavesOutRunsWithAnotherLimit) {
  const graph::Graph shorter =
      GraphBuilder().field("list").tool("find", {}, {"list"}).each("scan", "$.list").timeout(100).edge("find", "scan");
  const Evidence evidence = evidence_of(kScan, {run_of({200, 0}, "r-1", shorter).finish()});
  EXPECT_TRUE(advise(evidence).empty());
}

TEST(TimeoutRule, GoesPastTheSlowestSuccessWhenThatTookLongerThanTheLimit) {
  // A success may pass the limit while its process is being ended: 500 * 1.5 is more than 2 * 300.
  EXPECT_EQ(longer_limit(the_only(evidence_for({500, 0}))).set.value, Value::of(750));
}

TEST(TimeoutRule, RoundsUpToATidyNumber) {
  const graph::Graph odd = GraphBuilder().tool("slow").timeout(1230);
  RunBuilder run(odd);
  run.ready("slow").succeeds("slow", kWhole, 1200, "a").ready("slow").times_out("slow", kWhole, 1230, "b");
  EXPECT_EQ(longer_limit(the_only(evidence_of(odd, {run.finish()}))).set.value, Value::of(2500));
}

TEST(TimeoutRule, DoesNotCountCancelledAttempts) {
  RunBuilder run(kScan);
  run.ready("scan", 2).succeeds("scan", 0, 250).is_cancelled("scan", 1, 300).ends("scan");
  EXPECT_TRUE(advise(evidence_of(kScan, {run.finish()})).empty());
}

TEST(TimeoutRule, ExpectsOnlyFewerFailuresWhereItemsAlsoFailOtherwise) {
  RunBuilder run(kScan);
  run.ready("scan", 3)
      .succeeds("scan", 0, 250)
      .times_out("scan", 1, 300)
      .fails("scan", 2, 5, "no such file")
      .ends("scan");
  const auto proposals = of_rule(evidence_of(kScan, {run.finish()}), "timeout-too-short");
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals[0].expectation, (Expectation{Expectation::Kind::fewer_failed_items, {"scan"}, 2}));
}

TEST(TimeoutRule, CitesAtMostSoManyEventsAsAReaderFollows) {
  const Evidence evidence = evidence_of(
      kScan, {run_of(std::vector<int>(200, 0), "r-1").finish(), run_of(std::vector<int>(200, 250), "r-2").finish()});
  const Proposal proposal = the_only(evidence);
  EXPECT_LE(proposal.finding.citations.size(), 48U);
  EXPECT_FALSE(cited(proposal, "r-1").empty());
  EXPECT_FALSE(cited(proposal, "r-2").empty());
}

}  // namespace
}  // namespace oe::evolve::test
