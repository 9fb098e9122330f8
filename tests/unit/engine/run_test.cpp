#include "oe/engine/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using namespace std::chrono_literals;
using ledger::Outcome;
using ledger::RunStatus;
using ledger::SkipCause;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RunTest : public ::testing::Test {
 protected:
  RunSummary run(const graph::Graph& graph, std::uint32_t concurrency = 1) {
    auto summary = world_.run(graph, concurrency);
    EXPECT_TRUE(summary) << summary.error().to_string();
    return summary ? *summary : RunSummary{};
  }
  ledger::NodeSkipped skipped(const std::string& id) { return world_.sink.only<ledger::NodeSkipped>(id); }
  World world_;
};

GraphUnderTest diamond() {
  GraphUnderTest graph;
  for (const char* id : {"top", "left", "right", "join"}) graph.add(id);
  graph.edge("top", "left");
  graph.edge("top", "right");
  graph.edge("left", "join");
  graph.edge("right", "join");
  return graph;
}

TEST_F(RunTest, AnAttemptStartsBehindAFlushOfItsStart) {
  GraphUnderTest graph = diamond();
  for (const char* id : {"a", "b", "c"}) graph.add(id);
  std::size_t looked = 0;
  world_.executor->on_start = [&](const exec::AttemptSpec& spec) {
    const auto begin = world_.sink.events.begin();
    const auto flushed = begin + static_cast<std::ptrdiff_t>(world_.sink.flushed);
    EXPECT_TRUE(std::any_of(begin, flushed, [&](const ledger::Event& event) {
      const auto* start = std::get_if<ledger::NodeStarted>(&event.body);
      return start != nullptr && start->at.node == spec.node;
    })) << spec.node.text;
    ++looked;
  };
  run(graph, 3);
  EXPECT_EQ(looked, 7u);
  EXPECT_EQ(world_.sink.flushed, world_.sink.events.size() - 1) << "nothing but the end is behind the last flush";
}

TEST_F(RunTest, WhatStartsInTheSameTurnSharesAFlush) {
  GraphUnderTest graph;
  for (const char* id : {"a", "b", "c", "d"}) graph.add(id);
  std::set<std::size_t> flushes;
  world_.executor->on_start = [&](const exec::AttemptSpec&) { flushes.insert(world_.sink.flushed); };
  run(graph, 4);
  EXPECT_EQ(flushes.size(), 1u);
}

TEST_F(RunTest, RecordsThePlainCaseEventByEvent) {
  GraphUnderTest graph;
  graph.field("greeting");
  graph.add("hello", {}, {"greeting"}).phase = "p";
  world_.script("hello").report = [](const auto&) {
    auto report = wrote({{"greeting", Value::of("hi")}});
    report.duration = 5us;
    report.exit_code = 0;
    report.output = "noise";
    report.metrics = value(R"({"tokens_in": 3})");
    report.edge_output = Value::of(7);
    return report;
  };
  const auto summary = world_.run(graph, PlanOptions{.args = value(R"({"who": "me"})"), .concurrency = 3});
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->status, RunStatus::success);
  EXPECT_EQ(summary->state.at("greeting"), Value::of("hi"));

  const auto& events = world_.sink.events;
  ASSERT_EQ(events.size(), 6u);
  const auto& started = std::get<ledger::RunStarted>(events[0].body);
  EXPECT_EQ(started.args, value(R"({"who": "me"})"));
  EXPECT_EQ(started.concurrency, 3u);
  EXPECT_EQ(started.nodes, 1u);
  const ledger::At at{NodeId{"hello"}, std::nullopt, "p"};
  EXPECT_EQ(std::get<ledger::NodeReady>(events[1].body), (ledger::NodeReady{at, 0, std::nullopt}));
  const auto& attempt = std::get<ledger::NodeStarted>(events[2].body);
  EXPECT_EQ(attempt.attempt, 1u);
  EXPECT_EQ(attempt.input_digest, short_digest(world_.executor->started[0].input.dump()));
  EXPECT_EQ(std::get<ledger::StateWrite>(events[3].body),
            (ledger::StateWrite{at, 1, "greeting", Value::of("hi"), short_digest("\"hi\"")}));
  EXPECT_EQ(std::get<ledger::NodeFinished>(events[4].body),
            (ledger::NodeFinished{
                at, {1, 5us, 0, std::nullopt, "noise"}, false, {}, value(R"({"tokens_in": 3})"), Value::of(7)}));
  EXPECT_EQ(std::get<ledger::RunFinished>(events[5].body).status, RunStatus::success);
}

TEST_F(RunTest, GivesAnAttemptArgumentsStateAndEdgeOutputs) {
  GraphUnderTest graph;
  graph.field("n").field("unset");
  graph.add("one", {}, {"n"});
  graph.add("silent");
  graph::Node& node = graph.add("two", {"n", "unset"}, {});
  std::get<graph::Tool>(node.work).args = value(R"({"mine": "$.n", "both": "node", "gone": "$.unset"})");
  graph.edge("one", "two");
  graph.edge("one", "two");
  graph.edge("silent", "two");
  world_.script("one").report = [](const auto&) {
    auto report = wrote({{"n", Value::of(4)}});
    report.edge_output = Value::of("out");
    return report;
  };
  ASSERT_TRUE(world_.run(graph, PlanOptions{.args = value(R"({"both": "run", "only": 1})"), .concurrency = 2}));
  EXPECT_EQ(world_.executor->input("two"), Json::parse(R"({"mine": 4, "both": "node", "only": 1,
      "_state": {"n": 4}, "_edge_inputs": {"one": "out"}})"));
  EXPECT_EQ(world_.executor->started.back().directory, "/somewhere");
  EXPECT_EQ(world_.executor->started.back().run, RunId{"r-test"});
}

TEST_F(RunTest, AFailingArmOfADiamondSkipsTheJoinAndNotTheOtherArm) {
  world_.fails("left");
  const RunSummary summary = run(diamond(), 2);
  EXPECT_EQ(summary.status, RunStatus::partial);
  EXPECT_EQ(world_.sink.only<ledger::NodeFailed>("left").error, "left broke");
  EXPECT_THAT(world_.sink.all<ledger::NodeFinished>("right"), SizeIs(1));
  EXPECT_EQ(skipped("join").cause, SkipCause::failure);
  EXPECT_THAT(skipped("join").reason, HasSubstr("predecessor 'left' failed"));
}

TEST_F(RunTest, OneFalseConditionSkipsAJoinAndDoesNotSpoilTheStatus) {
  auto graph = diamond();
  graph.field("n");
  graph.nodes[1].writes = {"n"};
  graph.edges[2].when = "$.n > 5";
  graph.add("after");
  graph.edge("join", "after");
  world_.writes("left", {{"n", Value::of(3)}});
  EXPECT_EQ(run(graph, 2).status, RunStatus::success);
  EXPECT_EQ(skipped("join").cause, SkipCause::condition);
  EXPECT_THAT(skipped("join").reason, HasSubstr("$.n > 5"));
  EXPECT_EQ(skipped("after").cause, SkipCause::condition);
  EXPECT_THAT(skipped("after").reason, HasSubstr("predecessor 'join' was skipped"));
}

TEST_F(RunTest, AFailureWeighsMoreThanAConditionAmongCauses) {
  auto graph = diamond();
  graph.field("n");
  graph.nodes[0].writes = {"n"};
  graph.edges[0].when = "$.n";
  world_.fails("right");
  run(graph);
  EXPECT_EQ(skipped("left").cause, SkipCause::condition);
  EXPECT_EQ(skipped("join").cause, SkipCause::failure);
  EXPECT_THAT(skipped("join").reason, HasSubstr("'right' failed"));
}

TEST_F(RunTest, AFailedWriterSkipsNobodyWhoOnlyReadsItsField) {
  GraphUnderTest graph;
  graph.field("f");
  graph.add("writer", {}, {"f"});
  graph.add("reader", {"f"}, {});
  world_.fails("writer");
  EXPECT_EQ(run(graph, 4).status, RunStatus::partial);
  EXPECT_EQ(world_.executor->input("reader")["_state"], Json::object());
}

TEST_F(RunTest, StatusIsFailedWhenNothingSucceeded) {
  world_.fails("top");
  EXPECT_EQ(run(diamond(), 3).status, RunStatus::failed);
  EXPECT_THAT(world_.sink.all<ledger::NodeSkipped>(), SizeIs(3));
}

TEST_F(RunTest, StartsANodeTheMomentItsInputsAreThere) {
  GraphUnderTest graph;
  for (const char* id : {"slow", "fast", "after_fast"}) graph.add(id);
  graph.edge("fast", "after_fast");
  world_.script("slow").delay = 60ms;
  std::vector<std::string> ends;
  world_.sink.on_event = [&](const ledger::RunEvent& event) {
    if (const auto* end = std::get_if<ledger::NodeFinished>(&event)) ends.push_back(end->at.node.text);
  };
  run(graph, 2);
  EXPECT_THAT(ends, ElementsAre("fast", "after_fast", "slow"));
}

TEST_F(RunTest, RunsInTopologicalOrderAtConcurrencyOne) {
  GraphUnderTest graph;
  for (const char* id : {"c", "b", "a"}) graph.add(id);
  graph.edge("a", "b");
  run(graph);
  EXPECT_THAT(world_.executor->order(), ElementsAre("c", "a", "b"));
}

TEST_F(RunTest, ARetryAtConcurrencyOneLetsNobodyPass) {
  GraphUnderTest graph;
  graph.add("flaky").on_error = {graph::ErrorPolicy::retry, 2, graph::Backoff::linear, 5ms};
  graph.add("next");
  world_.fails("flaky");
  run(graph);
  EXPECT_THAT(world_.executor->order(), ElementsAre("flaky", "flaky", "next"));
}

TEST_F(RunTest, KeepsTheGlobalLimit) {
  GraphUnderTest graph;
  for (int i = 0; i < 40; ++i) {
    graph.add("n" + std::to_string(i));
    world_.script("n" + std::to_string(i)).turns = [i](const auto&) { return i % 5; };
  }
  run(graph, 3);
  EXPECT_EQ(world_.executor->most_at_once, 3u);
  EXPECT_EQ(world_.executor->started.size(), 40u);
}

TEST_F(RunTest, FailRunEndsWhatRunsAndSkipsTheRest) {
  auto graph = diamond();
  graph.nodes[1].on_error.policy = graph::ErrorPolicy::fail_run;
  world_.fails("left");
  world_.script("right").delay = 10s;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(run(graph, 2).status, RunStatus::failed);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_EQ(world_.sink.only<ledger::NodeFailed>("right").outcome, Outcome::cancelled);
  EXPECT_EQ(skipped("join").cause, SkipCause::cancelled);
  const auto end = std::get<ledger::RunFinished>(world_.sink.events.back().body);
  EXPECT_THAT(end.reason, HasSubstr("node 'left' failed"));
  EXPECT_THAT(end.reason, HasSubstr("left broke"));
}

TEST_F(RunTest, CancelEndsTheRunOnceHoweverOftenItIsCalled) {
  auto graph = diamond();
  world_.script("left").delay = 10s;
  world_.script("right").delay = 10s;
  world_.loop.after(20ms, [&] {
    world_.current->cancel("interrupted by SIGINT");
    world_.current->cancel("again");
  });
  EXPECT_EQ(run(graph, 2).status, RunStatus::cancelled);
  EXPECT_EQ(world_.executor->cancels, 2u);
  EXPECT_EQ(skipped("join").cause, SkipCause::cancelled);
  EXPECT_EQ(world_.sink.only<ledger::RunFinished>().reason, "interrupted by SIGINT");
  EXPECT_TRUE(std::holds_alternative<ledger::RunFinished>(world_.sink.events.back().body));
}

TEST_F(RunTest, CancelBeforeTheStartRunsNothing) {
  const auto plan = make_plan(diamond(), {}, world_.executors);
  ASSERT_TRUE(plan);
  engine::Run early(*plan, world_.context());
  early.cancel("too late");
  const auto summary = early.run();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->status, RunStatus::cancelled);
  EXPECT_THAT(world_.executor->started, IsEmpty());
  EXPECT_THAT(world_.sink.all<ledger::NodeSkipped>(), SizeIs(4));
  early.cancel("after the end");
}

TEST_F(RunTest, AWorkThatEndedBeforeItsCancellationCounts) {
  GraphUnderTest graph;
  graph.field("f");
  graph.add("quick", {}, {"f"});
  world_.script("quick").report = [&](const auto&) {
    world_.current->cancel("just now");
    return wrote({{"f", Value::of(1)}});
  };
  const RunSummary summary = run(graph);
  EXPECT_EQ(summary.status, RunStatus::cancelled);
  EXPECT_EQ(summary.state.at("f"), Value::of(1));
}

TEST_F(RunTest, CancelWhileWaitingForARetryEndsTheNodeAsFailed) {
  GraphUnderTest graph;
  graph.add("flaky").on_error = {graph::ErrorPolicy::retry, 20, graph::Backoff::exponential,
                                 std::chrono::hours(1'000'000'000)};
  world_.fails("flaky");
  world_.loop.after(20ms, [&] { world_.current->cancel("enough"); });
  EXPECT_EQ(run(graph).status, RunStatus::cancelled);
  const auto end = world_.sink.only<ledger::NodeFailed>("flaky");
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.facts.attempt, 1u);
  EXPECT_THAT(end.error, HasSubstr("flaky broke; not tried again: enough"));
}

TEST_F(RunTest, ASinkThatFailsAtAnyEventStopsEverything) {
  auto graph = diamond();
  graph.field("f");
  graph.nodes[1].writes = {"f"};
  graph.nodes[2].on_error = {graph::ErrorPolicy::retry, 3, graph::Backoff::linear, 1ms};
  std::uint64_t total = UINT64_MAX;
  for (std::uint64_t refuse_at = 1; refuse_at <= total; ++refuse_at) {
    World world;
    world.writes("left", {{"f", Value::of(1)}});
    world.fails("right");
    world.script("left").turns = [](const auto&) { return 20; };
    if (refuse_at == 1) {
      ASSERT_TRUE(world.run(graph, 2));
      total = world.sink.events.size();
      world.sink.events.clear();
    }
    world.sink.refuse_at = refuse_at;
    const auto summary = world.run(graph, 2);
    ASSERT_FALSE(summary) << "at event " << refuse_at;
    EXPECT_EQ(summary.error().message(), "no space left on device");
    EXPECT_EQ(world.executor->in_flight(), 0u);
    EXPECT_EQ(world.sink.events.size(), refuse_at - 1);
    world.loop.after(3ms, [&] { world.loop.stop(); });
    world.loop.run();  // nothing of the run may be left on the loop
  }
  EXPECT_GT(total, 10u);
}

TEST_F(RunTest, LogLinesOfAnAttemptBecomeActivity) {
  class Talker : public exec::Executor {
   public:
    explicit Talker(sys::EventLoop& loop) : loop_(loop) {}
    std::uint64_t start(const exec::AttemptSpec&, exec::Done done, exec::Activity activity) override {
      loop_.post([done, activity] {
        activity("working");
        done({});
      });
      return 1;
    }
    void cancel(std::uint64_t) override {}

   private:
    sys::EventLoop& loop_;
  };
  world_.executors.add("command", std::make_shared<Talker>(world_.loop));
  GraphUnderTest graph;
  graph.add("talks").work = graph::Command{.run = std::string("true")};
  run(graph);
  EXPECT_EQ(world_.sink.only<ledger::NodeActivity>("talks").activity, "working");
}

GraphUnderTest chain(int length) {
  GraphUnderTest graph;
  for (int i = 0; i < length; ++i) {
    const std::string n = std::to_string(i);
    graph.field("f" + n);
    graph.add("n" + n, {}, {"f" + n});
    if (i) graph.edge("n" + std::to_string(i - 1), "n" + n);
  }
  return graph;
}

TEST_F(RunTest, DrivesAChainOfTwentyThousandNodes) {
  constexpr int kMany = 20'000;
  const auto graph = chain(kMany);
  for (int i = 0; i < kMany; ++i) {
    const std::string n = std::to_string(i);
    world_.writes("n" + n, {{"f" + n, Value::of(i)}});
  }
  const double begin = cpu_seconds();
  const RunSummary summary = run(graph, 8);
  EXPECT_LT(cpu_seconds() - begin, 30.0) << "also under the sanitizers; a quadratic run takes minutes";
  EXPECT_EQ(summary.status, RunStatus::success);
  EXPECT_EQ(summary.state.size(), static_cast<std::size_t>(kMany));
  EXPECT_EQ(summary.state.at("f19999"), Value::of(kMany - 1));
}

TEST_F(RunTest, SkipsFiftyThousandNodesWithoutRecursion) {
  constexpr int kMany = 50'000;
  GraphUnderTest graph;
  for (int i = 0; i < kMany; ++i) {
    graph.add("n" + std::to_string(i));
    if (i) graph.edge("n" + std::to_string(i - 1), "n" + std::to_string(i));
  }
  world_.fails("n0");
  EXPECT_EQ(run(graph, 8).status, RunStatus::failed);
  EXPECT_EQ(world_.sink.all<ledger::NodeSkipped>().size(), static_cast<std::size_t>(kMany - 1));
}

}  // namespace
}  // namespace oe::engine
