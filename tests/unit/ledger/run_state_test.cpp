#include "oe/ledger/run_state.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "ledger/merge.hpp"
#include "unit/ledger/samples.hpp"

namespace oe::ledger {
namespace {

using test::at_ms;
using test::json;

RunState fold(const std::vector<RunEvent>& bodies) {
  Fold fold;
  for (const Event& event : test::numbered(bodies)) fold.add(event);
  return std::move(fold).take();
}

At whole(const char* node) {
  return {{node}, std::nullopt, ""};
}
At item(const char* node, std::uint64_t index) {
  return {{node}, index, ""};
}
StateWrite write(At at, const char* field, std::string_view value) {
  return {.at = std::move(at), .field = field, .value = json(value)};
}

std::string texts(const std::vector<Write>& writes) {
  std::string text;
  for (const Write& each : writes) text += each.value.dump() + " ";
  return text;
}

TEST(RunState, IsWhatTheEventsSay) {
  const RunState run = fold(test::realistic_run());
  EXPECT_EQ(run.id, RunId{"r-1"});
  EXPECT_EQ(run.status, RunStatus::partial);
  EXPECT_EQ(run.duration, Microseconds(123'456));
  EXPECT_EQ(run.started_at, at_ms(1));
  EXPECT_EQ(run.last_event, 26U);
  EXPECT_EQ(run.last_at, at_ms(26));
  EXPECT_EQ(run.start.workflow, "experience.yaml");
  ASSERT_EQ(run.nodes.size(), 4U);

  const NodeState& load = run.nodes.at({"load"});
  EXPECT_EQ(load.outcome, Outcome::succeeded);
  EXPECT_EQ(load.ready, 2U);
  EXPECT_EQ(load.ended, 9U);
  EXPECT_EQ(load.edge_output, json("{\"n\":3}"));
  ASSERT_EQ(load.attempts.size(), 2U);
  EXPECT_EQ(load.attempts[0].outcome, Outcome::failed);
  EXPECT_EQ(load.attempts[0].error, "boom");
  EXPECT_EQ(load.attempts[0].started, 3U);
  EXPECT_EQ(load.attempts[0].ended, 5U);
  EXPECT_EQ(load.attempts[0].input_digest, "d1");
  EXPECT_EQ(load.attempts[1].facts.attempt, 2U);
  EXPECT_EQ(load.attempts[1].outcome, Outcome::succeeded);
  EXPECT_EQ(load.attempts[1].facts.duration, Microseconds(900));

  const NodeState& each = run.nodes.at({"each"});
  EXPECT_EQ(each.outcome, Outcome::failed);
  EXPECT_EQ(each.phase, "work");
  EXPECT_EQ(each.items, 3U);
  EXPECT_EQ(each.order, 1U);
  EXPECT_EQ(each.error, "1 of 3 items failed");
  ASSERT_EQ(each.attempts.size(), 3U) << "the node as a whole is no attempt";
  EXPECT_EQ(each.attempts[2].index, 2U);
  EXPECT_EQ(each.attempts[2].outcome, Outcome::timed_out);
  EXPECT_EQ(each.attempts[2].item, json("30"));

  const NodeState& join = run.nodes.at({"join"});
  EXPECT_EQ(join.outcome, Outcome::skipped);
  EXPECT_EQ(join.skip_cause, SkipCause::failure);
  EXPECT_EQ(join.error, "predecessor failed or skipped");
  EXPECT_EQ(join.ready, 0U);
  EXPECT_TRUE(join.attempts.empty());
}

TEST(RunState, CountsOnlyTheWritesOfAttemptsThatSucceeded) {
  const RunState run = fold(test::realistic_run());
  EXPECT_EQ(texts(run.writes.at("rows")), "[10,20,30] null ");
  EXPECT_EQ(texts(run.writes.at("list")), "[\"a\"] [\"b\"] ") << "by item, not by completion; none of the failed one";
  const Write& first = run.writes.at("rows").front();
  EXPECT_EQ(first.node, NodeId{"load"});
  EXPECT_EQ(first.event, 8U);
  EXPECT_EQ(first.digest, "y");
  EXPECT_EQ(run.writes.at("rows").back().order, 3U);
}

TEST(RunState, AWriteDoesNotCountBeforeItsAttemptHasEnded) {
  const RunState before =
      fold({RunStarted{}, NodeReady{whole("a"), 0}, NodeStarted{whole("a")}, write(whole("a"), "f", "1")});
  EXPECT_TRUE(before.writes.empty());
  EXPECT_EQ(before.status, RunStatus::running);
  EXPECT_FALSE(before.nodes.at({"a"}).outcome);
  EXPECT_FALSE(before.nodes.at({"a"}).attempts.at(0).outcome);
}

TEST(RunState, ANewStartTakesBackTheWritesOfAKilledAttempt) {
  const RunState run =
      fold({RunStarted{}, NodeReady{whole("a"), 0}, NodeStarted{whole("a")}, write(whole("a"), "f", "1"),
            NodeStarted{whole("a")}, write(whole("a"), "f", "2"), NodeFinished{whole("a")}});
  EXPECT_EQ(texts(run.writes.at("f")), "2 ");
  EXPECT_EQ(run.nodes.at({"a"}).attempts.size(), 2U);
}

TEST(RunState, ACacheHitIsAnAttemptThatNeverStarted) {
  const RunState run = fold({RunStarted{}, NodeReady{whole("a"), 0}, write(whole("a"), "f", "1"),
                             NodeFinished{.at = whole("a"),
                                          .cache_hit = true,
                                          .reused_from = "r-0",
                                          .metrics = json(R"({"usd":1})")}});
  EXPECT_EQ(texts(run.writes.at("f")), "1 ");
  EXPECT_EQ(run.nodes.at({"a"}).outcome, Outcome::succeeded);
  ASSERT_EQ(run.nodes.at({"a"}).attempts.size(), 1U);
  const Attempt& attempt = run.nodes.at({"a"}).attempts[0];
  EXPECT_TRUE(attempt.cache_hit);
  EXPECT_EQ(attempt.reused_from, "r-0");
  EXPECT_EQ(attempt.metrics, json(R"({"usd":1})"));
  EXPECT_EQ(attempt.started, 0U);
  EXPECT_EQ(attempt.ended, 4U);
}

TEST(RunState, AListThatEndsIsNoAttemptEvenWhenAllItsItemsWereHits) {
  const RunState run = fold({RunStarted{}, NodeReady{whole("e"), 0, 1}, NodeFinished{.at = item("e", 0), .cache_hit = true},
                             NodeFinished{.at = whole("e"), .cache_hit = true}});
  ASSERT_EQ(run.nodes.at({"e"}).attempts.size(), 1U);
  EXPECT_EQ(run.nodes.at({"e"}).attempts[0].index, 0U);
}

TEST(RunState, FailedAttemptsKeepWhatTheySpent) {
  const RunState run = fold({RunStarted{}, NodeReady{whole("a"), 0}, NodeStarted{whole("a")},
                             NodeRetrying{.at = whole("a"), .metrics = json("1")}, NodeStarted{whole("a"), 2},
                             NodeFailed{.at = whole("a"), .metrics = json("2")}});
  EXPECT_EQ(run.nodes.at({"a"}).attempts.at(0).metrics, json("1"));
  EXPECT_EQ(run.nodes.at({"a"}).attempts.at(1).metrics, json("2"));
}

/// A run that Ctrl-C ended: one success, one failure, one skip by it, one cut off, one that never began.
std::vector<RunEvent> cancelled_run() {
  return {RunStarted{},
          NodeReady{whole("good"), 0},
          NodeStarted{whole("good")},
          write(whole("good"), "f", "1"),
          NodeFinished{.at = whole("good")},
          NodeReady{whole("bad"), 1},
          NodeStarted{whole("bad")},
          NodeFailed{.at = whole("bad"), .error = "broke"},
          NodeSkipped{whole("after"), SkipCause::failure, "predecessor failed"},
          NodeSkipped{whole("other"), SkipCause::condition, "when is false"},
          NodeReady{whole("cut"), 2},
          NodeStarted{whole("cut")},
          NodeFailed{.at = whole("cut"), .outcome = Outcome::cancelled, .error = "ctrl-c"},
          NodeSkipped{whole("never"), SkipCause::cancelled, "ctrl-c"},
          RunFinished{RunStatus::cancelled, Microseconds(14'000), "ctrl-c", json("{}")}};
}

std::vector<RunEvent> followed_by(std::vector<RunEvent> bodies, const std::vector<RunEvent>& more) {
  bodies.insert(bodies.end(), more.begin(), more.end());
  return bodies;
}

TEST(RunState, AResumedRunOpensWhatWasCutOff) {
  const RunState run = fold(followed_by(cancelled_run(), {RunResumed{}}));
  EXPECT_EQ(run.status, RunStatus::running);
  EXPECT_EQ(run.reason, "");
  EXPECT_FALSE(run.outputs);
  EXPECT_EQ(run.duration, Microseconds(14'000));
  EXPECT_EQ(run.resumed_at, at_ms(16));
  EXPECT_EQ(run.nodes.at({"good"}).outcome, Outcome::succeeded);
  EXPECT_EQ(run.nodes.at({"bad"}).outcome, Outcome::failed);
  EXPECT_EQ(run.nodes.at({"bad"}).error, "broke");
  EXPECT_EQ(run.nodes.at({"after"}).skip_cause, SkipCause::failure);
  EXPECT_EQ(run.nodes.at({"other"}).skip_cause, SkipCause::condition);
  for (const char* const open : {"cut", "never"}) {
    EXPECT_FALSE(run.nodes.at({open}).outcome) << open;
    EXPECT_FALSE(run.nodes.at({open}).skip_cause) << open;
    EXPECT_EQ(run.nodes.at({open}).error, "") << open;
    EXPECT_EQ(run.nodes.at({open}).ended, 0U) << open;
  }
  EXPECT_EQ(texts(run.writes.at("f")), "1 ");
}

TEST(RunState, ARunResumedWithItsFailuresOpensThemAndWhatTheySkipped) {
  const RunState run = fold(followed_by(cancelled_run(), {RunResumed{.failed = true}}));
  for (const char* const open : {"bad", "after", "cut", "never"}) EXPECT_FALSE(run.nodes.at({open}).outcome) << open;
  EXPECT_EQ(run.nodes.at({"good"}).outcome, Outcome::succeeded);
  EXPECT_EQ(run.nodes.at({"other"}).outcome, Outcome::skipped);
}

TEST(RunState, AttemptsThatAKillCutOffAreInterrupted) {
  const RunState run = fold({RunStarted{}, NodeReady{whole("a"), 0}, NodeStarted{whole("a"), 1, "d"},
                             write(whole("a"), "f", "1"), RunResumed{}, NodeReady{whole("a"), 0},
                             NodeFinished{.at = whole("a")}, RunFinished{RunStatus::success, Microseconds(5000), ""}});
  const std::vector<Attempt>& attempts = run.nodes.at({"a"}).attempts;
  ASSERT_EQ(attempts.size(), 1U);
  EXPECT_EQ(attempts[0].outcome, Outcome::cancelled);
  EXPECT_EQ(attempts[0].error, "interrupted");
  EXPECT_EQ(attempts[0].input_digest, "d");
  EXPECT_EQ(attempts[0].ended, 5U);
  EXPECT_TRUE(run.writes.empty()) << "the end belongs to another try; what the dead one wrote is gone";
  EXPECT_EQ(run.status, RunStatus::success) << "the last end counts";
  EXPECT_EQ(run.duration, Microseconds(5000));
}

TEST(RunState, TimeBetweenThePartsOfARunIsNotItsOwn) {
  Fold fold;
  const auto at = [&](std::uint64_t number, std::int64_t ms, RunEvent body) {
    fold.add({number, {"r-1"}, at_ms(ms), std::move(body)});
  };
  at(1, 0, RunStarted{});
  at(2, 30, NodeReady{whole("a"), 0});
  at(3, 5'000'000, RunResumed{});
  EXPECT_EQ(fold.so_far().duration, Microseconds(30'000)) << "killed: up to its last event";
  at(4, 5'000'010, NodeReady{whole("b"), 0});
  at(5, 9'000'000, RunResumed{});
  EXPECT_EQ(fold.so_far().duration, Microseconds(40'000));
}

TEST(RunState, AQuestionStaysOpenUntilItsNodeEnds) {
  const std::vector<RunEvent> asked = {RunStarted{}, NodeReady{whole("gate"), 0}, NodeStarted{whole("gate")},
                                       NodeWaiting{whole("gate"), {.kind = "approve", .text = "ship?"}},
                                       RunFinished{RunStatus::waiting, Microseconds(1), ""}};
  const RunState waiting = fold(asked);
  EXPECT_EQ(waiting.status, RunStatus::waiting);
  EXPECT_EQ(waiting.nodes.at({"gate"}).outcome, Outcome::waiting);
  EXPECT_EQ(waiting.nodes.at({"gate"}).question->text, "ship?");
  EXPECT_EQ(waiting.nodes.at({"gate"}).attempts.at(0).outcome, Outcome::waiting);

  const std::vector<RunEvent> answered = followed_by(asked, {NodeAnswered{whole("gate"), json("true")}, RunResumed{}});
  const RunState ready = fold(answered);
  EXPECT_FALSE(ready.nodes.at({"gate"}).outcome);
  EXPECT_EQ(ready.nodes.at({"gate"}).answer, json("true"));
  EXPECT_EQ(ready.nodes.at({"gate"}).attempts.at(0).outcome, Outcome::waiting) << "no kill cut it off";

  const RunState done = fold(followed_by(answered, {NodeFinished{.at = whole("gate")}}));
  EXPECT_EQ(done.nodes.at({"gate"}).outcome, Outcome::succeeded);
  EXPECT_FALSE(done.nodes.at({"gate"}).question);
  EXPECT_FALSE(done.nodes.at({"gate"}).answer);
  ASSERT_EQ(done.nodes.at({"gate"}).attempts.size(), 1U);
  EXPECT_EQ(done.nodes.at({"gate"}).attempts[0].outcome, Outcome::succeeded);
}

TEST(RunState, AnAnswerIsAnAttemptWhereNothingWasStarted) {
  const RunState run = fold({RunStarted{}, NodeReady{whole("gate"), 0}, NodeWaiting{whole("gate"), {}},
                             NodeAnswered{whole("gate"), json("true")}, NodeFinished{.at = whole("gate")}});
  ASSERT_EQ(run.nodes.at({"gate"}).attempts.size(), 1U);
  EXPECT_EQ(run.nodes.at({"gate"}).attempts[0].outcome, Outcome::succeeded);
}

At round_of(const char* node, std::uint64_t round) {
  return {{node}, std::nullopt, "", {round}};
}

TEST(RunState, ANodeOfManyInstancesIsAsBadAsTheWorstInTheEnd) {
  const auto instances = [](std::vector<RunEvent> bodies) {
    return fold(followed_by({RunStarted{}}, bodies)).nodes.at({"n"});
  };
  const auto ready = [](std::uint64_t i) { return NodeReady{round_of("n", i), 0}; };
  const auto good = [](std::uint64_t i) { return NodeFinished{.at = round_of("n", i)}; };
  const auto bad = [](std::uint64_t i) { return NodeFailed{.at = round_of("n", i), .error = "broke"}; };
  const auto skip = [](std::uint64_t i) { return NodeSkipped{round_of("n", i), SkipCause::condition, "no"}; };
  EXPECT_EQ(instances({ready(0), bad(0), ready(1), good(1)}).outcome, Outcome::failed);
  EXPECT_EQ(instances({ready(0), bad(0), ready(1), good(1)}).error, "broke");
  EXPECT_EQ(instances({ready(0), good(0), skip(1)}).outcome, Outcome::succeeded);
  EXPECT_FALSE(instances({ready(0), good(0), skip(1)}).skip_cause);
  EXPECT_EQ(instances({skip(0), skip(1)}).outcome, Outcome::skipped);
  EXPECT_FALSE(instances({ready(0), ready(1), bad(0)}).outcome) << "one goes on";
  EXPECT_EQ(instances({ready(0), ready(1), good(0), good(1)}).ready, 2U) << "the first of them";
  EXPECT_EQ(instances({ready(0), bad(0), RunResumed{.failed = true}, ready(0), good(0)}).outcome, Outcome::succeeded);
  EXPECT_FALSE(instances({ready(0), good(0), ready(1), bad(1), RunResumed{.failed = true}}).outcome);
}

TEST(RunState, InstancesThatRunAtOnceKeepTheirOwnWrites) {
  const RunState run = fold({RunStarted{}, NodeReady{round_of("n", 0), 4}, NodeReady{round_of("n", 1), 4},
                             NodeStarted{round_of("n", 0)}, NodeStarted{round_of("n", 1)},
                             StateWrite{.at = round_of("n", 1), .field = "f", .value = json("[1]"), .place = {3, 1, 4}},
                             StateWrite{.at = round_of("n", 0), .field = "f", .value = json("[0]"), .place = {3, 0, 4}},
                             NodeFinished{.at = round_of("n", 1)}, NodeFailed{.at = round_of("n", 0)}});
  EXPECT_EQ(texts(run.writes.at("f")), "[1] ");
  ASSERT_EQ(run.nodes.at({"n"}).attempts.size(), 2U);
  EXPECT_EQ(run.nodes.at({"n"}).attempts[0].outcome, Outcome::failed);
  EXPECT_EQ(run.nodes.at({"n"}).attempts[1].scope, std::vector<std::uint64_t>{1});
}

TEST(RunState, AnItemThatFailsWithoutAStartKeepsItsError) {
  const RunState run = fold({RunStarted{}, NodeReady{whole("e"), 0, 1},
                             NodeFailed{.at = item("e", 0), .error = "no such path", .item = json("5")}});
  ASSERT_EQ(run.nodes.at({"e"}).attempts.size(), 1U);
  const Attempt& attempt = run.nodes.at({"e"}).attempts[0];
  EXPECT_EQ(attempt.started, 0U);
  EXPECT_EQ(attempt.ended, 3U);
  EXPECT_EQ(attempt.error, "no such path");
  EXPECT_FALSE(run.nodes.at({"e"}).outcome) << "the node as a whole goes on";
}

TEST(RunState, ASkipWhileAnAttemptRunsEndsTheAttemptToo) {
  const RunState run = fold({RunStarted{}, NodeReady{whole("a"), 0}, NodeStarted{whole("a"), 3},
                             NodeSkipped{whole("a"), SkipCause::cancelled, "ctrl-c"}});
  const Attempt& attempt = run.nodes.at({"a"}).attempts.at(0);
  EXPECT_EQ(attempt.outcome, Outcome::skipped);
  EXPECT_EQ(attempt.facts.attempt, 3U);
}

TEST(RunState, ANodeThatIsReadyAgainIsOpenAgain) {
  const RunState run = fold({RunStarted{}, NodeReady{whole("a"), 0}, NodeStarted{whole("a")},
                             NodeFailed{.at = whole("a"), .error = "x"}, NodeReady{whole("a"), 0}});
  EXPECT_FALSE(run.nodes.at({"a"}).outcome);
  EXPECT_EQ(run.nodes.at({"a"}).error, "");
  EXPECT_EQ(run.nodes.at({"a"}).ended, 0U);
  EXPECT_EQ(run.nodes.at({"a"}).attempts.size(), 1U);
}

TEST(RunState, WritesStandInTopologicalOrderWhateverFinishedFirst) {
  const RunState run =
      fold({RunStarted{}, NodeReady{whole("late"), 9}, NodeReady{whole("early"), 2}, NodeStarted{whole("late")},
            NodeStarted{whole("early")}, write(whole("late"), "f", "9"), NodeFinished{whole("late")},
            write(whole("early"), "f", "2"), NodeFinished{whole("early")}});
  EXPECT_EQ(texts(run.writes.at("f")), "2 9 ");
}

TEST(RunState, SurvivesEventsThatMakeNoSense) {
  std::vector<RunEvent> bodies = test::realistic_run();
  std::ranges::reverse(bodies);
  EXPECT_EQ(fold(bodies).last_event, bodies.size());
  for (const RunEvent& body : test::full_bodies()) EXPECT_EQ(fold({body}).last_event, 1U);
  for (const RunEvent& body : test::minimal_bodies()) EXPECT_EQ(fold({body, body, body}).last_event, 3U);
}

TEST(RunState, EqualEventsGiveAnEqualState) {
  EXPECT_EQ(fold(test::realistic_run()), fold(test::realistic_run()));
  std::vector<RunEvent> shorter = test::realistic_run();
  shorter.pop_back();
  EXPECT_NE(fold(shorter), fold(test::realistic_run()));
}

TEST(Fold, SaysWhatEachEventChanged) {
  Fold fold;
  std::string changes;
  for (const Event& event : test::numbered(test::realistic_run())) {
    const Fold::Change change = fold.add(event);
    for (const Fold::Touched& touched : change.nodes) changes += touched.node->id.text + " ";
    for (const Fold::Tried& tried : change.attempts) {
      changes += std::to_string(tried.position) + (tried.attempt.outcome ? "! " : " ");
      EXPECT_EQ(tried.attempt, fold.so_far().nodes.at(tried.node->id).attempts.at(tried.position));
    }
    for (const auto& [field, write] : change.written) changes += field + "=" + write.value.dump() + " ";
  }
  EXPECT_EQ(changes,
            "load load 0 load 0! load 1 load 1! rows=[10,20,30] each each 0 each 1 each 1! list=[\"b\"] each 2 "
            "each 0! list=[\"a\"] each 2! each join last last 0 last 0! rows=null ");
}

TEST(Fold, ThatKeepsWhatIsOpenSaysTheSameAndHoldsNoMore) {
  Fold all;
  Fold open(Fold::Keep::open);
  for (const Event& event : test::numbered(followed_by(test::realistic_run(), {RunResumed{.failed = true}}))) {
    const Fold::Change expected = all.add(event);
    const Fold::Change change = open.add(event);
    ASSERT_EQ(change.attempts.size(), expected.attempts.size());
    for (std::size_t i = 0; i < change.attempts.size(); ++i) {
      EXPECT_EQ(change.attempts[i].attempt, expected.attempts[i].attempt);
      EXPECT_EQ(change.attempts[i].position, expected.attempts[i].position);
    }
    EXPECT_EQ(change.written, expected.written);
    ASSERT_EQ(change.nodes.size(), expected.nodes.size());
    for (const Fold::Touched& touched : change.nodes) {
      NodeState same = all.so_far().nodes.at(touched.node->id);
      EXPECT_EQ(touched.attempts, same.attempts.size());
      same.attempts.clear();
      EXPECT_EQ(*touched.node, same);
    }
  }
  EXPECT_TRUE(open.so_far().nodes.empty());
  EXPECT_TRUE(open.so_far().writes.empty());
  EXPECT_EQ(open.failed_nodes(), 0U) << "open again";
}

TEST(Fold, CountsTheNodesThatFailed) {
  Fold fold;
  std::vector<std::size_t> counts;
  for (const Event& event : test::numbered(followed_by(cancelled_run(), {RunResumed{.failed = true}, NodeReady{whole("bad"), 1},
                                                                         NodeFailed{.at = whole("bad"), .outcome = Outcome::timed_out}}))) {
    fold.add(event);
    counts.push_back(fold.failed_nodes());
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1}));
}

std::vector<Write> writes_of(std::initializer_list<std::pair<std::uint64_t, std::string_view>> values) {
  std::vector<Write> writes;
  for (const auto& [order, value] : values) writes.push_back({.order = order, .value = json(value)});
  return writes;
}

TEST(Merged, IsNothingWithoutContributions) {
  for (const FieldMerge merge : {FieldMerge::last_wins, FieldMerge::set_once, FieldMerge::array_append}) {
    EXPECT_EQ(merged({}, merge), std::nullopt);
    EXPECT_EQ(merged(writes_of({{3, "1"}}), merge, 3), std::nullopt) << "a node does not see what it wrote itself";
  }
}

TEST(Merged, LastWinsTakesTheLastInOrder) {
  EXPECT_EQ(merged(writes_of({{0, "1"}, {1, "2"}}), FieldMerge::last_wins), json("2"));
  EXPECT_EQ(merged(writes_of({{0, "1"}, {1, "2"}}), FieldMerge::last_wins, 1), json("1"));
  EXPECT_EQ(merged(writes_of({{0, "1"}, {1, "null"}}), FieldMerge::last_wins), Value());
}

TEST(Merged, SetOnceTakesTheFirstThatIsNotNull) {
  EXPECT_EQ(merged(writes_of({{0, "null"}, {1, "2"}, {2, "3"}}), FieldMerge::set_once), json("2"));
  EXPECT_EQ(merged(writes_of({{0, "null"}}), FieldMerge::set_once), Value());
}

TEST(Merged, ArrayAppendJoinsTheArraysInOrder) {
  EXPECT_EQ(merged(writes_of({{0, "[1]"}, {1, "[]"}, {2, "[[2],3]"}}), FieldMerge::array_append), json("[1,[2],3]"));
  EXPECT_EQ(merged(writes_of({{0, "[1]"}, {1, "[2]"}}), FieldMerge::array_append, 1), json("[1]"));
  EXPECT_EQ(merged(writes_of({{0, "5"}}), FieldMerge::array_append), json("[5]"));
}

TEST(Merged, GoesByPlaceAndTakesNodeAndItemForOne) {
  std::vector<Write> writes = {{.order = 7, .place = {2, 1, 7}, .value = json("\"2.1.7\"")},
                               {.order = 7, .place = {2, 0, 7, 3}, .value = json("\"2.0.7.3\"")},
                               {.index = 1, .order = 2, .value = json("\"2.1\"")},
                               {.order = 9, .place = {2, 0, 9}, .value = json("\"2.0.9\"")},
                               {.order = 2, .value = json("\"2.0\"")},
                               {.order = 1, .place = {10}, .value = json("\"10\"")},
                               {.order = 3, .value = json("\"3\"")}};
  sort_writes(writes);
  EXPECT_EQ(texts(writes), R"("2.0" "2.0.7.3" "2.0.9" "2.1" "2.1.7" "3" "10" )");
  EXPECT_EQ(merged(writes, FieldMerge::last_wins, 3), json("\"2.1.7\"")) << "the outermost position is what counts";
  EXPECT_EQ(merged(writes, FieldMerge::array_append, 4)->size(), 6U);
}

TEST(Merged, PlacesAsTextSortAsThePlaces) {
  std::vector<Write> writes;
  for (const std::uint64_t first : {0ULL, 1ULL, 9ULL, 10ULL, 15ULL, 16ULL, 255ULL, 256ULL, ~0ULL}) {
    writes.push_back({.place = {first}});
    writes.push_back({.index = 16, .order = first});
    writes.push_back({.place = {first, 16, 0}});
    writes.push_back({.place = {first, 300}});
  }
  for (const Write& a : writes) {
    for (const Write& b : writes) EXPECT_EQ(counts_before(a, b), place_text(a) < place_text(b)) << place_text(a);
  }
}

TEST(FieldMerge, HasTheNamesOfTheFormat) {
  for (const FieldMerge merge : {FieldMerge::last_wins, FieldMerge::set_once, FieldMerge::array_append})
    EXPECT_EQ(field_merge(to_string(merge)), merge);
  EXPECT_EQ(to_string(FieldMerge::array_append), "array_append");
  EXPECT_EQ(field_merge("append"), std::nullopt);
}

}  // namespace
}  // namespace oe::ledger
