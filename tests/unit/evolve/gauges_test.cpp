#include "evolve/gauges.hpp"

#include "unit/evolve/run_builder.hpp"

namespace oe::evolve::test {
namespace {

using Kind = Expectation::Kind;
using ledger::Outcome;

graph::Graph graph() {
  return GraphBuilder()
      .field("items")
      .tool("first", {}, {"items"})
      .each("each", "$.items")
      .tool("last")
      .edge("first", "each");
}

/// A run whose fan-out has `items` items that take `ms` each, the first `failed` of which fail.
RecordedRun run_with(std::uint64_t items, std::uint64_t failed, int ms = 100) {
  RunBuilder run(graph());
  run.ready("first").succeeds("first", kWhole, 1).ready("each", items);
  for (std::uint64_t i = 0; i < items; ++i) i < failed ? run.fails("each", i, ms, "no") : run.succeeds("each", i, ms);
  run.ends("each", failed > 0 ? Outcome::failed : Outcome::succeeded);
  run.ready("last").succeeds("last", kWhole, 1);
  return run.finish(failed > 0 ? ledger::RunStatus::partial : ledger::RunStatus::success);
}

/// What a gauge of the expectation reads off a run.
Measured read(const Expectation& expectation, const std::string& name, const RecordedRun& run,
              const graph::Graph& in = graph()) {
  for (const Gauge& gauge : gauges_for(expectation, in))
    if (gauge.metric.name == name) return gauge.read(run.state);
  ADD_FAILURE() << "no gauge " << name;
  return std::nullopt;
}
std::vector<std::string> goals(const Expectation& expectation, const graph::Graph& in = graph()) {
  std::vector<std::string> names;
  for (const Gauge& gauge : gauges_for(expectation, in))
    if (gauge.metric.role == Role::goal) names.push_back(gauge.metric.name);
  return names;
}

TEST(Gauges, TakeTheirGoalFromTheExpectation) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(goals({Kind::node_succeeds, {"each"}}), Names{"success of each"});
  EXPECT_EQ(goals({Kind::fewer_failed_items, {"each"}, 2}), Names{"failed items of each"});
  EXPECT_EQ(goals({Kind::shorter_wall_time, {}}), Names{"time of the run"});
  EXPECT_EQ(goals({Kind::no_worse, {"each"}}), (Names{"success", "time of a success", "cost"}));
  EXPECT_EQ(goals({Kind::no_worse, {"each"}, 4}), Names{}) << "one more case is no improvement by itself";
}
TEST(Gauges, OfSuccessWantEveryItem) {
  const Expectation expectation{Kind::node_succeeds, {"each"}};
  EXPECT_EQ(read(expectation, "success of each", run_with(4, 1)), 0.0);
  EXPECT_EQ(read(expectation, "success of each", run_with(4, 0)), 1.0);
}
// A worktree has what is committed; a list from a file that is not would be empty there.
TEST(Gauges, ReadNothingOffAFanOutOverNothingOrANodeThatNeverRan) {
  EXPECT_FALSE(read({Kind::node_succeeds, {"each"}}, "success of each", run_with(0, 0)));
  EXPECT_FALSE(read({Kind::fewer_failed_items, {"each"}, 2}, "failed items of each", run_with(0, 0)));
  EXPECT_FALSE(read({Kind::node_succeeds, {"nosuch"}}, "success of nosuch", run_with(4, 0)));
  EXPECT_FALSE(read({Kind::shorter_wall_time, {"nosuch"}}, "time of nosuch", run_with(4, 0)));
}
TEST(Gauges, CountItemsNotAttempts) {
  RunBuilder run(graph());
  run.ready("first").succeeds("first", kWhole, 1).ready("each", 2);
  run.fails_and_retries("each", 0, 10, "no").fails("each", 0, 10, "no").succeeds("each", 1, 10);
  run.ends("each", Outcome::failed);
  EXPECT_EQ(read({Kind::fewer_failed_items, {"each"}, 2}, "failed items of each", run.finish()), 1.0);
}
TEST(Gauges, CountWhatFailedAndWhatThatCutOff) {
  RunBuilder run(graph());
  run.ready("first").fails("first", kWhole, 1, "no").is_skipped("each", ledger::SkipCause::failure);
  run.ready("last").succeeds("last", kWhole, 1);
  EXPECT_EQ(read({}, "failures", run.finish()), 2.0);
  EXPECT_EQ(read({}, "failures", run_with(4, 3)), 4.0) << "the node and three items";
  EXPECT_EQ(read({}, "failures", run_with(4, 0)), 0.0);
}
TEST(Gauges, OfTimeAndCostDoNotPraiseARunThatFailsAtOnce) {
  EXPECT_FALSE(read({Kind::node_succeeds, {"each"}}, "time of a success", run_with(4, 1, 1)));
  const Measured time = read({Kind::node_succeeds, {"each"}}, "time of a success", run_with(4, 0, 100));
  ASSERT_TRUE(time);
  EXPECT_NEAR(*time, 0.4, 0.1);
}
/// Its fan-out needs one more try for an item, `first` so many; the answer of the first try violates its schema.
RecordedRun run_with_retries(int retries_of_first, ledger::RunStatus status = ledger::RunStatus::success) {
  RunBuilder run(graph());
  run.ready("first");
  for (int i = 0; i < retries_of_first; ++i)
    run.fails_and_retries("first", kWhole, 1, "mock: the answer does not fit the schema: /a is missing");
  run.succeeds("first", kWhole, 1).ready("each", 2);
  run.succeeds("each", 0, 10).fails_and_retries("each", 1, 10, "no").succeeds("each", 1, 10);
  run.ends("each", Outcome::succeeded).ready("last").succeeds("last", kWhole, 1);
  return run.finish(status);
}

TEST(Gauges, CountRetriesOfNodesAndItems) {
  EXPECT_EQ(read({}, "retries", run_with_retries(0)), 1.0) << "an item's second try, not each item";
  EXPECT_EQ(read({}, "retries", run_with_retries(2)), 3.0);
  EXPECT_EQ(read({}, "retries", run_with(4, 0)), 0.0);
}
TEST(Gauges, DoNotHoldTheRetriesOfANodeAgainstWhatMakesItSucceed) {
  EXPECT_EQ(read({Kind::node_succeeds, {"first"}}, "retries", run_with_retries(2)), 1.0);
  EXPECT_EQ(read({Kind::fewer_failed_items, {"each"}, 2}, "retries", run_with_retries(2)), 2.0);
  EXPECT_EQ(read({Kind::shorter_wall_time, {"first"}}, "retries", run_with_retries(2)), 3.0);
}
TEST(Gauges, CountTriesWhoseAnswerViolatesItsSchema) {
  EXPECT_EQ(read({}, "schema violations", run_with_retries(2)), 2.0);
  EXPECT_EQ(read({}, "schema violations", run_with_retries(0)), 0.0) << "a try that failed for another reason is none";
}
TEST(Gauges, OfRetriesAndViolationsDoNotPraiseARunThatFailsEarly) {
  const RecordedRun failed = run_with_retries(2, ledger::RunStatus::failed);
  EXPECT_FALSE(read({}, "retries", failed));
  EXPECT_FALSE(read({}, "schema violations", failed));
}
TEST(Gauges, AreGuardsWhereTheyCountTries) {
  for (const Gauge& gauge : gauges_for({Kind::no_worse, {}}, graph())) {
    const bool counts_tries = gauge.metric.name == "retries" || gauge.metric.name == "schema violations";
    EXPECT_TRUE(!counts_tries || gauge.metric.role == Role::guard) << gauge.metric.name;
  }
  for (const Gauge& gauge : gauges_for({Kind::no_worse, {"each"}, 4}, graph()))
    EXPECT_NE(gauge.metric.name, "retries") << "one more case may need one more try";
}
TEST(Gauges, ReadWhatTheWorkflowDeclares) {
  graph::Graph declared = graph();
  declared.metrics = {{.name = "found", .source = "length($.items)", .is_higher_better = true, .is_goal = true},
                      {.name = "odd", .source = "$.items", .is_goal = false}};
  RunBuilder run(declared);
  run.ready("first").gives("items", json("[1,2,3]")).succeeds("first", kWhole, 1);
  const RecordedRun recorded = run.finish();
  EXPECT_EQ(read({Kind::no_worse, {}}, "found", recorded, declared), 3.0);
  EXPECT_FALSE(read({Kind::no_worse, {}}, "odd", recorded, declared)) << "a list is no number";
  EXPECT_EQ(goals({Kind::no_worse, {}}, declared).back(), "found");
  EXPECT_EQ(goals({Kind::node_succeeds, {"each"}}, declared).size(), 1U) << "a guard where another goal is named";
}
TEST(Gauges, GiveNothingForATrialThatDidNotEnd) {
  const auto gauges = gauges_for({Kind::node_succeeds, {"each"}}, graph());
  for (const Measured& value : readings(gauges, fail(ErrorKind::failed, "too long"))) EXPECT_FALSE(value);
  EXPECT_EQ(readings(gauges, run_with(2, 0).state).front(), 1.0);
}

}  // namespace
}  // namespace oe::evolve::test
