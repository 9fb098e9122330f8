#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/engine/run.hpp"

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using namespace std::chrono_literals;
using graph::FieldType;
using graph::Merge;
using ledger::RunStatus;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// The rules of section 4.4 of the reference, seen from outside: what a run makes of the deltas of its nodes.
class StateTest : public ::testing::Test {
 protected:
  RunSummary run(std::uint32_t concurrency = 4) {
    auto summary = world_.run(graph_, concurrency);
    EXPECT_TRUE(summary) << summary.error().to_string();
    return summary ? *summary : RunSummary{};
  }
  void node(const std::string& id, std::map<std::string, Value> delta, std::vector<std::string> reads = {}) {
    std::vector<std::string> writes;
    for (const auto& [field, written] : delta) writes.push_back(field);
    graph_.add(id, std::move(reads), std::move(writes));
    world_.writes(id, std::move(delta));
  }
  std::string error_of(const std::string& id) { return world_.sink.only<ledger::NodeFailed>(id).error; }

  GraphUnderTest graph_;
  World world_;
};

TEST_F(StateTest, LastWinsGoesByTheOrderOfTheGraphAndNotByTheClock) {
  graph_.field("f");
  node("first", {{"f", Value::of(1)}});
  node("second", {{"f", Value::of(2)}});
  world_.script("first").delay = 20ms;
  EXPECT_EQ(run().state.at("f"), Value::of(2));
}

TEST_F(StateTest, AReaderBetweenTwoWritersSeesTheOneBeforeIt) {
  graph_.field("f");
  node("first", {{"f", Value::of(1)}});
  node("reader", {}, {"f"});
  node("second", {{"f", Value::of(2)}});
  world_.script("first").delay = 20ms;
  run();
  EXPECT_EQ(world_.executor->input("reader")["_state"]["f"], 1);
  EXPECT_EQ(world_.executor->order().back(), "reader");
}

TEST_F(StateTest, AppendingJoinsListsInGraphOrderForTheReaderAndForTheEnd) {
  graph_.field("list", Merge::array_append);
  node("a", {{"list", value("[1, 2]")}});
  node("b", {{"list", value("[3]")}});
  node("reader", {}, {"list"});
  node("c", {{"list", value("[[4]]")}});
  node("d", {{"list", value("[]")}});
  world_.script("a").delay = 20ms;
  EXPECT_EQ(run().state.at("list"), value("[1, 2, 3, [4]]"));
  EXPECT_EQ(world_.executor->input("reader")["_state"]["list"], Json::parse("[1, 2, 3]"));
}

TEST_F(StateTest, AppendingTakesOnlyArrays) {
  graph_.field("list", Merge::array_append);
  node("scalar", {{"list", Value::of(1)}});
  node("nothing", {{"list", Value()}});
  node("good", {{"list", value("[1]")}});
  EXPECT_EQ(run().state.at("list"), value("[1]"));
  EXPECT_THAT(error_of("scalar"), HasSubstr("wrote number 1 to field 'list', whose merge is array_append"));
  EXPECT_THAT(error_of("nothing"), HasSubstr("wrote null"));
}

TEST_F(StateTest, AFieldThatCanBeSetOnceTakesNullThenOneValue) {
  graph_.field("once", Merge::set_once);
  node("null", {{"once", Value()}});
  node("value", {{"once", Value::of("v")}});
  node("again", {{"once", Value::of("v")}});
  node("null_again", {{"once", Value()}});
  world_.script("null").delay = 10ms;
  EXPECT_EQ(run().state.at("once"), Value::of("v"));
  EXPECT_THAT(error_of("again"), HasSubstr("set_once and which is already string \"v\""));
  EXPECT_THAT(error_of("null_again"), HasSubstr("set_once"));
}

TEST_F(StateTest, AnUndeclaredFieldRejectsTheWholeDelta) {
  graph_.field("aaa").field("zzz");
  node("bad", {{"aaa", Value::of(1)}, {"zzz", Value::of(2)}});
  world_.writes("bad", {{"aaa", Value::of(1)}, {"typo", Value::of(1)}, {"zzz", Value::of(2)}});
  const RunSummary summary = run();
  EXPECT_THAT(summary.state, IsEmpty());
  EXPECT_EQ(summary.status, RunStatus::failed);
  EXPECT_THAT(error_of("bad"), HasSubstr("'typo', which is not declared"));
  EXPECT_THAT(world_.sink.all<ledger::StateWrite>(), IsEmpty());
}

TEST_F(StateTest, ChecksTheTypeOfWhatComesIn) {
  const std::vector<std::pair<FieldType, std::string>> own{{FieldType::string, "\"s\""},
                                                           {FieldType::number, "1.5"},
                                                           {FieldType::boolean, "false"},
                                                           {FieldType::object, "{}"},
                                                           {FieldType::array, "[]"}};
  for (const auto& [type, good] : own) {
    for (const auto& [other, sample] : own) {
      GraphUnderTest graph;
      graph.field("f", Merge::last_wins, type);
      graph.add("n", {}, {"f"});
      World world;
      world.writes("n", {{"f", value(sample)}});
      EXPECT_EQ(world.run(graph)->status == RunStatus::success, type == other) << sample << " for " << good;
    }
  }
}

TEST_F(StateTest, NullPassesEveryTypeAndUntypedFieldsTakeAnything) {
  graph_.field("s", Merge::last_wins, FieldType::string).field("any").field("null", Merge::last_wins, FieldType::null);
  node("n", {{"s", Value()}, {"any", Value::of(1)}, {"null", Value::of("not null")}});
  const RunSummary summary = run();
  EXPECT_EQ(summary.status, RunStatus::success);
  EXPECT_TRUE(summary.state.at("s").is_null());
}

TEST_F(StateTest, LongValuesAreCutInMessages) {
  graph_.field("n", Merge::last_wins, FieldType::number);
  node("bad", {{"n", Value::of(std::string(100'000, 'x'))}});
  run();
  EXPECT_LT(error_of("bad").size(), 300u);
  EXPECT_THAT(error_of("bad"), HasSubstr("field 'n', which is declared as number"));
}

TEST_F(StateTest, AWriteThatTheNodeDoesNotListCountsAndIsMentioned) {
  graph_.field("f").field("extra");
  node("n", {{"f", Value::of(1)}});
  world_.writes("n", {{"f", Value::of(1)}, {"extra", Value::of(2)}});
  EXPECT_EQ(run().state.at("extra"), Value::of(2));
  EXPECT_EQ(world_.sink.only<ledger::NodeActivity>("n").activity,
            "wrote field 'extra' that it does not list in writes");
}

TEST_F(StateTest, AFailedAttemptWritesNothing) {
  graph_.field("f");
  graph_.add("n", {}, {"f"});
  world_.script("n").report = [](const auto&) {
    auto report = failed("broke");
    report.state_delta = {{"f", Value::of(1)}};
    return report;
  };
  EXPECT_THAT(run().state, IsEmpty());
}

TEST_F(StateTest, TheRecordSaysHowFieldsAreMerged) {
  graph_.field("plain").field("once", Merge::set_once).field("list", Merge::array_append);
  node("n", {{"plain", Value()}});
  run();
  const std::map<std::string, std::string> merges{{"once", "set_once"}, {"list", "array_append"}};
  EXPECT_EQ(world_.sink.only<ledger::RunStarted>().merges, merges);
}

}  // namespace
}  // namespace oe::engine
