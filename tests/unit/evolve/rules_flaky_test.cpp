#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

using ledger::RunStatus;

const graph::Graph kFetch = GraphBuilder().tool("fetch");

graph::Graph with_policy(graph::OnError policy) {
  return GraphBuilder().tool("fetch").on_error(policy);
}
graph::OnError retry(std::uint32_t attempts) {
  return {graph::ErrorPolicy::retry, attempts, graph::Backoff::linear, std::chrono::milliseconds(50)};
}

RecordedRun good(std::string id, const std::string& input = "same", graph::Graph graph = kFetch) {
  return RunBuilder(std::move(graph), std::move(id)).ready("fetch").succeeds("fetch", kWhole, 5, input).finish();
}
RecordedRun bad(std::string id, const std::string& input = "same", graph::Graph graph = kFetch) {
  return RunBuilder(std::move(graph), std::move(id))
      .ready("fetch")
      .fails("fetch", kWhole, 5, "connection reset", input)
      .finish(RunStatus::failed);
}

TuneParam new_policy(const Proposal& proposal) {
  return std::get<TuneParam>(proposal.operation);
}
Value retry_value(int attempts, int base_ms = 200, std::string_view backoff = "exponential") {
  return json(R"({"policy":"retry","attempts":)" + std::to_string(attempts) + R"(,"backoff":")" + std::string(backoff) +
              R"(","base_ms":)" + std::to_string(base_ms) + "}");
}

TEST(FlakyRule, ProposesRetryForAFailureThatAnotherRunRefutes) {
  const Proposal proposal = the_only(evidence_of(kFetch, {bad("r-1"), good("r-2")}));
  EXPECT_EQ(new_policy(proposal), (TuneParam{{{"fetch"}, "on_error", retry_value(4)}, json(R"({"policy":"skip"})")}));
  EXPECT_EQ(proposal.finding.rule, "flaky");
  EXPECT_EQ(proposal.expectation, (Expectation{Expectation::Kind::node_succeeds, {"fetch"}, 0}));
}

TEST(FlakyRule, CitesTheFailureAndTheSuccess) {
  const Proposal proposal = the_only(evidence_of(kFetch, {bad("r-1"), good("r-2")}));
  EXPECT_EQ(proposal.finding.citations, (std::vector<Citation>{{{"r-1"}, 4}, {{"r-2"}, 4}}));
  EXPECT_NE(proposal.rationale.find("connection reset"), std::string::npos);
}

TEST(FlakyRule, IsSilentOnAnotherInput) {
  EXPECT_TRUE(advise(evidence_of(kFetch, {bad("r-1", "a"), good("r-2", "b")})).empty());
}
TEST(FlakyRule, IsSilentWithoutAnInputDigest) {
  // Attempts that never started have none; two of them are not "the same input".
  RecordedRun first = bad("r-1"), second = good("r-2");
  first.state.nodes.at({"fetch"}).attempts[0].input_digest.clear();
  second.state.nodes.at({"fetch"}).attempts[0].input_digest.clear();
  EXPECT_TRUE(advise(evidence_of(kFetch, {first, second})).empty());
}
TEST(FlakyRule, IsSilentWhenTheFailureIsTheSameEveryTime) {
  EXPECT_TRUE(advise(evidence_of(kFetch, {bad("r-1"), bad("r-2"), bad("r-3")})).empty());
}
TEST(FlakyRule, IsSilentWhenItWorkedFirstAndFailsSince) {
  EXPECT_TRUE(advise(evidence_of(kFetch, {good("r-1"), bad("r-2"), bad("r-3")})).empty());
}
TEST(FlakyRule, IsSilentAboutFailRun) {
  const graph::Graph strict = with_policy({.policy = graph::ErrorPolicy::fail_run});
  EXPECT_TRUE(advise(evidence_of(strict, {bad("r-1", "x", strict), good("r-2", "x", strict)})).empty());
}
TEST(FlakyRule, LeavesTimeoutsToTheOtherRule) {
  const graph::Graph timed = GraphBuilder().tool("fetch").timeout(1000);
  RunBuilder slow(timed, "r-1");
  slow.ready("fetch").times_out("fetch", kWhole, 1000, "same");
  EXPECT_TRUE(advise(evidence_of(timed, {slow.finish(), good("r-2", "same", timed)})).empty());
}

TEST(FlakyRule, IsSilentWhenACommitBetweenTheRunsMayHaveMendedTheTool) {
  RunBuilder before(kFetch, "r-1"), after(kFetch, "r-2");
  before.head("c1").ready("fetch").fails("fetch", kWhole, 5, "bug", "same");
  after.head("c2").ready("fetch").succeeds("fetch", kWhole, 5, "same");
  EXPECT_TRUE(advise(evidence_of(kFetch, {before.finish(RunStatus::failed), after.finish()})).empty());
}
TEST(FlakyRule, WarnsOfAMendedToolWhenAllFailuresCameFirst) {
  const Proposal proposal = the_only(evidence_of(kFetch, {bad("r-1"), good("r-2")}));
  EXPECT_EQ(proposal.confidence, Confidence::low);
  EXPECT_NE(proposal.rationale.find("mended"), std::string::npos);
}
TEST(FlakyRule, IsMediumWhenFailuresAndSuccessesAlternate) {
  const Proposal proposal = the_only(evidence_of(kFetch, {good("r-1"), bad("r-2"), good("r-3")}));
  EXPECT_EQ(proposal.confidence, Confidence::medium);
  EXPECT_EQ(proposal.rationale.find("mended"), std::string::npos);
}
TEST(FlakyRule, IsHighOnThreeRefutedFailures) {
  const Evidence evidence =
      evidence_of(kFetch, {bad("r-1"), good("r-2"), bad("r-3"), good("r-4"), bad("r-5"), good("r-6")});
  EXPECT_EQ(the_only(evidence).confidence, Confidence::high);
}

// One failure among `tries` on the same input.
Evidence one_of(int tries) {
  std::vector<RecordedRun> runs = {good("r-0"), bad("r-1")};
  for (int i = 2; i < tries; ++i) runs.push_back(good("r-" + std::to_string(i)));
  return evidence_of(kFetch, std::move(runs));
}

TEST(FlakyRule, ChoosesAttemptsSoThatOneInAHundredFails) {
  EXPECT_EQ(new_policy(the_only(one_of(10))).set.value, retry_value(2));  // 0.1^2 = 1 %
  EXPECT_EQ(new_policy(the_only(one_of(5))).set.value, retry_value(3));   // 0.2^3 = 0.8 %
  EXPECT_EQ(new_policy(the_only(one_of(3))).set.value, retry_value(4));   // 0.33^4 = 1.2 %, at the cap
}
TEST(FlakyRule, ProposesAtLeastTwoAttempts) {
  EXPECT_EQ(new_policy(the_only(one_of(50))).set.value, retry_value(2));
}

TEST(FlakyRule, IsSilentWhereRetryHealsIt) {
  const graph::Graph healing = with_policy(retry(2));
  RunBuilder run(healing);
  run.ready("fetch").fails_and_retries("fetch", kWhole, 5, "reset", "same").succeeds("fetch", kWhole, 5, "same");
  EXPECT_TRUE(advise(evidence_of(healing, {run.finish()})).empty());
}
TEST(FlakyRule, AsksForMoreAttemptsWhereRetryIsUsedUp) {
  const graph::Graph healing = with_policy(retry(2));
  RunBuilder run(healing, "r-1");
  run.ready("fetch").fails_and_retries("fetch", kWhole, 5, "reset", "same").fails("fetch", kWhole, 5, "reset", "same");
  const Evidence evidence = evidence_of(healing, {run.finish(RunStatus::failed), good("r-2", "same", healing)});
  const TuneParam tune = new_policy(the_only(evidence));
  EXPECT_EQ(tune.set.value, retry_value(4, 50, "linear")) << "pauses stay as they are";
  EXPECT_EQ(tune.from, retry_value(2, 50, "linear"));
}
TEST(FlakyRule, IsSilentAtTheCap) {
  const graph::Graph patient = with_policy(retry(4));
  EXPECT_TRUE(advise(evidence_of(patient, {bad("r-1", "x", patient), good("r-2", "x", patient)})).empty());
}

const graph::Graph kEach =
    GraphBuilder().field("urls").tool("find", {}, {"urls"}).each("fetch", "$.urls").edge("find", "fetch");

RecordedRun items(std::string id, const std::vector<std::string>& errors) {
  RunBuilder run(kEach, std::move(id));
  run.ready("find").succeeds("find", kWhole, 1).ready("fetch", errors.size());
  for (std::size_t i = 0; i < errors.size(); ++i)
    errors[i].empty() ? run.succeeds("fetch", i, 5) : run.fails("fetch", i, 5, errors[i]);
  return run.ends("fetch").finish(RunStatus::partial);
}

TEST(FlakyRule, ComparesItemByItem) {
  const Proposal proposal =
      the_only(evidence_of(kEach, {items("r-1", {"", "reset", ""}), items("r-2", {"reset", "", ""})}));
  EXPECT_EQ(proposal.confidence, Confidence::medium) << "no mended tool explains that item 0 fails later";
  EXPECT_EQ(new_policy(proposal).set.node, NodeId{"fetch"});
}
TEST(FlakyRule, ExpectsOnlyFewerFailuresBesideAnItemThatAlwaysFails) {
  const std::vector<std::string> first = {"", "reset", "bad item"}, second = {"", "", "bad item"};
  const auto proposals = of_rule(evidence_of(kEach, {items("r-1", first), items("r-2", second)}), "flaky");
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals[0].expectation, (Expectation{Expectation::Kind::fewer_failed_items, {"fetch"}, 2}));
}
TEST(FlakyRule, DoesNotLetABrokenItemRaiseTheRate) {
  // The item that always fails counts neither as flaky nor in the rate: 1 failure in 6 attempts.
  const std::vector<std::string> first = {"reset", "", "", "bad"}, second = {"", "", "", "bad"};
  const auto proposals = of_rule(evidence_of(kEach, {items("r-1", first), items("r-2", second)}), "flaky");
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(new_policy(proposals[0]).set.value, retry_value(3));
}

}  // namespace
}  // namespace oe::evolve::test
