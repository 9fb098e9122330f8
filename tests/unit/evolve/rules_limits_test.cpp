#include <nlohmann/json.hpp>

#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

using ledger::RunStatus;

const std::string kRefused = "HTTP 429: too many requests";

graph::Graph asking(std::uint32_t width, std::uint32_t runtime = 8) {
  return GraphBuilder()
      .field("list")
      .field("found", graph::Merge::array_append)
      .tool("find", {}, {"list"})
      .each("ask", "$.list", width, {}, {"found"})
      .edge("find", "ask")
      .concurrency(runtime);
}

// `refused` of eight items are sent away, the others take 50 ms.
RecordedRun asked(const graph::Graph& graph, std::string id, std::size_t refused, const std::string& error = kRefused) {
  RunBuilder run(graph, std::move(id));
  run.ready("find").succeeds("find", kWhole, 5).ready("ask", 8);
  for (std::size_t i = 0; i < 8; ++i) i < refused ? run.fails("ask", i, 1, error) : run.succeeds("ask", i, 50);
  if (refused == 0) return run.ends("ask").finish();
  return run.ends("ask", ledger::Outcome::failed).finish(RunStatus::partial);
}

std::vector<Proposal> narrowed(const graph::Graph& graph, std::vector<RecordedRun> runs) {
  return of_rule(evidence_of(graph, std::move(runs)), "rate-limit");
}
Value width_of(const Proposal& proposal) {
  return std::get<TuneParam>(proposal.operation).set.value;
}

TEST(RateLimitRule, HalvesWhatAServiceRefuses) {
  const auto proposals = narrowed(asking(6), {asked(asking(6), "r-1", 3), asked(asking(6), "r-2", 3)});
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(std::get<TuneParam>(proposals[0].operation),
            (TuneParam{{{"ask"}, "for_each.concurrency", Value::of(3)}, Value::of(6)}));
  EXPECT_EQ(proposals[0].expectation, (Expectation{Expectation::Kind::node_succeeds, {"ask"}, 0}));
}
TEST(RateLimitRule, TakesTheWidthThatWasSeenToGoWell) {
  const auto proposals =
      narrowed(asking(6), {asked(asking(4), "r-0", 0), asked(asking(6), "r-1", 3), asked(asking(6), "r-2", 3)});
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(width_of(proposals[0]), Value::of(4));
}
TEST(RateLimitRule, GoesBelowAWidthThatWasRefusedAsWell) {
  const auto proposals =
      narrowed(asking(6), {asked(asking(2), "r-0", 1), asked(asking(6), "r-1", 3), asked(asking(6), "r-2", 3)});
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(width_of(proposals[0]), Value::of(1));
}
TEST(RateLimitRule, OnlyPromisesFewerFailuresBesideOthers) {
  const auto mixed = [](std::string id) {
    RunBuilder run(asking(4), std::move(id));
    run.ready("ask", 4).fails("ask", 0, 1, kRefused).fails("ask", 1, 1, kRefused).fails("ask", 2, 1, "no such city");
    return run.succeeds("ask", 3, 5).ends("ask", ledger::Outcome::failed).finish(RunStatus::partial);
  };
  const auto proposals = narrowed(asking(4), {mixed("r-1"), mixed("r-2")});
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals[0].expectation, (Expectation{Expectation::Kind::fewer_failed_items, {"ask"}, 3}));
}
TEST(RateLimitRule, IsSilentAboutOneRefusal) {
  EXPECT_TRUE(narrowed(asking(6), {asked(asking(6), "r-1", 1)}).empty());
}
TEST(RateLimitRule, IsSilentAboutOtherFailures) {
  const std::string other = "4291 is no article, traceback at line 14290";
  EXPECT_TRUE(narrowed(asking(6), {asked(asking(6), "r-1", 3, other), asked(asking(6), "r-2", 3, other)}).empty());
}
TEST(RateLimitRule, IsSilentWhenItemsRunOneByOneAlready) {
  EXPECT_TRUE(narrowed(asking(1), {asked(asking(1), "r-1", 3), asked(asking(1), "r-2", 3)}).empty());
}
TEST(RateLimitRule, IsSilentWhenTheRunDidNotAllowThatMany) {
  const graph::Graph graph = asking(6, 2);
  EXPECT_TRUE(narrowed(graph, {asked(graph, "r-1", 3), asked(graph, "r-2", 3)}).empty());
}

// ---- serial-fan-out keeps below what was refused

TEST(SerialFanOutRule, StaysBelowTheWidthThatWasRefused) {
  const graph::Graph graph = asking(1);
  const Evidence evidence = evidence_of(
      graph, {asked(asking(6), "r-0", 3), asked(asking(3), "r-1", 0), asked(graph, "r-2", 0), asked(graph, "r-3", 0)});
  const auto proposals = of_rule(evidence, "serial-fan-out");
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(width_of(proposals[0]), Value::of(3));
}
TEST(SerialFanOutRule, IsSilentWhenTwoAtATimeWereRefused) {
  const graph::Graph graph = asking(1);
  EXPECT_TRUE(
      of_rule(evidence_of(graph, {asked(asking(2), "r-0", 3), asked(graph, "r-2", 0)}), "serial-fan-out").empty());
}

// ---- loose-schema

graph::Graph reviewed(std::string_view schema, std::uint32_t repair = 1) {
  graph::Graph graph = GraphBuilder()
                           .field("comment")
                           .field("score")
                           .tool("review", {}, {"comment", "score"})
                           .tool("grade", {"score"})
                           .edge("review", "grade");
  graph.nodes[0].work = graph::Agent{.prompt = "p.md", .ask = {.repair = repair, .schema = json(schema)}};
  return graph;
}
const char* const kLoose = R"({"type":"object","properties":{"comment":{},"score":{}},"required":["comment"]})";

RecordedRun review(const graph::Graph& graph, std::string id, bool has_score, bool is_graded) {
  RunBuilder run(graph, std::move(id));
  run.ready("review").gives("comment", Value::of("fine"));
  if (has_score) run.gives("score", Value::of(7));
  run.succeeds("review", kWhole, 30).ready("grade");
  if (is_graded) return run.succeeds("grade", kWhole, 5).finish();
  return run.fails("grade", kWhole, 5, "no score").finish(RunStatus::partial);
}
std::vector<RecordedRun> reviews(const graph::Graph& graph, std::size_t with, std::size_t without) {
  std::vector<RecordedRun> runs;
  for (std::size_t i = 0; i < with + without; ++i)
    runs.push_back(review(graph, "r-" + std::to_string(i), i < with, i < with));
  return runs;
}
std::vector<Proposal> tightened(const graph::Graph& graph, std::vector<RecordedRun> runs) {
  return of_rule(evidence_of(graph, std::move(runs)), "loose-schema");
}

TEST(LooseSchemaRule, RequiresTheMemberThatTheNextNodeNeeds) {
  const graph::Graph graph = reviewed(kLoose);
  const auto proposals = tightened(graph, reviews(graph, 3, 2));
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(std::get<TuneParam>(proposals[0].operation),
            (TuneParam{{{"review"}, "schema.required", json(R"(["comment","score"])")}, json(R"(["comment"])")}));
  EXPECT_EQ(proposals[0].expectation, (Expectation{Expectation::Kind::node_succeeds, {"grade"}, 0}));
}
TEST(LooseSchemaRule, RequiresTheFirstMemberToo) {
  const graph::Graph graph = reviewed(R"({"type":"object","properties":{"comment":{},"score":{}}})");
  const auto proposals = tightened(graph, reviews(graph, 3, 2));
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(std::get<TuneParam>(proposals[0].operation).set.value, json(R"(["score"])"));
}
TEST(LooseSchemaRule, IsSilentWhenItIsMostlyMissing) {
  const graph::Graph graph = reviewed(kLoose);
  EXPECT_TRUE(tightened(graph, reviews(graph, 3, 7)).empty());
}
TEST(LooseSchemaRule, IsSilentBelowThreeAndTwo) {
  const graph::Graph graph = reviewed(kLoose);
  EXPECT_TRUE(tightened(graph, reviews(graph, 2, 2)).empty());
  EXPECT_TRUE(tightened(graph, reviews(graph, 5, 1)).empty());
}
TEST(LooseSchemaRule, IsSilentWhenTheNextNodeCanDoWithoutIt) {
  const graph::Graph graph = reviewed(kLoose);
  auto runs = reviews(graph, 4, 3);
  runs.push_back(review(graph, "r-x", false, true));
  EXPECT_TRUE(tightened(graph, std::move(runs)).empty());
}
TEST(LooseSchemaRule, IsSilentWhenTheNextNodeFailsWithItToo) {
  const graph::Graph graph = reviewed(kLoose);
  auto runs = reviews(graph, 4, 3);
  runs.push_back(review(graph, "r-x", true, false));
  EXPECT_TRUE(tightened(graph, std::move(runs)).empty());
}
TEST(LooseSchemaRule, IsSilentWhenItIsRequiredOrNeverAskedForAgain) {
  const graph::Graph strict =
      reviewed(R"({"type":"object","properties":{"comment":{},"score":{}},"required":["comment","score"]})");
  EXPECT_TRUE(tightened(strict, reviews(strict, 4, 3)).empty());
  const graph::Graph once = reviewed(kLoose, 0);
  EXPECT_TRUE(tightened(once, reviews(once, 4, 3)).empty());
}

}  // namespace
}  // namespace oe::evolve::test
