#include <gtest/gtest.h>

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using graph::EdgeOn;
using graph::JoinMode;
using ledger::Outcome;
using ledger::RunStatus;
using ledger::SkipCause;

/// Which edges fire, and what a join makes of them.
class JoinTest : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  RunSummary run() {
    auto summary = world_.run(graph_, GetParam());
    EXPECT_TRUE(summary) << summary.error().to_string();
    return summary ? *summary : RunSummary{};
  }
  SkipCause cause_of(const std::string& id) { return world_.sink.only<ledger::NodeSkipped>(id).cause; }
  bool ran(const std::string& id) { return !world_.sink.all<ledger::NodeStarted>(id).empty(); }
  graph::Edge& edge(const std::string& from, const std::string& to, EdgeOn on = EdgeOn::success) {
    graph_.edges.push_back({.from = NodeId{from}, .to = NodeId{to}, .on = on});
    return graph_.edges.back();
  }

  GraphUnderTest graph_;
  World world_;
};

TEST_P(JoinTest, AnyNeedsOneEdgeThatFires) {
  for (const char* id : {"good", "bad"}) graph_.add(id);
  graph_.add("join").join = JoinMode::any;
  world_.fails("bad");
  edge("good", "join");
  edge("bad", "join");
  run();
  EXPECT_TRUE(ran("join"));
}

TEST_P(JoinTest, AnySkipsWhenNoneFires) {
  for (const char* id : {"a", "b"}) graph_.add(id), world_.fails(id);
  graph_.add("join").join = JoinMode::any;
  edge("a", "join");
  edge("b", "join");
  run();
  EXPECT_EQ(cause_of("join"), SkipCause::failure);
}

TEST_P(JoinTest, NoneFailedLetsSkipsByConditionPass) {
  graph_.field("n");
  for (const char* id : {"start", "maybe"}) graph_.add(id);
  graph_.add("label").join = JoinMode::none_failed;
  graph_.edge("start", "maybe", "$.n > 1");
  edge("maybe", "label");
  EXPECT_EQ(run().status, RunStatus::success);
  EXPECT_FALSE(ran("maybe"));
  EXPECT_TRUE(ran("label"));
}

TEST_P(JoinTest, NoneFailedDoesNotPassAFailure) {
  for (const char* id : {"bad", "good"}) graph_.add(id);
  graph_.add("label").join = JoinMode::none_failed;
  world_.fails("bad");
  edge("bad", "label");
  edge("good", "label");
  EXPECT_EQ(run().status, RunStatus::partial);
  EXPECT_EQ(cause_of("label"), SkipCause::failure);
}

TEST_P(JoinTest, AFailureEdgeRunsItsNodeOnlyAfterAFailure) {
  for (const char* id : {"good", "bad", "calm", "repair"}) graph_.add(id);
  world_.fails("bad");
  edge("good", "calm", EdgeOn::failure);
  edge("bad", "repair", EdgeOn::failure);
  EXPECT_EQ(run().status, RunStatus::partial);
  EXPECT_EQ(cause_of("calm"), SkipCause::condition);
  EXPECT_TRUE(ran("repair"));
}

TEST_P(JoinTest, ATimeoutEdgeFiresOnTimeoutsAlone) {
  for (const char* id : {"slow", "bad", "on_slow", "on_bad"}) graph_.add(id);
  world_.script("slow").report = [](const auto&) { return failed("late", Outcome::timed_out); };
  world_.fails("bad");
  edge("slow", "on_slow", EdgeOn::timeout);
  edge("bad", "on_bad", EdgeOn::timeout);
  run();
  EXPECT_TRUE(ran("on_slow"));
  EXPECT_FALSE(ran("on_bad"));
}

TEST_P(JoinTest, AnEndEdgeFiresAlsoAfterASkip) {
  for (const char* id : {"bad", "middle", "clean_up"}) graph_.add(id);
  world_.fails("bad");
  edge("bad", "middle");
  edge("middle", "clean_up", EdgeOn::end);
  run();
  EXPECT_FALSE(ran("middle"));
  EXPECT_TRUE(ran("clean_up"));
}

TEST_P(JoinTest, ElseIsTakenWhenNoConditionHolds) {
  graph_.field("n");
  for (const char* id : {"start", "big", "small"}) graph_.add(id);
  graph_.nodes.front().writes = {"n"};
  world_.writes("start", {{"n", Value::of(1)}});
  graph_.edge("start", "big", "$.n > 1");
  edge("start", "small").otherwise = true;
  EXPECT_EQ(run().status, RunStatus::success);
  EXPECT_FALSE(ran("big"));
  EXPECT_TRUE(ran("small"));
}

TEST_P(JoinTest, ElseIsNotTakenWhenAConditionHolds) {
  graph_.field("n");
  for (const char* id : {"start", "big", "small"}) graph_.add(id);
  graph_.nodes.front().writes = {"n"};
  world_.writes("start", {{"n", Value::of(2)}});
  graph_.edge("start", "big", "$.n > 1");
  edge("start", "small").otherwise = true;
  run();
  EXPECT_TRUE(ran("big"));
  EXPECT_EQ(cause_of("small"), SkipCause::condition);
}

INSTANTIATE_TEST_SUITE_P(Concurrency, JoinTest, ::testing::Values(1u, 8u));

}  // namespace
}  // namespace oe::engine
