#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using namespace std::chrono_literals;
using graph::Merge;
using ledger::RunStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Constructs that own a body: pipelines, loops and experiences, at several concurrencies.
class ConstructsTest : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  RunSummary run() {
    auto summary = world_.run(graph_, GetParam());
    EXPECT_TRUE(summary) << summary.error().to_string();
    return summary ? *summary : RunSummary{};
  }
  graph::Node& pipeline(const std::string& id, std::vector<std::string> stages) {
    graph::Each each{.source = "$.items", .concurrency = static_cast<std::uint32_t>(stages.size()), .lanes = 1};
    for (const std::string& stage : stages) {
      each.body->nodes.push_back({.id = NodeId{stage}, .work = graph::Tool{.impl = "tool.mjs"}});
      if (each.body->nodes.size() > 1)
        each.body->edges.push_back({.from = (each.body->nodes.end() - 2)->id, .to = NodeId{stage}});
    }
    graph_.nodes.push_back({.id = NodeId{id}, .reads = {"items"}, .work = std::move(each)});
    return graph_.nodes.back();
  }
  graph::Node& loop(const std::string& id, std::optional<std::string> until, std::uint32_t rounds) {
    graph::Repeat repeat{.until = std::move(until), .max_rounds = rounds};
    repeat.body->nodes.push_back({.id = NodeId{"step"}, .work = graph::Tool{.impl = "tool.mjs"}});
    graph_.nodes.push_back({.id = NodeId{id}, .work = std::move(repeat)});
    return graph_.nodes.back();
  }
  static graph::Node& inner(graph::Node& group, std::size_t at = 0) {
    return std::visit(
        [&](auto& work) -> graph::Node& {
          if constexpr (requires { work.body; }) return work.body->nodes.at(at);
          throw std::logic_error("no body");
        },
        group.work);
  }
  void items(const std::string& json) {
    graph_.field("items");
    graph_.add("load", {}, {"items"});
    world_.writes("load", {{"items", value(json)}});
  }
  std::vector<std::vector<std::uint64_t>> scopes(const std::string& id) {
    std::vector<std::vector<std::uint64_t>> all;
    for (const auto& started : world_.sink.all<ledger::NodeStarted>(id)) all.push_back(started.at.scope);
    std::ranges::sort(all);
    return all;
  }

  GraphUnderTest graph_;
  World world_;
};

TEST_P(ConstructsTest, APipelineTakesEveryItemThroughEveryStage) {
  items("[1, 2, 3]");
  pipeline("flow", {"first", "second"});
  graph_.edge("load", "flow");
  EXPECT_EQ(run().status, RunStatus::success);
  EXPECT_EQ(scopes("first"), (std::vector<std::vector<std::uint64_t>>{{0}, {1}, {2}}));
  EXPECT_EQ(scopes("second"), scopes("first"));
  EXPECT_EQ(world_.sink.all<ledger::NodeFinished>("flow").size(), 1u);
}

TEST_P(ConstructsTest, AStageSeesWhatTheOneBeforeItWroteForTheSameItemOnly) {
  items("[10, 20, 30]");
  graph_.field("doubled");
  auto& group = pipeline("flow", {"first", "second"});
  inner(group, 0).writes = {"doubled"};
  inner(group, 1).reads = {"doubled"};
  group.writes = {"doubled"};
  graph_.edge("load", "flow");
  world_.script("first").report = [](const auto& spec) {
    return wrote({{"doubled", Value::of(2 * spec.input.json()["$item"].template get<int>())}});
  };
  run();
  for (const auto& spec : world_.executor->started) {
    if (spec.node.text != "second") continue;
    EXPECT_EQ(spec.input.json()["_state"]["doubled"], 2 * spec.input.json()["$item"].get<int>());
  }
}

TEST_P(ConstructsTest, AppendsOfAPipelineAreInTheOrderOfItemsThenStages) {
  items("[0, 1, 2, 3]");
  graph_.field("log", Merge::array_append);
  auto& group = pipeline("flow", {"first", "second"});
  group.writes = inner(group, 0).writes = inner(group, 1).writes = {"log"};
  graph_.edge("load", "flow");
  for (const char* id : {"first", "second"}) {
    world_.script(id).report = [id](const auto& spec) {
      return wrote({{"log", Value(Json::array({id + spec.input.json()["$item"].dump()}))}});
    };
    world_.script(id).turns = [](const auto& spec) { return 5 - spec.input.json()["$item"].template get<int>(); };
  }
  EXPECT_EQ(run().state.at("log"),
            value(R"(["first0","second0","first1","second1","first2","second2","first3","second3"])"));
}

TEST_P(ConstructsTest, AFailedStageEndsItsItemAndTheOthersGoOn) {
  items("[0, 1, 2]");
  pipeline("flow", {"first", "second"});
  graph_.edge("load", "flow");
  world_.script("first").report = [](const auto& spec) {
    return spec.input.json()["$item"] == 1 ? failed("bad item") : exec::AttemptReport{};
  };
  EXPECT_EQ(run().status, RunStatus::partial);
  EXPECT_EQ(scopes("second"), (std::vector<std::vector<std::uint64_t>>{{0}, {2}}));
  EXPECT_EQ(world_.sink.only<ledger::NodeFailed>("flow").error, "1 of 3 items failed");
}

TEST_P(ConstructsTest, WhatComesAfterAPipelineReadsItsResults) {
  items("[1, 2]");
  graph_.field("log", Merge::array_append);
  auto& group = pipeline("flow", {"only"});
  group.writes = inner(group).writes = {"log"};
  graph_.add("after", {"log"});
  graph_.edge("load", "flow");
  graph_.edge("flow", "after");
  world_.script("only").report = [](const auto& spec) {
    return wrote({{"log", Value(Json::array({spec.input.json()["$item"]}))}});
  };
  run();
  EXPECT_EQ(world_.executor->input("after")["_state"]["log"], Json::parse("[1, 2]"));
}

TEST_P(ConstructsTest, ALoopRunsUntilItsConditionHolds) {
  graph_.field("n");
  auto& group = loop("again", "$.n >= 3", 10);
  group.reads = {"n"};
  group.writes = inner(group).writes = inner(group).reads = {"n"};
  world_.script("step").report = [](const auto& spec) {
    const Json& state = spec.input.json()["_state"];
    return wrote({{"n", Value::of(state.contains("n") ? state["n"].template get<int>() + 1 : 1)}});
  };
  EXPECT_EQ(run().state.at("n"), Value::of(3));
  EXPECT_EQ(scopes("step"), (std::vector<std::vector<std::uint64_t>>{{0}, {1}, {2}}));
}

TEST_P(ConstructsTest, AConditionThatHoldsAlreadyGivesNoRound) {
  graph_.field("n");
  graph_.add("set", {}, {"n"});
  world_.writes("set", {{"n", Value::of(9)}});
  loop("again", "$.n > 1", 10).reads = {"n"};
  graph_.edge("set", "again");
  EXPECT_EQ(run().status, RunStatus::success);
  EXPECT_TRUE(scopes("step").empty());
}

TEST_P(ConstructsTest, ALoopEndsAfterItsLastRoundAndTellsTheRoundToItsBody) {
  loop("again", std::nullopt, 3);
  EXPECT_EQ(run().status, RunStatus::success);
  std::vector<int> rounds;
  for (const auto& spec : world_.executor->started) rounds.push_back(spec.input.json()["$iter"].get<int>());
  EXPECT_THAT(rounds, ElementsAre(0, 1, 2));
  EXPECT_EQ(world_.executor->started.front().input.json()["$loop"], "again");
}

TEST_P(ConstructsTest, ALoopStopsWhenARoundFails) {
  loop("again", std::nullopt, 5);
  world_.script("step").report = [](const auto& spec) {
    return spec.input.json()["$iter"] == 1 ? failed("no") : exec::AttemptReport{};
  };
  EXPECT_EQ(run().status, RunStatus::failed);
  EXPECT_EQ(scopes("step").size(), 2u);
  EXPECT_THAT(world_.sink.only<ledger::NodeFailed>("again").error, HasSubstr("round 2"));
}

TEST_P(ConstructsTest, ALoopBeginsNoRoundThatItsBudgetDoesNotAllow) {
  auto& group = loop("again", std::nullopt, 100);
  std::get<graph::Repeat>(group.work).budget.tokens = 25;
  world_.script("step").report = [](const auto&) {
    exec::AttemptReport report;
    report.metrics = value(R"({"tokens_in": 7, "tokens_out": 3})");
    return report;
  };
  EXPECT_EQ(run().status, RunStatus::success);
  EXPECT_EQ(scopes("step").size(), 3u);
}

class ExperienceTest : public ConstructsTest {
 protected:
  graph::Node& experience(graph::StateScope scope) {
    graph::Subgraph subgraph{.impl = "child.yaml", .args = value(R"({"name": "$.name"})"), .scope = scope};
    subgraph.body->name = "child";
    subgraph.body->inputs = {{.name = "name"}, {.name = "size", .otherwise = Value::of(4)}};
    subgraph.body->state = {{.name = "greeting"}, {.name = "noise"}};
    subgraph.body->nodes.push_back(
        {.id = NodeId{"greet"}, .writes = {"greeting", "noise"}, .work = graph::Tool{.impl = "greet.mjs"}});
    world_.script("call/greet").report = [](const auto& spec) {
      const Json& input = spec.input.json();
      return wrote({{"greeting", Value::of("hello " + input["name"].template get<std::string>())},
                    {"noise", Value(input["size"])}});
    };
    graph_.field("name").field("greeting").field("noise");
    graph_.add("who", {}, {"name"});
    world_.writes("who", {{"name", Value::of("ann")}});
    graph_.nodes.push_back({.id = NodeId{"call"}, .reads = {"name"}, .writes = {"greeting"}, .work = subgraph});
    graph_.edge("who", "call");
    return graph_.nodes.back();
  }
};

TEST_P(ExperienceTest, AnIsolatedOneGivesBackOnlyWhatIsMapped) {
  experience(graph::StateScope::isolated);
  const RunSummary summary = run();
  EXPECT_EQ(summary.state.at("greeting"), Value::of("hello ann"));
  EXPECT_FALSE(summary.state.contains("noise"));
}

TEST_P(ExperienceTest, ItsOutputsMayHaveOtherNamesOutside) {
  auto& node = experience(graph::StateScope::isolated);
  auto& subgraph = std::get<graph::Subgraph>(node.work);
  subgraph.outputs = {{"greeting", "text"}};
  subgraph.body->outputs = {{.name = "text", .value = "$.noise"}};
  EXPECT_EQ(run().state.at("greeting"), Value::of(4));
}

TEST_P(ExperienceTest, ASharedOneWritesTheFieldsOfItsCaller) {
  experience(graph::StateScope::shared).writes = {"greeting", "noise"};
  const RunSummary summary = run();
  EXPECT_EQ(summary.state.at("greeting"), Value::of("hello ann"));
  EXPECT_EQ(summary.state.at("noise"), Value::of(4));
}

TEST_P(ExperienceTest, ItsEventsAreThoseOfTheRunUnderItsPath) {
  experience(graph::StateScope::isolated);
  run();
  EXPECT_EQ(world_.sink.all<ledger::NodeFinished>("call/greet").size(), 1u);
  EXPECT_EQ(world_.sink.all<ledger::StateWrite>("call/greet").front().field, "call/greeting");
}

TEST_P(ExperienceTest, ItFailsWithItsNodes) {
  experience(graph::StateScope::isolated);
  world_.fails("call/greet");
  EXPECT_EQ(run().status, RunStatus::partial);
  EXPECT_THAT(world_.sink.only<ledger::NodeFailed>("call").error, HasSubstr("greet"));
}

TEST_P(ExperienceTest, ARetryBeginsItFromTheStart) {
  auto& node = experience(graph::StateScope::isolated);
  node.on_error = {.policy = graph::ErrorPolicy::retry, .attempts = 3, .base = 0ms};
  int calls = 0;
  world_.script("call/greet").report = [&calls](const auto&) {
    return ++calls < 3 ? failed("not yet") : wrote({{"greeting", Value::of("at last")}});
  };
  EXPECT_EQ(run().state.at("greeting"), Value::of("at last"));
  EXPECT_EQ(world_.sink.all<ledger::NodeRetrying>("call").size(), 2u);
}

TEST_P(ExperienceTest, ARetryThatIsUsedUpFailsTheNode) {
  auto& node = experience(graph::StateScope::isolated);
  node.on_error = {.policy = graph::ErrorPolicy::retry, .attempts = 2, .base = 0ms};
  world_.fails("call/greet");
  EXPECT_EQ(run().status, RunStatus::partial);
  EXPECT_EQ(world_.sink.all<ledger::NodeStarted>("call/greet").size(), 2u);
}

TEST_P(ExperienceTest, AMissingInputFailsTheNodeByName) {
  auto& subgraph = std::get<graph::Subgraph>(experience(graph::StateScope::isolated).work);
  subgraph.args = Value::object();
  run();
  EXPECT_THAT(world_.sink.only<ledger::NodeFailed>("call").error, HasSubstr("input 'name'"));
}

INSTANTIATE_TEST_SUITE_P(Concurrency, ConstructsTest, ::testing::Values(1u, 2u, 8u));
INSTANTIATE_TEST_SUITE_P(Concurrency, ExperienceTest, ::testing::Values(1u, 8u));

}  // namespace
}  // namespace oe::engine
