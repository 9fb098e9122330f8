#include <nlohmann/json.hpp>

#include "evolve/seen.hpp"
#include "evolve/signature.hpp"
#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

using ledger::RunStatus;

const Value kRows = json(R"([{"id":1,"city":"Oslo"},{"id":2}])");

graph::Graph grouped() {
  return GraphBuilder()
      .field("people")
      .dataset("load", "people.jsonl", graph::RowFormat::jsonl, "people")
      .tool("group", {"people"})
      .edge("load", "group");
}

RunBuilder loaded(std::string id, const graph::Graph& graph = grouped()) {
  RunBuilder run(graph, std::move(id));
  run.ready("load").gives("people", kRows).succeeds("load", kWhole, 1).ready("group");
  return run;
}
RecordedRun crashed(std::string id, const std::string& error = "TypeError: no city",
                    const graph::Graph& graph = grouped()) {
  return loaded(std::move(id), graph).fails("group", kWhole, 5, error, "same").finish(RunStatus::partial);
}
std::vector<Proposal> crashes(std::vector<RecordedRun> runs, Rows files = {}, const graph::Graph& graph = grouped()) {
  return of_rule(evidence_of(graph, std::move(runs), std::move(files)), "crash");
}

TEST(CrashRule, KeepsTheRowsThatANodeCrashesOn) {
  const auto proposals = crashes({crashed("r-1"), crashed("r-2")});
  ASSERT_EQ(proposals.size(), 1U);
  const auto& add = std::get<AddDatasetCase>(proposals[0].operation);
  EXPECT_EQ(add.node, NodeId{"group"});
  EXPECT_EQ(add.file, "cases/group.jsonl");
  EXPECT_TRUE(add.is_wrapped);
  EXPECT_EQ(add.item, Value(nlohmann::json{{"people", kRows.json()}}));
  EXPECT_EQ(add.row.get("error"), Value::of("TypeError: no city"));
  EXPECT_EQ(proposals[0].expectation, (Expectation{Expectation::Kind::case_reproduces, {"group"}, 0}));
  EXPECT_EQ(proposals[0].confidence, Confidence::medium);
}
TEST(CrashRule, KnowsASignalAndTheStatusThatAShellMakesOfIt) {
  EXPECT_EQ(
      crashes({loaded("r-1").with_signal(11).fails("group", kWhole, 1, "ended").finish(RunStatus::partial)}).size(),
      1U);
  EXPECT_EQ(
      crashes({loaded("r-1").with_exit_code(139).fails("group", kWhole, 1, "ended").finish(RunStatus::partial)}).size(),
      1U);
}
TEST(CrashRule, IsSilentAboutAFailureThatIsNoCrash) {
  EXPECT_TRUE(crashes({crashed("r-1", "exit status 2: 3 pages are missing")}).empty());
}
TEST(CrashRule, IsSilentWhenTheSameInputEverWentThrough) {
  const RecordedRun good = loaded("r-0").succeeds("group", kWhole, 5, "same").finish();
  EXPECT_TRUE(crashes({good, crashed("r-1")}).empty());
}
TEST(CrashRule, IsSilentWhenTheNewestAttemptWentThrough) {
  const RecordedRun good = loaded("r-2").succeeds("group", kWhole, 5, "other").finish();
  EXPECT_TRUE(crashes({crashed("r-1"), good}).empty());
}
TEST(CrashRule, IsSilentWhenTheCrashHasItsCase) {
  const Value kept = json(R"([{"item":{"people":[{"id":9}]},"error":"TypeError: no city"}])");
  EXPECT_TRUE(crashes({crashed("r-1")}, {{"cases/group.jsonl", kept}}).empty());
}
TEST(CrashRule, IsSilentWhenAnotherNodeFillsTheFieldAsWell) {
  const graph::Graph graph = GraphBuilder()
                                 .field("people")
                                 .dataset("load", "people.jsonl", graph::RowFormat::jsonl, "people")
                                 .tool("mend", {}, {"people"})
                                 .tool("group", {"people"})
                                 .edge("load", "group");
  EXPECT_TRUE(crashes({crashed("r-1", "TypeError: no city", graph)}, {}, graph).empty());
}

TEST(ErrorSignature, TakesASignalForTheStatusThatASandboxMakesOfIt) {
  EXPECT_EQ(error_signature("ended with signal 11 (SIGSEGV)"), error_signature("ended with exit status 139"));
  EXPECT_EQ(error_signature("signal 9 (SIGKILL): no memory"), error_signature("exit status 137: no memory"));
  EXPECT_NE(error_signature("the signal was lost"), error_signature("the exit status was lost"));
}

// ---- failures that are meant to be

graph::Graph tolerant(std::optional<std::uint32_t> max_failed) {
  graph::Graph graph = GraphBuilder().field("list").tool("find", {}, {"list"}).each("scan", "$.list");
  std::get<graph::Each>(graph.nodes[1].work).max_failed = max_failed;
  return graph;
}
RecordedRun scanned(const graph::Graph& graph, ledger::Outcome outcome) {
  RunBuilder run(graph, "r-1");
  run.ready("find").gives("list", json("[1,2,3]")).succeeds("find", kWhole, 1).ready("scan", 3);
  run.succeeds("scan", 0, 1).fails("scan", 1, 1, "no age", "", Value::of(2)).succeeds("scan", 2, 1);
  return run.ends("scan", outcome).finish();
}

TEST(BreakingItemRule, IsSilentAboutItemsThatMayFail) {
  const graph::Graph may = tolerant(1), must_not = tolerant({});
  EXPECT_TRUE(of_rule(evidence_of(may, {scanned(may, ledger::Outcome::succeeded)}), "breaking-item").empty());
  EXPECT_EQ(of_rule(evidence_of(must_not, {scanned(must_not, ledger::Outcome::failed)}), "breaking-item").size(), 1U);
}

TEST(BreakingItemRule, IsSilentAboutItemsThatAServiceRefused) {
  const graph::Graph graph = tolerant({});
  RunBuilder run(graph, "r-1");
  run.ready("find").gives("list", json("[1,2]")).succeeds("find", kWhole, 1).ready("scan", 2).succeeds("scan", 0, 1);
  run.fails("scan", 1, 1, "HTTP 429: too many requests", "", Value::of(2)).ends("scan", ledger::Outcome::failed);
  EXPECT_TRUE(of_rule(evidence_of(graph, {run.finish(RunStatus::partial)}), "breaking-item").empty());
}

// ---- nodes in pipelines and loops

graph::Graph piped(int limit) {
  graph::Graph stages = GraphBuilder().tool("encode").timeout(limit);
  graph::Graph graph = GraphBuilder().field("list");
  graph::Each pipeline{.source = "$.list", .lanes = 2};
  *pipeline.body = stages;
  pipeline.body->nodes.push_back({.id = {"store"}, .work = graph::Tool{.impl = "./store.mjs"}});
  graph.nodes.push_back({.id = {"work"}, .work = std::move(pipeline)});
  return graph;
}

TEST(TimeoutRule, LooksIntoPipelines) {
  RunBuilder run(piped(100), "r-1");
  run.in_scope({0}).ready("encode").succeeds("encode", kWhole, 80);
  run.in_scope({1}).ready("encode").times_out("encode", kWhole, 100);
  const auto proposals = of_rule(evidence_of(piped(100), {run.finish(RunStatus::partial)}), "timeout-too-short");
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(std::get<TuneParam>(proposals[0].operation).set,
            (formats::SetParameter{{"encode"}, "timeout_ms", Value::of(200)}));
  EXPECT_EQ(proposals[0].expectation.kind, Expectation::Kind::node_succeeds);
}
TEST(TimeoutRule, DoesNotCountItemsInAPipeline) {
  RunBuilder run(piped(100), "r-1");
  run.in_scope({0}).ready("encode").succeeds("encode", kWhole, 80);
  run.in_scope({1}).ready("encode").times_out("encode", kWhole, 100);
  run.in_scope({2}).ready("encode").fails("encode", kWhole, 5, "broken file");
  const auto proposals = of_rule(evidence_of(piped(100), {run.finish(RunStatus::partial)}), "timeout-too-short");
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals[0].expectation.kind, Expectation::Kind::node_succeeds);
}
TEST(FlakyRule, LooksIntoPipelines) {
  RunBuilder run(piped(100), "r-1");
  run.in_scope({0}).ready("encode").fails("encode", kWhole, 8, "busy", "same");
  run.in_scope({1}).ready("encode").succeeds("encode", kWhole, 8, "same");
  EXPECT_EQ(of_rule(evidence_of(piped(100), {run.finish(RunStatus::partial)}), "flaky").size(), 1U);
}
TEST(Seen, ATryOfOneItemOfAPipelineIsNoRetryOfAnother) {
  RunBuilder run(piped(100), "r-1");
  run.in_scope({0}).ready("encode").fails("encode", kWhole, 8, "busy");
  run.in_scope({1}).ready("encode").succeeds("encode", kWhole, 8);
  const RecordedRun recorded = run.finish(RunStatus::partial);
  EXPECT_EQ(unhealed(recorded.state.nodes.at({"encode"})).size(), 1U);
}

}  // namespace
}  // namespace oe::evolve::test
