#include <nlohmann/json.hpp>

#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

graph::Graph parser() {
  return GraphBuilder().field("table").tool("parse", {}, {"table"}).tool("print");
}

RecordedRun parsed(const graph::Graph& graph, std::string id, const std::string& input, const std::string& output,
                   int ms = 200, int other = 50) {
  RunBuilder run(graph, std::move(id));
  run.ready("parse").gives("table", Value::of(output)).succeeds("parse", kWhole, ms, input);
  return run.ready("print").succeeds("print", kWhole, other).finish();
}

// Each input so many times, in runs of its own.
std::vector<RecordedRun> repeated(const graph::Graph& graph, std::size_t times, std::vector<std::string> inputs) {
  std::vector<RecordedRun> runs;
  for (std::size_t i = 0; i < times; ++i) {
    for (const std::string& input : inputs)
      runs.push_back(parsed(graph, "r-" + std::to_string(runs.size()), input, "table of " + input));
  }
  return runs;
}

std::vector<Proposal> kept(const graph::Graph& graph, std::vector<RecordedRun> runs) {
  return of_rule(evidence_of(graph, std::move(runs)), "cache");
}

template <class Change>
graph::Graph with(graph::Graph graph, Change change) {
  change(graph.nodes.front());
  return graph;
}

TEST(CacheRule, KeepsResultsThatGoByTheInput) {
  const auto proposals = kept(parser(), repeated(parser(), 3, {"a", "b"}));
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(std::get<TuneParam>(proposals[0].operation),
            (TuneParam{{{"parse"}, "cache", Value(nlohmann::json(true))}, Value(nlohmann::json(false))}));
  EXPECT_EQ(proposals[0].expectation, (Expectation{Expectation::Kind::shorter_wall_time, {"parse"}, 200'000}));
  EXPECT_EQ(proposals[0].confidence, Confidence::medium);
}
TEST(CacheRule, GrowsSurerWithDifferentOutputs) {
  EXPECT_EQ(kept(parser(), repeated(parser(), 3, {"a", "b", "c"})).at(0).confidence, Confidence::high);
}
TEST(CacheRule, NeedsFiveRunsOfASingleInput) {
  EXPECT_TRUE(kept(parser(), repeated(parser(), 4, {"a"})).empty());
  EXPECT_EQ(kept(parser(), repeated(parser(), 5, {"a"})).at(0).confidence, Confidence::low);
}
TEST(CacheRule, LooksAtTheItemsOfAFanOut) {
  const graph::Graph graph = GraphBuilder().field("list").field("sizes").each("resize", "$.list", 1, {}, {"sizes"});
  std::vector<RecordedRun> runs;
  for (int i = 0; i < 3; ++i) {
    RunBuilder run(graph, "r-" + std::to_string(i));
    run.ready("resize", 2);
    for (std::uint64_t item = 0; item < 2; ++item) run.gives("sizes", Value::of(item)).succeeds("resize", item, 100);
    runs.push_back(run.ends("resize").finish());
  }
  EXPECT_EQ(kept(graph, std::move(runs)).size(), 1U);
}
TEST(CacheRule, IsSilentBelowThreeRuns) {
  EXPECT_TRUE(kept(parser(), repeated(parser(), 2, {"a", "b"})).empty());
}
TEST(CacheRule, IsSilentWhenAResultEverDiffered) {
  auto runs = repeated(parser(), 4, {"a", "b"});
  runs.push_back(parsed(parser(), "r-other", "a", "another table"));
  EXPECT_TRUE(kept(parser(), std::move(runs)).empty());
}
TEST(CacheRule, IsSilentWhenItEverFailed) {
  auto runs = repeated(parser(), 4, {"a", "b"});
  runs.push_back(RunBuilder(parser(), "r-bad")
                     .ready("parse")
                     .fails("parse", kWhole, 5, "no", "a")
                     .finish(ledger::RunStatus::failed));
  EXPECT_TRUE(kept(parser(), std::move(runs)).empty());
}
TEST(CacheRule, IsSilentWhenDifferentInputsGaveTheSame) {
  std::vector<RecordedRun> runs;
  for (int i = 0; i < 6; ++i) runs.push_back(parsed(parser(), "r-" + std::to_string(i), i % 2 == 0 ? "a" : "b", "ok"));
  EXPECT_TRUE(kept(parser(), std::move(runs)).empty());
}
TEST(CacheRule, IsSilentWhenItIsQuick) {
  std::vector<RecordedRun> runs;
  for (int i = 0; i < 6; ++i) {
    const std::string input = i % 2 == 0 ? "a" : "b";
    runs.push_back(parsed(parser(), "r-" + std::to_string(i), input, input, 90, 5));
  }
  EXPECT_TRUE(kept(parser(), std::move(runs)).empty());
}
TEST(CacheRule, IsSilentWhenTheRestOfTheRunTakesFarLonger) {
  std::vector<RecordedRun> runs;
  for (int i = 0; i < 6; ++i) {
    const std::string input = i % 2 == 0 ? "a" : "b";
    runs.push_back(parsed(parser(), "r-" + std::to_string(i), input, input, 200, 600));
  }
  EXPECT_TRUE(kept(parser(), std::move(runs)).empty());
}
TEST(CacheRule, IsSilentWhereTheAuthorHasDecided) {
  const graph::Graph graph = with(parser(), [](graph::Node& node) { node.cache = false; });
  EXPECT_TRUE(kept(graph, repeated(graph, 3, {"a", "b"})).empty());
  graph::Graph run = parser();
  run.runtime.cache = false;
  EXPECT_TRUE(kept(run, repeated(run, 3, {"a", "b"})).empty());
}
TEST(CacheRule, IsSilentAboutNodesThatReachOut) {
  const graph::Graph secret = with(parser(), [](graph::Node& node) { node.secrets = {"TOKEN"}; });
  EXPECT_TRUE(kept(secret, repeated(secret, 3, {"a", "b"})).empty());
  const graph::Graph net = with(parser(), [](graph::Node& node) { node.sandbox = graph::Sandbox{.network = true}; });
  EXPECT_TRUE(kept(net, repeated(net, 3, {"a", "b"})).empty());
}
TEST(CacheRule, IsSilentAboutNodesThatGiveNothing) {
  const graph::Graph graph = GraphBuilder().tool("deploy");
  std::vector<RecordedRun> runs;
  for (int i = 0; i < 6; ++i)
    runs.push_back(
        RunBuilder(graph, "r-" + std::to_string(i)).ready("deploy").succeeds("deploy", kWhole, 300).finish());
  EXPECT_TRUE(kept(graph, std::move(runs)).empty());
}

}  // namespace
}  // namespace oe::evolve::test
