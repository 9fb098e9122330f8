#include <nlohmann/json.hpp>

#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

using graph::Merge;
using ledger::RunStatus;

// ---- serial-fan-out

graph::Graph fan_out(std::uint32_t each_concurrency, std::uint32_t runtime) {
  return GraphBuilder()
      .field("list")
      .field("found", Merge::array_append)
      .tool("find", {}, {"list"})
      .each("scan", "$.list", each_concurrency, {}, {"found"})
      .edge("find", "scan")
      .concurrency(runtime);
}

// `count` items of `ms` each, one after another, and `other` ms of other work.
RunBuilder fan_out_run(graph::Graph graph, std::size_t count, int ms, int other = 10, std::string id = "r-1") {
  RunBuilder run(std::move(graph), std::move(id));
  run.ready("find").succeeds("find", kWhole, other).ready("scan", count);
  for (std::size_t i = 0; i < count; ++i) run.succeeds("scan", i, ms);
  run.ends("scan");
  return run;
}

Evidence scanned_evidence(std::uint32_t each_concurrency, std::uint32_t runtime, std::size_t count, int ms,
                          int other = 10) {
  const graph::Graph graph = fan_out(each_concurrency, runtime);
  return evidence_of(graph, {fan_out_run(graph, count, ms, other).finish()});
}

TuneParam new_concurrency(const Proposal& proposal) {
  return std::get<TuneParam>(proposal.operation);
}

TEST(SerialFanOutRule, WidensAFanOutThatDominates) {
  const Proposal proposal = the_only(scanned_evidence(1, 4, 8, 50));
  EXPECT_EQ(new_concurrency(proposal), (TuneParam{{{"scan"}, "for_each.concurrency", Value::of(4)}, Value::of(1)}));
  EXPECT_EQ(proposal.finding.rule, "serial-fan-out");
  EXPECT_EQ(proposal.expectation, (Expectation{Expectation::Kind::shorter_wall_time, {"scan"}, 400'000}));
}
TEST(SerialFanOutRule, CitesReadyEndAndTheEndOfTheRun) {
  const graph::Graph graph = fan_out(1, 4);
  RunBuilder run = fan_out_run(graph, 4, 50);
  const Proposal proposal = the_only(evidence_of(graph, {run.finish()}));
  const std::set expected = {run.numbers_of<ledger::NodeReady>().back(), run.numbers_of<ledger::NodeFinished>().back(),
                             run.numbers_of<ledger::RunFinished>().back()};
  EXPECT_EQ(cited(proposal, "r-1"), expected);
}
TEST(SerialFanOutRule, StopsAtEightAndAtTheNumberOfItems) {
  EXPECT_EQ(new_concurrency(the_only(scanned_evidence(1, 32, 24, 50))).set.value, Value::of(8));
  EXPECT_EQ(new_concurrency(the_only(scanned_evidence(1, 32, 5, 50))).set.value, Value::of(5));
}
TEST(SerialFanOutRule, TakesNoMoreThanWhatHelps) {
  // One long item bounds the fan-out: beside it two lanes hold the rest.
  const graph::Graph graph = fan_out(1, 8);
  RunBuilder run(graph);
  run.ready("find").succeeds("find", kWhole, 5).ready("scan", 6).succeeds("scan", 0, 200);
  for (std::size_t i = 1; i < 6; ++i) run.succeeds("scan", i, 40);
  EXPECT_EQ(new_concurrency(the_only(evidence_of(graph, {run.ends("scan").finish()}))).set.value, Value::of(2));
}
TEST(SerialFanOutRule, WidensANarrowFanOut) {
  EXPECT_EQ(new_concurrency(the_only(scanned_evidence(2, 8, 8, 50))),
            (TuneParam{{{"scan"}, "for_each.concurrency", Value::of(8)}, Value::of(2)}));
}

TEST(SerialFanOutRule, IsSilentWhenTheRunsOwnLimitLeavesNoRoom) {
  EXPECT_TRUE(advise(scanned_evidence(1, 1, 8, 50)).empty());
  EXPECT_TRUE(advise(scanned_evidence(4, 4, 8, 50)).empty());
}
TEST(SerialFanOutRule, GoesByTheLimitInForceNotByTheFile) {
  const graph::Graph graph = fan_out(1, 4);
  const Evidence narrow = evidence_of(graph, {fan_out_run(graph, 8, 50).in_force(1).finish()});
  EXPECT_TRUE(advise(narrow).empty());
}
TEST(SerialFanOutRule, IsSilentBelowFourItems) {
  EXPECT_TRUE(advise(scanned_evidence(1, 4, 3, 100)).empty());
  EXPECT_EQ(advise(scanned_evidence(1, 4, 4, 100)).size(), 1U);
}
TEST(SerialFanOutRule, IsSilentAboutShortItems) {
  EXPECT_TRUE(advise(scanned_evidence(1, 4, 20, 19)).empty());
  EXPECT_EQ(advise(scanned_evidence(1, 4, 20, 20)).size(), 1U);
}
TEST(SerialFanOutRule, IsSilentBelowFortyPercentOfTheRun) {
  EXPECT_TRUE(advise(scanned_evidence(1, 4, 4, 50, 301)).empty());
  EXPECT_EQ(advise(scanned_evidence(1, 4, 4, 50, 300)).size(), 1U);
}
TEST(SerialFanOutRule, IsSilentWhenOneItemIsNearlyAll) {
  const graph::Graph graph = fan_out(1, 4);
  RunBuilder run(graph);
  run.ready("scan", 4).succeeds("scan", 0, 300);
  for (std::size_t i = 1; i < 4; ++i) run.succeeds("scan", i, 5);
  EXPECT_TRUE(advise(evidence_of(graph, {run.ends("scan").finish()})).empty());
}
TEST(SerialFanOutRule, IsSilentWhenItemsReadWhatTheyWrite) {
  const graph::Graph graph = GraphBuilder()
                                 .field("list")
                                 .field("found", Merge::array_append)
                                 .each("scan", "$.list", 1, {"found"}, {"found"})
                                 .concurrency(4);
  RunBuilder run(graph);
  run.ready("scan", 8);
  for (std::size_t i = 0; i < 8; ++i) run.succeeds("scan", i, 50);
  EXPECT_TRUE(advise(evidence_of(graph, {run.ends("scan").finish()})).empty());
}
TEST(SerialFanOutRule, IsSilentWhenItemsCompeteForAFieldThatIsSetOnce) {
  const graph::Graph graph = GraphBuilder()
                                 .field("list")
                                 .field("first", Merge::set_once)
                                 .each("scan", "$.list", 1, {}, {"first"})
                                 .concurrency(4);
  RunBuilder run(graph);
  run.ready("scan", 8);
  for (std::size_t i = 0; i < 8; ++i) run.succeeds("scan", i, 50);
  EXPECT_TRUE(advise(evidence_of(graph, {run.ends("scan").finish()})).empty());
}
TEST(SerialFanOutRule, IsSilentAboutItemsThatHang) {
  const graph::Graph graph = fan_out(1, 4);
  RunBuilder run(graph);
  run.ready("find").succeeds("find", kWhole, 5).ready("scan", 8);
  for (std::size_t i = 0; i < 8; ++i) i < 3 ? run.succeeds("scan", i, 50) : run.times_out("scan", i, 300);
  EXPECT_TRUE(advise(evidence_of(graph, {run.ends("scan").finish(RunStatus::partial)})).empty());
}
TEST(SerialFanOutRule, IsSilentAboutARunThatWasCutShort) {
  const graph::Graph graph = fan_out(1, 4);
  EXPECT_TRUE(advise(evidence_of(graph, {fan_out_run(graph, 8, 50).finish(RunStatus::cancelled)})).empty());
}

TEST(SerialFanOutRule, GrowsSurerWithRunsAndItems) {
  const graph::Graph graph = fan_out(1, 4);
  const auto run = [&](std::string id, std::size_t count) {
    return fan_out_run(graph, count, 50, 10, std::move(id)).finish();
  };
  EXPECT_EQ(the_only(evidence_of(graph, {run("r-1", 7)})).confidence, Confidence::low);
  EXPECT_EQ(the_only(evidence_of(graph, {run("r-1", 8)})).confidence, Confidence::medium);
  EXPECT_EQ(the_only(evidence_of(graph, {run("r-1", 4), run("r-2", 4)})).confidence, Confidence::medium);
  EXPECT_EQ(the_only(evidence_of(graph, {run("r-1", 4), run("r-2", 4), run("r-3", 4)})).confidence, Confidence::high);
}
TEST(SerialFanOutRule, HoldsTheTrialAgainstTheFastestRun) {
  const graph::Graph graph = fan_out(1, 4);
  const Evidence evidence =
      evidence_of(graph, {fan_out_run(graph, 4, 50, 1, "r-1").finish(), fan_out_run(graph, 4, 90, 1, "r-2").finish()});
  EXPECT_EQ(the_only(evidence).expectation.before, 200'000U);
}

// ---- serial-siblings

graph::Graph siblings(std::uint32_t runtime = 1) {
  return GraphBuilder()
      .field("a")
      .field("b")
      .tool("left", {}, {"a"})
      .tool("right", {}, {"b"})
      .tool("join", {"a", "b"})
      .edge("left", "join")
      .edge("right", "join")
      .concurrency(runtime);
}

RunBuilder ran(graph::Graph graph, int left, int right, int join = 10, std::string id = "r-1") {
  RunBuilder run(std::move(graph), std::move(id));
  run.ready("left").succeeds("left", kWhole, left).ready("right").succeeds("right", kWhole, right);
  run.ready("join").succeeds("join", kWhole, join);
  return run;
}

Evidence sibling_evidence(int left, int right, int join = 10) {
  return evidence_of(siblings(), {ran(siblings(), left, right, join).finish()});
}

TEST(SerialSiblingsRule, LetsIndependentNodesOverlap) {
  const Proposal proposal = the_only(sibling_evidence(100, 100));
  EXPECT_EQ(new_concurrency(proposal), (TuneParam{{{}, "runtime.concurrency", Value::of(2)}, Value::of(1)}));
  EXPECT_EQ(proposal.finding.rule, "serial-siblings");
  EXPECT_TRUE(proposal.finding.node.empty());
  EXPECT_EQ(proposal.expectation, (Expectation{Expectation::Kind::shorter_wall_time, {}, 210'000}));
  EXPECT_NE(proposal.rationale.find("left, right"), std::string::npos) << proposal.rationale;
}
TEST(SerialSiblingsRule, CitesTheSiblingsAndTheEndOfTheRun) {
  RunBuilder run = ran(siblings(), 100, 100);
  const Proposal proposal = the_only(evidence_of(siblings(), {run.finish()}));
  const auto finished = run.numbers_of<ledger::NodeFinished>();
  EXPECT_EQ(cited(proposal, "r-1"),
            (std::set{finished.at(0), finished.at(1), run.numbers_of<ledger::RunFinished>().at(0)}));
}
TEST(SerialSiblingsRule, IsSilentBelowAQuarterOfTheRun) {
  EXPECT_TRUE(advise(sibling_evidence(100, 100, 201)).empty());
  EXPECT_EQ(advise(sibling_evidence(100, 100, 200)).size(), 1U);
}
TEST(SerialSiblingsRule, IsSilentAboutFewMilliseconds) {
  EXPECT_TRUE(advise(sibling_evidence(49, 49)).empty());
  EXPECT_EQ(advise(sibling_evidence(50, 50)).size(), 1U);
}
TEST(SerialSiblingsRule, IsSilentAboutAChain) {
  const graph::Graph chain =
      GraphBuilder().tool("left").tool("right").tool("join").edge("left", "right").edge("right", "join");
  EXPECT_TRUE(advise(evidence_of(chain, {ran(chain, 500, 500).finish()})).empty());
}
TEST(SerialSiblingsRule, SeesDependenceThroughTheState) {
  const graph::Graph hidden =
      GraphBuilder().field("a").tool("left", {}, {"a"}).tool("right", {"a"}).tool("join").edge("right", "join");
  EXPECT_TRUE(advise(evidence_of(hidden, {ran(hidden, 500, 500).finish()})).empty());
}
TEST(SerialSiblingsRule, SeesWritersOfAFieldThatIsSetOnce) {
  const graph::Graph once = GraphBuilder()
                                .field("a", Merge::set_once)
                                .tool("left", {}, {"a"})
                                .tool("right", {}, {"a"})
                                .tool("join")
                                .edge("right", "join");
  EXPECT_TRUE(advise(evidence_of(once, {ran(once, 500, 500).finish()})).empty());
}
TEST(SerialSiblingsRule, LetsWritersOfAnAppendedFieldOverlap) {
  const graph::Graph append = GraphBuilder()
                                  .field("a", Merge::array_append)
                                  .tool("left", {}, {"a"})
                                  .tool("right", {}, {"a"})
                                  .tool("join", {"a"})
                                  .edge("right", "join");
  EXPECT_EQ(of_rule(evidence_of(append, {ran(append, 500, 500).finish()}), "serial-siblings").size(), 1U);
}
TEST(SerialSiblingsRule, IsSilentWhenTheFileAllowsMoreAlready) {
  EXPECT_TRUE(advise(evidence_of(siblings(2), {ran(siblings(2), 500, 500).in_force(1).finish()})).empty());
}
TEST(SerialSiblingsRule, IsSilentWhenTheRunHadMoreInFlight) {
  EXPECT_TRUE(advise(evidence_of(siblings(), {ran(siblings(), 500, 500).in_force(4).finish()})).empty());
}
TEST(SerialSiblingsRule, LeavesOutRunsOfAnotherGraph) {
  graph::Graph other = siblings();
  other.edges.push_back({.from = {"left"}, .to = {"right"}});
  EXPECT_TRUE(advise(evidence_of(other, {ran(siblings(), 500, 500).finish()})).empty());
}
TEST(SerialSiblingsRule, OpensTheLimitForAFanOutThatIsAllowedMore) {
  const graph::Graph graph = fan_out(4, 1);
  const Proposal proposal = the_only(evidence_of(graph, {fan_out_run(graph, 8, 50).finish()}));
  EXPECT_EQ(new_concurrency(proposal).set, (formats::SetParameter{{}, "runtime.concurrency", Value::of(4)}));
}
TEST(SerialSiblingsRule, IsSilentWhenTwoValuesWouldHaveToChange) {
  EXPECT_TRUE(advise(evidence_of(fan_out(1, 1), {fan_out_run(fan_out(1, 1), 8, 50).finish()})).empty());
}
TEST(SerialSiblingsRule, TakesNoMoreThanEight) {
  GraphBuilder builder;
  for (int i = 0; i < 20; ++i) builder.tool("n" + std::to_string(i));
  RunBuilder run(builder);
  for (int i = 0; i < 20; ++i) {
    const std::string id = "n" + std::to_string(i);
    run.ready(id).succeeds(id, kWhole, 50);
  }
  const Proposal proposal = the_only(evidence_of(builder, {run.finish()}));
  EXPECT_LE(new_concurrency(proposal).set.value.json().get<int>(), 8);
  EXPECT_NE(proposal.finding.claim.find("and 16 more"), std::string::npos) << proposal.finding.claim;
}
TEST(SerialSiblingsRule, GrowsSurerWithRunsAndShare) {
  const auto run = [](std::string id, int join) { return ran(siblings(), 100, 100, join, std::move(id)).finish(); };
  EXPECT_EQ(the_only(evidence_of(siblings(), {run("r-1", 150)})).confidence, Confidence::low);    // 29 %
  EXPECT_EQ(the_only(evidence_of(siblings(), {run("r-1", 50)})).confidence, Confidence::medium);  // 40 %
  EXPECT_EQ(the_only(evidence_of(siblings(), {run("r-1", 150), run("r-2", 150)})).confidence, Confidence::medium);
  EXPECT_EQ(the_only(evidence_of(siblings(), {run("r-1", 10), run("r-2", 10), run("r-3", 10)})).confidence,
            Confidence::high);
}

}  // namespace
}  // namespace oe::evolve::test
