#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using graph::Merge;
using ledger::Outcome;
using ledger::RunStatus;

/// Resuming from every possible cut of a journal.
class PastTest : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  void SetUp() override {
    graph_.field("list", Merge::array_append).field("n").field("out", Merge::array_append);
    graph_.add("load", {}, {"list"});
    script(world_, "load", {{"list", value("[5, 6, 7]")}});
    auto& each = graph_.add_each("each", "$.list", 2, {}, {"out"});
    std::get<graph::Each>(each.work).body->nodes.front().writes = {"out"};
    graph::Repeat repeat{.until = "$.n >= 2", .max_rounds = 9};
    repeat.body->nodes.push_back(
        {.id = NodeId{"step"}, .reads = {"n"}, .writes = {"n"}, .work = graph::Tool{.impl = "tool.mjs"}});
    graph_.nodes.push_back({.id = NodeId{"again"}, .reads = {"n"}, .writes = {"n"}, .work = std::move(repeat)});
    graph_.add("last", {"out", "n"}, {"n"});
    graph_.edge("load", "each");
    graph_.edge("each", "again");
    graph_.edge("again", "last");
    play(world_);
  }
  static void script(World& world, const std::string& id, std::map<std::string, Value> delta) {
    world.writes(id, std::move(delta));
  }
  static void play(World& world) {
    script(world, "load", {{"list", value("[5, 6, 7]")}});
    world.script("each").report = [](const auto& spec) {
      return wrote({{"out", Value(Json::array({spec.input.json()["$item"]}))}});
    };
    world.script("step").report = [](const auto& spec) {
      const Json& state = spec.input.json()["_state"];
      return wrote({{"n", Value::of(state.contains("n") ? state["n"].template get<int>() + 1 : 1)}});
    };
    world.script("last").report = [](const auto& spec) {
      return wrote({{"n", Value::of(spec.input.json()["_state"]["n"].template get<int>() * 100)}});
    };
  }
  RunSummary drive(World& world, const Past* past) {
    auto plan = make_plan(graph_, {.args = Value::object(), .concurrency = GetParam()}, world.executors);
    EXPECT_TRUE(plan) << plan.error().to_string();
    RunContext context = world.context();
    context.past = past;
    engine::Run run(*plan, std::move(context));
    auto summary = run.run();
    EXPECT_TRUE(summary);
    return summary ? *summary : RunSummary{};
  }
  static Past past_of(const std::vector<ledger::Event>& events, bool again = false) {
    return Past::of_same_run([&](const auto& each) { for (const auto& event : events) each(event); }, again);
  }
  /// "node scope index" of every attempt that a world started.
  static std::multiset<std::string> work_of(const World& world) {
    std::multiset<std::string> work;
    for (const auto& spec : world.executor->started) work.insert(spec.idempotency_key);
    return work;
  }

  GraphUnderTest graph_;
  World world_;
};

TEST_P(PastTest, FromEveryCutTheRunEndsTheSameAndNothingFinishedIsDoneAgain) {
  const RunSummary whole = drive(world_, nullptr);
  ASSERT_EQ(whole.status, RunStatus::success);
  const auto events = world_.sink.events;
  const auto all_work = work_of(world_);
  for (std::size_t cut = 1; cut < events.size(); ++cut) {
    const std::vector<ledger::Event> kept(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(cut));
    std::multiset<std::string> left = all_work;
    for (const auto& event : kept)
      if (const auto* end = std::get_if<ledger::NodeFinished>(&event.body)) {
        std::string key = "r-test/" + end->at.node.text;
        for (const auto round : end->at.scope) key += "/" + std::to_string(round);
        if (end->at.index) key += "/" + std::to_string(*end->at.index);
        if (const auto found = left.find(key); found != left.end()) left.erase(found);
      }
    World world;
    play(world);
    const Past past = past_of(kept);
    const RunSummary resumed = drive(world, &past);
    EXPECT_EQ(resumed.status, whole.status) << "cut after " << cut;
    EXPECT_EQ(resumed.state, whole.state) << "cut after " << cut;
    EXPECT_EQ(work_of(world), left) << "cut after " << cut;
    EXPECT_TRUE(std::holds_alternative<ledger::RunResumed>(world.sink.events.front().body));
  }
}

TEST_P(PastTest, WhatFailedIsOnlyDoneAgainWhenAsked) {
  world_.fails("last");
  ASSERT_EQ(drive(world_, nullptr).status, RunStatus::partial);
  for (const bool again : {false, true}) {
    World world;
    play(world);
    const Past past = past_of(world_.sink.events, again);
    EXPECT_EQ(drive(world, &past).status, again ? RunStatus::success : RunStatus::partial);
    EXPECT_EQ(work_of(world).size(), again ? 1u : 0u);
  }
}

TEST_P(PastTest, OfAnotherRunTakesOverWhatIsNamedAndRecordsIt) {
  drive(world_, nullptr);
  World world;
  play(world);
  const Past past = Past::of_other_run(
      [&](const auto& each) { for (const auto& event : world_.sink.events) each(event); },
      {NodeId{"load"}, NodeId{"each"}, NodeId{"again"}});
  auto plan = make_plan(graph_, {.args = Value::object(), .concurrency = GetParam()}, world.executors);
  RunContext context = world.context();
  context.past = &past;
  context.only = std::set<NodeId>{NodeId{"last"}};
  engine::Run run(*plan, std::move(context));
  const auto summary = run.run();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->state.at("n"), Value::of(200));
  EXPECT_EQ(work_of(world), std::multiset<std::string>{"r-test/last"});
  EXPECT_EQ(world.sink.all<ledger::NodeFinished>("load").front().reused_from, "r-test");
}

INSTANTIATE_TEST_SUITE_P(Concurrency, PastTest, ::testing::Values(1u, 4u));

}  // namespace
}  // namespace oe::engine
