#include "oe/ledger/run_state.hpp"

#include <algorithm>
#include <gtest/gtest.h>

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

TEST(RunState, ACacheHitCountsWithoutAnAttempt) {
  const RunState run = fold({RunStarted{}, NodeReady{whole("a"), 0}, write(whole("a"), "f", "1"),
                             NodeFinished{.at = whole("a"), .cache_hit = true}});
  EXPECT_EQ(texts(run.writes.at("f")), "1 ");
  EXPECT_EQ(run.nodes.at({"a"}).outcome, Outcome::succeeded);
  EXPECT_TRUE(run.nodes.at({"a"}).attempts.empty());
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

TEST(Fold, SaysWhatAnEventChanged) {
  Fold fold;
  std::vector<std::pair<std::string, std::optional<std::size_t>>> changes;
  for (const Event& event : test::numbered(test::realistic_run())) {
    const Fold::Change change = fold.add(event);
    if (change.node != nullptr) changes.emplace_back(change.node->id.text, change.attempt);
  }
  const std::vector<std::pair<std::string, std::optional<std::size_t>>> expected = {{"load", std::nullopt},
                                                                                    {"load", 0},
                                                                                    {"load", 0},
                                                                                    {"load", 1},
                                                                                    {"load", 1},
                                                                                    {"each", std::nullopt},
                                                                                    {"each", 0},
                                                                                    {"each", 1},
                                                                                    {"each", 1},
                                                                                    {"each", 2},
                                                                                    {"each", 0},
                                                                                    {"each", 2},
                                                                                    {"each", std::nullopt},
                                                                                    {"join", std::nullopt},
                                                                                    {"last", std::nullopt},
                                                                                    {"last", 0},
                                                                                    {"last", 0}};
  EXPECT_EQ(changes, expected);
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

TEST(FieldMerge, HasTheNamesOfTheFormat) {
  for (const FieldMerge merge : {FieldMerge::last_wins, FieldMerge::set_once, FieldMerge::array_append})
    EXPECT_EQ(field_merge(to_string(merge)), merge);
  EXPECT_EQ(to_string(FieldMerge::array_append), "array_append");
  EXPECT_EQ(field_merge("append"), std::nullopt);
}

}  // namespace
}  // namespace oe::ledger
