#include "evolve/expectation.hpp"

#include "unit/evolve/run_builder.hpp"
#include "unit/git/git_tests.hpp"

namespace oe::evolve::test {
namespace {

using git::error_of;
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
  return run.finish();
}
Result<std::string> judged(const Expectation& expectation, const RecordedRun& recorded, const RecordedRun& trial) {
  return judge_trial(expectation, recorded, recorded.state, trial.state);
}

TEST(NodeSucceeds, WantsEveryItem) {
  const Expectation expectation{Kind::node_succeeds, {"each"}};
  EXPECT_TRUE(judged(expectation, run_with(4, 2), run_with(4, 0)));
  EXPECT_FALSE(judged(expectation, run_with(4, 2), run_with(4, 1)));
}
TEST(NodeSucceeds, IsNotShownByANodeThatNeverRan) {
  RunBuilder run(graph());
  const RecordedRun trial =
      run.ready("first").succeeds("first", kWhole, 1).ready("last").succeeds("last", kWhole, 1).finish();
  EXPECT_NE(error_of(judged({Kind::node_succeeds, {"each"}}, run_with(4, 2), trial)).find("never ran"),
            std::string::npos);
  EXPECT_FALSE(judged({Kind::fewer_failed_items, {"each"}, 2}, run_with(4, 2), trial));
  EXPECT_FALSE(judged({Kind::shorter_wall_time, {"each"}, 400'000}, run_with(4, 2), trial));
  EXPECT_FALSE(judged({Kind::node_succeeds, {"nosuch"}}, run_with(4, 2), run_with(4, 0)));
}
// A worktree has what is committed; a list from a file that is not would be empty there.
TEST(NodeSucceeds, IsNotShownByAFanOutOverNothing) {
  EXPECT_NE(error_of(judged({Kind::node_succeeds, {"each"}}, run_with(4, 2), run_with(0, 0))).find("no items"),
            std::string::npos);
  EXPECT_FALSE(judged({Kind::fewer_failed_items, {"each"}, 2}, run_with(4, 2), run_with(0, 0)));
}

TEST(FewerFailedItems, CountsItemsNotAttempts) {
  const Expectation expectation{Kind::fewer_failed_items, {"each"}, 3};
  EXPECT_EQ(judged(expectation, run_with(6, 3), run_with(6, 2)), "each: failed items 3 -> 2");
  EXPECT_FALSE(judged(expectation, run_with(6, 3), run_with(6, 3)));
  EXPECT_FALSE(judged(expectation, run_with(6, 3), run_with(6, 4)));

  RunBuilder retried(graph());
  retried.ready("first").succeeds("first", kWhole, 1).ready("each", 1);
  retried.fails_and_retries("each", 0, 5, "no").fails_and_retries("each", 0, 5, "no").succeeds("each", 0, 5);
  EXPECT_EQ(failed_items(retried.ends("each").finish().state, {"each"}), 0U);
}

TEST(NoWorse, WantsTheNodeAndNothingElseToFail) {
  EXPECT_TRUE(judged({Kind::no_worse, {"each"}}, run_with(3, 0), run_with(3, 0)));
  EXPECT_TRUE(judged({Kind::no_worse, {}}, run_with(3, 1), run_with(3, 1))) << "what failed before may fail again";
  EXPECT_FALSE(judged({Kind::no_worse, {}}, run_with(3, 1), run_with(3, 2)));
  EXPECT_FALSE(judged({Kind::no_worse, {"each"}}, run_with(3, 1), run_with(3, 1)));
  EXPECT_FALSE(judged({Kind::no_worse, {"nosuch"}}, run_with(3, 0), run_with(3, 0)));
}
TEST(NoWorse, WantsTheCaseToReachTheNode) {
  EXPECT_NE(judged({Kind::no_worse, {"each"}, 3}, run_with(3, 0), run_with(4, 0))->find("items 3 -> 4"),
            std::string::npos);
  EXPECT_FALSE(judged({Kind::no_worse, {"each"}, 3}, run_with(3, 0), run_with(3, 0)));
  EXPECT_TRUE(judged({Kind::no_worse, {"each"}, 3}, run_with(3, 1), run_with(4, 1))) << "it mends no other item";
  EXPECT_FALSE(judged({Kind::no_worse, {"each"}, 3}, run_with(3, 1), run_with(4, 2)));
}
TEST(Everything, IsRefusedWhenANewNodeFails) {
  RecordedRun trial = run_with(3, 0);
  trial.state.nodes[{"added"}] = {.id = {"added"}, .outcome = Outcome::failed, .error = "no"};
  for (const Kind kind : {Kind::no_worse, Kind::node_succeeds})
    EXPECT_NE(error_of(judged({kind, {"each"}}, run_with(3, 0), trial)).find("the new node added failed (no)"),
              std::string::npos);
}

TEST(ShorterWallTime, HasItsEdgeAtFourFifths) {
  const Expectation expectation{Kind::shorter_wall_time, {"each"}, 1'000'000};
  EXPECT_TRUE(judged(expectation, run_with(10, 0, 100), run_with(10, 0, 80)));
  EXPECT_FALSE(judged(expectation, run_with(10, 0, 100), run_with(10, 0, 81)));
}
TEST(ShorterWallTime, LeavesOutWhatMayBeNoise) {
  EXPECT_FALSE(judged({Kind::shorter_wall_time, {"each"}, 20'000}, run_with(10, 0, 2), run_with(11, 0, 1)));
  EXPECT_TRUE(judged({Kind::shorter_wall_time, {"each"}, 20'000}, run_with(10, 0, 2), run_with(10, 0, 1)));
  EXPECT_FALSE(judged({Kind::shorter_wall_time, {"each"}, 0}, run_with(10, 0, 0), run_with(10, 0, 0)));
}
// The machine was busy when the run was recorded: unpatched, the workflow is as fast now.
TEST(ShorterWallTime, IsMeasuredAgainstTheRerunToo) {
  const Expectation expectation{Kind::shorter_wall_time, {"each"}, 2'000'000};
  const RecordedRun recorded = run_with(10, 0, 200), rerun = run_with(10, 0, 80), trial = run_with(10, 0, 70);
  EXPECT_FALSE(judge_trial(expectation, recorded, rerun.state, trial.state));
  EXPECT_TRUE(judge_trial(expectation, recorded, recorded.state, trial.state));
}
TEST(ShorterWallTime, OfTheRunIsItsDuration) {
  const Expectation expectation{Kind::shorter_wall_time, {}, 1'002'000};
  EXPECT_EQ(wall_time(run_with(10, 0, 100).state, {}), std::chrono::milliseconds(1002));
  EXPECT_TRUE(judged(expectation, run_with(10, 0, 100), run_with(10, 0, 50)));
  EXPECT_FALSE(judged(expectation, run_with(10, 0, 100), run_with(10, 0, 95)));
}
TEST(ShorterWallTime, IsNotBoughtWithItemsThatFail) {
  const Expectation expectation{Kind::shorter_wall_time, {"each"}, 1'000'000};
  EXPECT_FALSE(judged(expectation, run_with(10, 0, 100), run_with(10, 1, 10)));
  EXPECT_NE(error_of(judged(expectation, run_with(10, 1, 100), run_with(10, 2, 10))).find("1 -> 2"), std::string::npos);
  EXPECT_TRUE(judged(expectation, run_with(10, 1, 100), run_with(10, 1, 10)));
}

/// The recorded run with 2 of 4 items failed, and a trial that mends them but ends `last` in some other way.
Result<std::string> with_last(const std::function<void(RunBuilder&)>& end) {
  RunBuilder trial(graph());
  trial.ready("first").succeeds("first", kWhole, 1).ready("each", 4);
  for (std::uint64_t i = 0; i < 4; ++i) trial.succeeds("each", i, 5);
  trial.ends("each");
  end(trial);
  return judged({Kind::node_succeeds, {"each"}}, run_with(4, 2), trial.finish());
}
TEST(Trial, MayNotBreakWhatWorked) {
  EXPECT_TRUE(with_last([](RunBuilder& run) { run.ready("last").succeeds("last", kWhole, 1); }));
  EXPECT_NE(
      error_of(with_last([](RunBuilder& run) { run.ready("last").fails("last", kWhole, 1, "broke"); })).find("broke"),
      std::string::npos);
  EXPECT_FALSE(with_last([](RunBuilder& run) { run.ready("last").times_out("last", kWhole, 1); }));
  EXPECT_FALSE(with_last([](RunBuilder& run) { run.ready("last").is_cancelled("last", kWhole, 1); }));
  EXPECT_FALSE(with_last([](RunBuilder&) {}));
  EXPECT_FALSE(with_last([](RunBuilder& run) { run.is_skipped("last", ledger::SkipCause::failure); }));
}
TEST(Trial, MayLeaveOutWhatAConditionLeavesOut) {
  EXPECT_TRUE(with_last([](RunBuilder& run) { run.is_skipped("last", ledger::SkipCause::condition); }));
}
TEST(Trial, NeverJudgesACase) {
  EXPECT_EQ(judged({Kind::case_reproduces, {"each"}}, run_with(1, 1), run_with(1, 1)).error().kind(), ErrorKind::bug);
}

}  // namespace
}  // namespace oe::evolve::test
