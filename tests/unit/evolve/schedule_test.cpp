#include "evolve/schedule.hpp"

#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

std::vector<microseconds> ms(std::initializer_list<int> numbers) {
  std::vector<microseconds> durations;
  for (const int number : numbers) durations.push_back(milliseconds(number));
  return durations;
}

TEST(Makespan, IsTheSumOneAtATime) {
  EXPECT_EQ(makespan(ms({10, 20, 30}), 1), milliseconds(60));
}
TEST(Makespan, GivesTheNextItemToTheFirstFreeLane) {
  EXPECT_EQ(makespan(ms({30, 10, 10, 10}), 2), milliseconds(30));
  EXPECT_EQ(makespan(ms({10, 10, 10, 30}), 2), milliseconds(40));
}
TEST(Makespan, IsNeverBelowTheLongestItem) {
  EXPECT_EQ(makespan(ms({10, 50, 10}), 100), milliseconds(50));
}
TEST(Makespan, TakesZeroLanesForOne) {
  EXPECT_EQ(makespan(ms({10, 20}), 0), milliseconds(30));
  EXPECT_EQ(makespan({}, 4), milliseconds(0));
}

TEST(DurationsOf, AddsUpTheAttemptsOfAnItem) {
  const graph::Graph graph = GraphBuilder().field("l").each("scan", "$.l");
  RunBuilder run(graph);
  run.ready("scan", 2).fails_and_retries("scan", 0, 10, "x").succeeds("scan", 0, 20).succeeds("scan", 1, 5);
  EXPECT_EQ(durations_of(run.recorded().state.nodes.at({"scan"})), ms({30, 5}));
}

// a, b -> c; d alone; 10 ms, 20 ms, 30 ms, 40 ms.
const graph::Graph kDiamond =
    GraphBuilder().tool("a").tool("b").tool("c").tool("d").edge("a", "c").edge("b", "c").edge("a", "c");

ledger::RunState diamond_run() {
  RunBuilder run(kDiamond);
  int took = 0;
  for (const char* id : {"a", "b", "c", "d"}) run.ready(id).succeeds(id, kWhole, took += 10);
  return run.finish().state;
}

TEST(ReplayAt, IsTheSumAtConcurrencyOne) {
  EXPECT_EQ(Replay(kDiamond).at(diamond_run(), 1).wall, milliseconds(100));
}
TEST(ReplayAt, OverlapsWhatIsIndependent) {
  EXPECT_EQ(Replay(kDiamond).at(diamond_run(), 2).wall, milliseconds(50));
  EXPECT_EQ(Replay(kDiamond).at(diamond_run(), 8).wall, milliseconds(50)) << "b, then c";
}
TEST(ReplayAt, CountsARepeatedEdgeOnce) {
  const Schedule schedule = Replay(kDiamond).at(diamond_run(), 8);
  EXPECT_EQ(schedule.nodes.at(3).start, milliseconds(20)) << "c is last in topological order";
}
TEST(ReplayAt, GoesThroughNodesThatDidNotRun) {
  RunBuilder run(kDiamond);
  run.ready("a").succeeds("a", kWhole, 10).ready("c").succeeds("c", kWhole, 10);
  EXPECT_EQ(Replay(kDiamond).at(run.finish().state, 4).wall, milliseconds(20));
}
TEST(ReplayAt, KeepsAFanOutWithinItsOwnAndTheRunsWidth) {
  const graph::Graph graph = GraphBuilder().field("l").each("scan", "$.l", 3);
  RunBuilder run(graph);
  run.ready("scan", 6);
  for (std::size_t i = 0; i < 6; ++i) run.succeeds("scan", i, 10);
  const ledger::RunState state = run.ends("scan").finish().state;
  EXPECT_EQ(Replay(graph).at(state, 8).wall, milliseconds(20));
  EXPECT_EQ(Replay(graph).at(state, 2).wall, milliseconds(30));
}
TEST(ReplayAt, StaysQuickOnAThousandNodesThatShareAField) {
  GraphBuilder builder;
  builder.field("log", graph::Merge::array_append);
  for (int i = 0; i < 1000; ++i) builder.tool("n" + std::to_string(i), {"log"}, {"log"});
  const graph::Graph graph = builder;
  RunBuilder run(graph);
  for (int i = 0; i < 1000; ++i) run.succeeds("n" + std::to_string(i), kWhole, 1);
  const ledger::RunState state = run.finish().state;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(Replay(graph).at(state, 8).wall, milliseconds(1000));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2));
}

}  // namespace
}  // namespace oe::evolve::test
