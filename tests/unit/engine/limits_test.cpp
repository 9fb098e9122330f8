#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using namespace std::chrono_literals;
using ledger::Outcome;
using ledger::RunStatus;
using ::testing::Each;
using ::testing::HasSubstr;

/// Budgets, deadlines, retry classes and secrets.
class LimitsTest : public ::testing::Test {
 protected:
  RunSummary run(std::uint32_t concurrency = 1) {
    auto plan = make_plan(graph_, {.args = Value::object(), .concurrency = concurrency}, world_.executors);
    EXPECT_TRUE(plan) << plan.error().to_string();
    RunContext context = world_.context();
    context.secrets = secrets_;
    context.hidden = hidden_;
    engine::Run run(*plan, std::move(context));
    auto summary = run.run();
    EXPECT_TRUE(summary);
    return summary ? *summary : RunSummary{};
  }
  void costs(const std::string& id, int tokens) {
    world_.script(id).report = [tokens](const auto&) {
      exec::AttemptReport report;
      report.metrics = Value(Json{{"tokens_in", tokens}, {"tokens_out", 0}, {"cost_usd", 0.5}});
      return report;
    };
  }

  GraphUnderTest graph_;
  World world_;
  std::map<std::string, std::string> secrets_;
  std::vector<std::string> hidden_;
};

TEST_F(LimitsTest, ARunNeverPassesItsBudgetWhenAttemptsKeepTheirs) {
  graph_.runtime.budget.tokens = 100;
  for (int i = 0; i < 10; ++i) {
    const std::string id = "n" + std::to_string(i);
    graph_.add(id).budget.tokens = 30;
    costs(id, 30);
  }
  const RunSummary summary = run(8);
  EXPECT_EQ(summary.status, RunStatus::failed);
  EXPECT_EQ(summary.spent.tokens, 90u);
  EXPECT_THAT(world_.sink.only<ledger::RunFinished>().reason, HasSubstr("budget of the run (100 tokens)"));
}

TEST_F(LimitsTest, ABudgetHoldsAgainstTheWorstOfEachCallWhateverEachCosts) {
  graph_.runtime.budget.usd = 1.0;
  for (int i = 0; i < 20; ++i) {
    const std::string id = "n" + std::to_string(i);
    graph_.add(id);
    Script& script = world_.script(id);
    script.most = {.tokens = 1000, .usd = 0.3};
    script.report = [i](const auto&) {
      exec::AttemptReport report;
      report.metrics = Value(Json{{"cost_usd", i % 3 == 0 ? 0.3 : 0.01}});
      return report;
    };
  }
  const RunSummary summary = run(8);
  EXPECT_EQ(summary.status, RunStatus::failed);
  EXPECT_LE(*summary.spent.usd, 1.0);
  EXPECT_GT(*summary.spent.usd, 0.7) << "a call that fits is made";
  EXPECT_LE(world_.executor->most_at_once, 3u);
}

TEST_F(LimitsTest, ACallWithoutAPriceIsNotMadeOnABudget) {
  graph_.runtime.budget.usd = 1.0;
  graph_.add("a");
  world_.script("a").most = {.tokens = 10, .usd = std::nullopt};
  EXPECT_EQ(run().status, RunStatus::failed);
  EXPECT_TRUE(world_.executor->started.empty());
  EXPECT_THAT(world_.sink.only<ledger::RunFinished>().reason, HasSubstr("the price of its model is not known"));
}

TEST_F(LimitsTest, AFaultOfTheConfigurationStopsTheRunWhateverOnErrorSays) {
  auto& node = graph_.add("a");
  node.on_error = {.policy = graph::ErrorPolicy::retry, .attempts = 9, .base = 0ms};
  graph_.add("b");
  world_.script("a").report = [](const auto&) {
    auto report = failed("ANTHROPIC_API_KEY is not set");
    report.is_environment = true;
    return report;
  };
  const RunSummary summary = run();
  EXPECT_EQ(summary.status, RunStatus::failed);
  EXPECT_TRUE(summary.is_environment);
  EXPECT_THAT(world_.executor->order(), ::testing::ElementsAre("a"));
  EXPECT_EQ(world_.sink.only<ledger::RunFinished>().reason, "node 'a': ANTHROPIC_API_KEY is not set");
}

TEST_F(LimitsTest, KeysThatNoNodeIsGrantedAreHiddenToo) {
  hidden_ = {"sk-12345678"};
  graph_.add("a");
  world_.script("a").report = [](const auto&) { return failed("server said: bad key sk-12345678"); };
  run();
  EXPECT_EQ(world_.sink.only<ledger::NodeFailed>("a").error, "server said: bad key ***");
}

TEST_F(LimitsTest, ANodeThatHasSpentItsBudgetIsNotTriedAgain) {
  auto& node = graph_.add("a");
  node.budget.usd = 1.0;
  node.on_error = {.policy = graph::ErrorPolicy::retry, .attempts = 9, .base = 0ms};
  world_.script("a").report = [](const auto&) {
    auto report = failed("no");
    report.metrics = value(R"({"cost_usd": 0.5})");
    return report;
  };
  run();
  EXPECT_EQ(world_.executor->started.size(), 2u);
  EXPECT_THAT(world_.sink.only<ledger::NodeFailed>("a").error, HasSubstr("budget of node 'a'"));
}

TEST_F(LimitsTest, AnAttemptThatWouldPassTheBudgetOfItsNodeIsNotMade) {
  auto& node = graph_.add("a");
  node.budget.usd = 1.0;
  node.on_error = {.policy = graph::ErrorPolicy::retry, .attempts = 9, .base = 0ms};
  world_.script("a").report = [](const auto&) {
    auto report = failed("no");
    report.metrics = value(R"({"cost_usd": 0.4})");
    return report;
  };
  EXPECT_DOUBLE_EQ(*run().spent.usd, 0.8);
  EXPECT_EQ(world_.executor->started.size(), 2u);
}

TEST_F(LimitsTest, TheDeadlineOfANodeCountsAllItsAttempts) {
  auto& node = graph_.add("a");
  node.deadline = 60ms;
  node.on_error = {.policy = graph::ErrorPolicy::retry, .attempts = 20, .base = 10ms};
  world_.fails("a");
  run();
  EXPECT_EQ(world_.sink.only<ledger::NodeFailed>("a").outcome, Outcome::timed_out);
  EXPECT_LT(world_.executor->started.size(), 20u);
}

TEST_F(LimitsTest, TheDeadlineOfARunEndsIt) {
  graph_.runtime.deadline = 30ms;
  graph_.add("slow");
  world_.script("slow").delay = 10'000ms;
  EXPECT_EQ(run().status, RunStatus::failed);
  EXPECT_THAT(world_.sink.only<ledger::RunFinished>().reason, HasSubstr("deadline of 30 ms"));
}

TEST_F(LimitsTest, TheDeadlineOfALoopEndsWhatIsInside) {
  graph::Repeat repeat{.max_rounds = 1000};
  repeat.body->nodes.push_back({.id = NodeId{"step"}, .work = graph::Tool{.impl = "t.mjs"}});
  graph_.nodes.push_back({.id = NodeId{"again"}, .deadline = 50ms, .work = std::move(repeat)});
  world_.script("step").delay = 20ms;
  run();
  EXPECT_EQ(world_.sink.only<ledger::NodeFailed>("again").outcome, Outcome::timed_out);
  EXPECT_LT(world_.executor->started.size(), 10u);
}

TEST_F(LimitsTest, OnlyFailuresOfTheNamedClassesAreTriedAgain) {
  for (const char* id : {"busy", "broken"}) {
    auto& node = graph_.add(id);
    node.on_error = {.policy = graph::ErrorPolicy::retry, .attempts = 3, .base = 0ms};
    node.on_error.retry_on.exit_codes = {75};
    world_.script(id).report = [id](const auto&) {
      auto report = failed("no");
      report.exit_code = std::string_view(id) == "busy" ? 75 : 1;
      return report;
    };
  }
  run();
  EXPECT_EQ(world_.sink.all<ledger::NodeStarted>("busy").size(), 3u);
  EXPECT_EQ(world_.sink.all<ledger::NodeStarted>("broken").size(), 1u);
}

TEST_F(LimitsTest, ThenFailRunEndsTheRunWhenTheRetriesAreUsedUp) {
  graph_.add("a").on_error = {.policy = graph::ErrorPolicy::retry, .attempts = 2, .base = 0ms, .then_fail_run = true};
  graph_.add("b");
  world_.fails("a");
  EXPECT_EQ(run().status, RunStatus::failed);
  EXPECT_TRUE(world_.sink.all<ledger::NodeStarted>("b").empty());
}

TEST_F(LimitsTest, ASecretGoesOnlyWhereItIsGrantedAndIsMaskedEverywhere) {
  secrets_ = {{"TOKEN", "hunter2"}};
  graph_.secrets = {"TOKEN"};
  graph_.field("out");
  graph_.add("granted", {}, {"out"}).secrets = {"TOKEN"};
  graph_.add("other");
  std::vector<std::optional<std::string>> seen;
  world_.script("granted").report = [&](const auto& spec) {
    seen.push_back(spec.environment->front().second);
    auto report = wrote({{"out", value(R"({"hunter2": ["x hunter2 y"]})")}});
    report.output = "the token is hunter2";
    report.edge_output = Value::of("hunter2");
    return report;
  };
  world_.script("other").report = [&](const auto& spec) {
    seen.push_back(spec.environment->front().second);
    return failed("hunter2 is wrong");
  };
  const RunSummary summary = run();
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre(std::optional<std::string>("hunter2"), std::nullopt));
  EXPECT_EQ(summary.state.at("out"), value(R"({"***": ["x *** y"]})"));
  for (const ledger::Event& event : world_.sink.events)
    EXPECT_THAT(ledger::to_json_line(event), ::testing::Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace oe::engine
