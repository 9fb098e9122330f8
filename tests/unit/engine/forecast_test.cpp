#include "oe/engine/forecast.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ForecastTest : public ::testing::Test {
 protected:
  Forecast forecast(const std::optional<std::set<NodeId>>& only = std::nullopt) {
    auto plan = make_plan(graph_, {.args = args_, .concurrency = concurrency_}, world_.executors);
    if (!plan) {
      ADD_FAILURE() << plan.error().to_string();
      return {};
    }
    return engine::forecast(*plan, past_, only);
  }
  NodeForecast of(const std::string& id, const std::optional<std::set<NodeId>>& only = std::nullopt) {
    for (NodeForecast& node : forecast(only).nodes) {
      if (node.id.text == id) return node;
    }
    ADD_FAILURE() << "no " << id;
    return {};
  }
  /// A past run in which the node took so long in so many attempts, for so many dollars each.
  void took(ledger::RunState& run, const std::string& id, std::vector<int> attempts_ms, double usd = 0) {
    ledger::NodeState& node = run.nodes[{id}];
    node.id = {id};
    node.outcome = ledger::Outcome::succeeded;
    for (const int ms : attempts_ms) {
      ledger::Attempt attempt;
      attempt.outcome = ledger::Outcome::succeeded;
      attempt.facts.duration = milliseconds(ms);
      if (usd > 0) attempt.metrics = Value(Json{{"cost_usd", usd}});
      node.attempts.push_back(attempt);
      node.ended_at += milliseconds(ms);
    }
  }
  void all_took(std::vector<std::string> ids, int ms) {
    ledger::RunState& run = past_.emplace_back();
    for (const std::string& id : ids) took(run, id, {ms});
  }

  World world_;
  GraphUnderTest graph_;
  Value args_ = Value::object();
  std::uint32_t concurrency_ = 1;
  std::vector<ledger::RunState> past_;
};

TEST_F(ForecastTest, DecidesConditionsOnInputsAndNamesTheOthers) {
  graph_.field("ok");
  graph_.add("a", {}, {"ok"});
  for (const char* id : {"on", "off", "open", "behind", "gone"}) graph_.add(id);
  graph_.edge("a", "on", "$run.inputs.deploy == true");
  graph_.edge("a", "off", "$run.inputs.deploy == false");
  graph_.edge("a", "open", "$.ok == 1");
  graph_.edge("open", "behind");
  graph_.edge("off", "gone");
  args_ = value(R"({"deploy": true})");
  EXPECT_EQ(of("a").fate, Fate::runs);
  EXPECT_EQ(of("on").fate, Fate::runs);
  EXPECT_EQ(of("off").fate, Fate::skipped);
  EXPECT_THAT(of("off").reason, HasSubstr("$run.inputs.deploy == false"));
  EXPECT_EQ(of("open").fate, Fate::depends);
  EXPECT_THAT(of("open").conditions, ElementsAre("$.ok == 1"));
  EXPECT_THAT(of("behind").conditions, ElementsAre("open runs"));
  EXPECT_EQ(of("gone").fate, Fate::skipped);
  EXPECT_EQ(of("gone").reason, "off is skipped");
}
TEST_F(ForecastTest, EdgesOnFailureHangOnAFailure) {
  for (const char* id : {"a", "mend", "late", "always"}) graph_.add(id);
  graph_.edges.push_back({.from = {"a"}, .to = {"mend"}, .on = graph::EdgeOn::failure});
  graph_.edges.push_back({.from = {"a"}, .to = {"late"}, .on = graph::EdgeOn::timeout});
  graph_.edges.push_back({.from = {"mend"}, .to = {"always"}, .on = graph::EdgeOn::end});
  EXPECT_THAT(of("mend").conditions, ElementsAre("a fails"));
  EXPECT_THAT(of("late").conditions, ElementsAre("a times out"));
  EXPECT_EQ(of("always").fate, Fate::runs);
}
TEST_F(ForecastTest, ElseFiresWhenNoOtherConditionDoes) {
  for (const char* id : {"a", "then", "otherwise"}) graph_.add(id);
  graph_.edge("a", "then", "$run.inputs.x == 1");
  graph_.edges.push_back({.from = {"a"}, .to = {"otherwise"}, .otherwise = true});
  args_ = value(R"({"x": 1})");
  EXPECT_EQ(of("otherwise").fate, Fate::skipped);
  args_ = value(R"({"x": 2})");
  EXPECT_EQ(of("otherwise").fate, Fate::runs);
}
TEST_F(ForecastTest, AnyEdgeIsEnoughWhereTheJoinSaysSo) {
  for (const char* id : {"a", "b", "any", "all"}) graph_.add(id);
  graph_.nodes[2].join = graph::JoinMode::any;
  for (const char* id : {"any", "all"}) {
    graph_.edge("a", id, "$run.inputs.x == 1");
    graph_.edge("b", id, "$run.inputs.x == 2");
  }
  args_ = value(R"({"x": 2})");
  EXPECT_EQ(of("any").fate, Fate::runs);
  EXPECT_EQ(of("all").fate, Fate::skipped);
}
TEST_F(ForecastTest, SaysNothingWithoutAPast) {
  graph_.add("a");
  const Forecast nothing = forecast();
  EXPECT_EQ(nothing.duration, std::nullopt);
  EXPECT_EQ(nothing.nodes.front().work, std::nullopt);
  EXPECT_THAT(nothing.unknown, ElementsAre(NodeId{"a"}));
}
TEST_F(ForecastTest, TakesMediansOfSuccesses) {
  graph_.add("a");
  for (const int ms : {10, 1000, 30}) took(past_.emplace_back(), "a", {ms}, ms / 1000.0);
  took(past_.emplace_back(), "a", {7});
  past_.back().nodes[{"a"}].outcome = ledger::Outcome::failed;
  const NodeForecast node = of("a");
  EXPECT_EQ(node.runs, 3U);
  EXPECT_EQ(node.work, milliseconds(30));
  EXPECT_DOUBLE_EQ(node.usd.value_or(0), 0.03);
  EXPECT_DOUBLE_EQ(forecast().usd.value_or(0), 0.03);
}
TEST_F(ForecastTest, NeverCountsWhatTheCachePaid) {
  graph_.add("a");
  took(past_.emplace_back(), "a", {50}, 1.0);
  past_.back().nodes[{"a"}].attempts.front().cache_hit = true;
  EXPECT_EQ(of("a").work, milliseconds(0));
  EXPECT_EQ(of("a").usd, std::nullopt);
}
TEST_F(ForecastTest, SchedulesAtThePlansConcurrency) {
  for (const char* id : {"a", "b", "c", "end"}) graph_.add(id);
  for (const char* id : {"a", "b", "c"}) graph_.edge(id, "end");
  all_took({"a", "b", "c", "end"}, 100);
  for (const auto& [concurrency, ms] : {std::pair{1u, 400}, {2u, 300}, {3u, 200}, {50u, 200}}) {
    concurrency_ = concurrency;
    EXPECT_EQ(forecast().duration, milliseconds(ms)) << concurrency;
  }
}
TEST_F(ForecastTest, WaitsForTheStateAsTheRunDoes) {
  graph_.field("x");
  graph_.add("writer", {}, {"x"});
  graph_.add("reader", {"x"});
  all_took({"writer", "reader"}, 100);
  concurrency_ = 8;
  EXPECT_EQ(forecast().duration, milliseconds(200));
}
TEST_F(ForecastTest, SpreadsAFanOutOverItsLanes) {
  graph_.field("rows", graph::Merge::last_wins, graph::FieldType::array);
  graph_.add("load", {}, {"rows"});
  graph_.add_each("each", "$.rows", 4);
  graph_.edge("load", "each");
  took(past_.emplace_back(), "each", {100, 100, 100, 100});
  past_.back().nodes[{"each"}].items = 4;
  took(past_.back(), "load", {10});
  for (const auto& [concurrency, ms] : {std::pair{1u, 410}, {2u, 210}, {8u, 110}}) {
    concurrency_ = concurrency;
    EXPECT_EQ(forecast().duration, milliseconds(ms)) << concurrency;
  }
  EXPECT_EQ(of("each").items, 4U);
}
TEST_F(ForecastTest, CountsItemsOfAnInput) {
  graph_.add_each("each", "$run.inputs.rows", 1);
  std::get<graph::Each>(graph_.nodes.front().work).batch = 2;
  args_ = value(R"({"rows": [1, 2, 3]})");
  EXPECT_EQ(of("each").items, 2U);
}
TEST_F(ForecastTest, CountsWhatDependsOnlyWhenItMostlyRan) {
  graph_.field("ok");
  for (const char* id : {"a", "often", "seldom"}) graph_.add(id, {}, id[0] == 'a' ? std::vector<std::string>{"ok"} : std::vector<std::string>{});
  graph_.edge("a", "often", "$.ok == 1");
  graph_.edge("a", "seldom", "$.ok == 2");
  all_took({"a", "often"}, 100);
  all_took({"a", "often"}, 100);
  all_took({"a", "seldom"}, 100);
  EXPECT_TRUE(of("often").counted);
  EXPECT_FALSE(of("seldom").counted);
  EXPECT_EQ(forecast().duration, milliseconds(200));
  EXPECT_THAT(forecast().unknown, IsEmpty());
}
TEST_F(ForecastTest, OfAPartLeavesTheRestOut) {
  for (const char* id : {"a", "b", "c"}) graph_.add(id);
  graph_.edge("a", "b");
  graph_.edge("b", "c");
  all_took({"a", "b", "c"}, 100);
  const std::set<NodeId> only{{"b"}};
  EXPECT_EQ(of("a", only).fate, Fate::skipped);
  EXPECT_EQ(of("b", only).fate, Fate::runs);
  EXPECT_EQ(forecast(only).duration, milliseconds(100));
}

}  // namespace
}  // namespace oe::engine
