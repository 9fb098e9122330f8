#include <algorithm>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "unit/ledger/ledger_fixture.hpp"

namespace oe::ledger {
namespace {

namespace fs = std::filesystem;

using test::bytes_of;
using test::difference;
using test::json;
using test::put_bytes;
using testing::HasSubstr;

class ResumeTest : public test::LedgerFixture {
 protected:
  static std::unique_ptr<RunRecorder> resumed(Ledger& ledger, const RunId& run) {
    auto recorder = ledger.resume_run(run, [](const Event&) {});
    EXPECT_TRUE(recorder) << recorder.error().to_string();
    return recorder ? std::move(*recorder) : nullptr;
  }
};

At whole_node(const char* node) {
  return {{node}, std::nullopt, ""};
}

std::vector<RunEvent> killed_run() {
  return {RunStarted{.merges = {{"list", "array_append"}}},
          NodeReady{whole_node("a"), 0},
          NodeStarted{whole_node("a")},
          StateWrite{.at = whole_node("a"), .field = "list", .value = json("[1]")},
          NodeFinished{.at = whole_node("a")},
          NodeReady{whole_node("b"), 1},
          NodeStarted{whole_node("b")},
          StateWrite{.at = whole_node("b"), .field = "list", .value = json("[2]")},
          NodeActivity{whole_node("b"), "half way"}};
}

std::vector<RunEvent> rest_of_run() {
  return {RunResumed{.concurrency = 2},
          NodeReady{whole_node("b"), 1},
          NodeStarted{whole_node("b")},
          StateWrite{.at = whole_node("b"), .field = "list", .value = json("[3,{\"x\":\"],[\"}]")},
          NodeFinished{.at = whole_node("b")},
          RunFinished{RunStatus::success, Microseconds(77), ""}};
}

TEST_F(ResumeTest, GoesOnBehindWhatIsThereAndGivesItFirst) {
  Ledger ledger = opened();
  const RunId run = recorded(ledger, killed_run(), false);
  std::vector<RunEvent> given;
  {
    const auto recorder = ledger.resume_run(run, [&](const Event& event) { given.push_back(event.body); });
    ASSERT_TRUE(recorder);
    EXPECT_EQ((*recorder)->id(), run);
    for (const RunEvent& body : rest_of_run()) ASSERT_TRUE((*recorder)->record(body));
    ASSERT_TRUE((*recorder)->close());
  }
  EXPECT_EQ(given, killed_run());
  EXPECT_EQ(ledger.state(run)->last_event, 15U);
  EXPECT_EQ(ledger.state(run)->status, RunStatus::success);
  EXPECT_EQ(asked("SELECT value FROM state")[0].get("value").string_or(""), R"([1,3,{"x":"],["}])");
  EXPECT_EQ(asked("SELECT outcome, error FROM attempts WHERE seq = 2")[0].dump(),
            R"({"error":"interrupted","outcome":"cancelled"})");
  rebuilt_as_grown(ledger);
}

TEST_F(ResumeTest, AJournalCutAnywhereGoesOnWithoutATornOrDoubledRecord) {
  Ledger ledger = opened();
  RunId run = recorded(ledger, killed_run(), false);
  {
    const auto recorder = resumed(ledger, run);
    for (const RunEvent& body : rest_of_run()) ASSERT_TRUE(recorder->record(body));
  }
  const std::string bytes = bytes_of(journal(run));
  const std::size_t first_line = bytes.find('\n') + 1;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    put_bytes(journal(run), bytes.substr(0, cut));
    if (cut < first_line) {
      EXPECT_FALSE(ledger.resume_run(run, [](const Event&) {})) << "no run began";
      continue;
    }
    const auto whole_lines = static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.begin() + long(cut), '\n'));
    std::uint64_t seen = 0;
    {
      auto recorder = ledger.resume_run(run, [&](const Event&) { ++seen; });
      ASSERT_TRUE(recorder) << cut << recorder.error().to_string();
      ASSERT_EQ(seen, whole_lines) << cut;
      ASSERT_TRUE((*recorder)->record(RunResumed{}));
      ASSERT_TRUE((*recorder)->record(RunFinished{}));
    }
    std::uint64_t last = 0;
    ASSERT_TRUE(ledger.read(run, [&](const Event& event) { ASSERT_EQ(event.number, ++last); })) << cut;
    ASSERT_EQ(last, whole_lines + 2) << cut;
    ASSERT_TRUE(bytes_of(journal(run)).starts_with(bytes.substr(0, bytes.rfind('\n', cut == 0 ? 0 : cut - 1) + 1)));
  }
}

TEST_F(ResumeTest, ALastLineOfZerosIsCutOffToo) {
  Ledger ledger = opened();
  const RunId run = recorded(ledger, killed_run(), false);
  const std::string before = bytes_of(journal(run));
  put_bytes(journal(run), before + std::string(64, '\0') + "\n");
  ASSERT_TRUE(resumed(ledger, run)->record(RunResumed{}));
  EXPECT_TRUE(bytes_of(journal(run)).starts_with(before + R"({"v":1,"n":10,"type":"run.resumed")"));
  EXPECT_TRUE(ledger.state(run));
}

// The index tells by its length whether a journal is another one.
TEST_F(ResumeTest, WhatIsCutOffMayBeAsLongAsWhatComesInItsPlace) {
  const RunId run = [&] {
    Ledger ledger = opened();
    return recorded(ledger, killed_run(), false);
  }();
  const std::string before = bytes_of(journal(run));
  const std::string next = to_json_line(Event{10, run, test::at_ms(99), RunResumed{}}) + "\n";
  put_bytes(journal(run), before + std::string(next.size(), 'x'));
  {
    Ledger ledger = opened();  // takes it in with the torn line
    resumed(ledger, run);      // and is killed as soon as that is cut off
  }
  EXPECT_EQ(bytes_of(journal(run)), before);
  put_bytes(journal(run), before + next);  // another one is killed before the index has what it wrote
  Ledger ledger = opened();
  rebuilt_as_grown(ledger);
}

TEST_F(ResumeTest, RefusesWhatAnotherHoldsAndWhatIsNotThere) {
  Ledger ledger = opened();
  const auto holder = started(ledger);
  ASSERT_TRUE(holder->record(RunStarted{}));
  const auto held = ledger.resume_run(holder->id(), [](const Event&) {});
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().kind(), ErrorKind::environment);
  EXPECT_THAT(held.error().message(), HasSubstr("another oe holds"));
  EXPECT_EQ(ledger.resume_run({"r-none"}, [](const Event&) {}).error().kind(), ErrorKind::input);
  EXPECT_EQ(ledger.append({"../x"}, NodeAnswered{}).error().kind(), ErrorKind::input);
}

TEST_F(ResumeTest, ABrokenLineStopsItAndChangesNothing) {
  Ledger ledger = opened();
  const RunId run = recorded(ledger, killed_run(), false);
  std::string bytes = bytes_of(journal(run));
  bytes[bytes.find('\n') + 1] = '#';
  put_bytes(journal(run), bytes + "torn");
  const auto recorder = ledger.resume_run(run, [](const Event&) {});
  ASSERT_FALSE(recorder);
  EXPECT_EQ(recorder.error().location().line, 2U);
  EXPECT_EQ(bytes_of(journal(run)), bytes + "torn");
}

TEST_F(ResumeTest, OnlyAResumptionOrAnAnswerFollowsAnEnd) {
  Ledger ledger = opened();
  const RunId run = recorded(ledger, killed_run(), false);
  const auto recorder = resumed(ledger, run);
  EXPECT_EQ(recorder->record(NodeActivity{whole_node("b"), "x"}).error().kind(), ErrorKind::bug);
  EXPECT_FALSE(recorder->record(RunStarted{}));
  EXPECT_TRUE(recorder->record(NodeAnswered{.at = whole_node("b")}));
  EXPECT_TRUE(recorder->record(RunResumed{}));
  EXPECT_FALSE(recorder->record(RunResumed{}));
  EXPECT_TRUE(recorder->record(RunFinished{}));
  EXPECT_FALSE(recorder->record(NodeActivity{whole_node("b"), "x"}));
  EXPECT_FALSE(recorder->record(RunFinished{}));
  EXPECT_TRUE(recorder->record(RunResumed{}));
}

TEST_F(ResumeTest, AnAnswerIsAppendedToARunThatWaits) {
  Ledger ledger = opened();
  const RunId run = recorded(ledger, {RunStarted{}, NodeReady{whole_node("gate"), 0},
                                      NodeWaiting{whole_node("gate"), {.kind = "approve", .text = "ship?"}},
                                      RunFinished{RunStatus::waiting, Microseconds(5), ""}});
  EXPECT_EQ(ledger.runs()->at(0).status, RunStatus::waiting);
  EXPECT_EQ(asked("SELECT outcome, question FROM nodes")[0].dump(), R"({"outcome":"waiting","question":"ship?"})");
  ASSERT_TRUE(ledger.append(run, NodeAnswered{.at = whole_node("gate"), .answer = json("true"), .who = "Ann"}));
  EXPECT_EQ(ledger.runs()->at(0).status, RunStatus::waiting);
  EXPECT_EQ(ledger.state(run)->nodes.at({"gate"}).answer, json("true"));
  EXPECT_TRUE(opened().interrupted().empty());
  rebuilt_as_grown(ledger);
}

TEST_F(ResumeTest, AnAnswerToAKilledRunLeavesItInterrupted) {
  RunId run;
  {
    Ledger ledger = opened();
    run = recorded(ledger, killed_run(), false);
  }
  Ledger ledger = opened();
  ASSERT_TRUE(ledger.append(run, NodeAnswered{.at = whole_node("b")}));
  EXPECT_EQ(ledger.runs()->at(0).status, RunStatus::interrupted);
  EXPECT_TRUE(opened().interrupted().empty());
  rebuilt_as_grown(ledger);
}

TEST_F(ResumeTest, AResumedRunRunsAgainForOthersAndItsEndIsTakenBack) {
  Ledger ledger = opened();
  const RunId run = recorded(ledger, {RunStarted{}, NodeReady{whole_node("a"), 0}, NodeStarted{whole_node("a")},
                                      StateWrite{.at = whole_node("a"), .field = "f", .value = json("1")},
                                      NodeFinished{.at = whole_node("a")},
                                      RunFinished{RunStatus::cancelled, Microseconds(5), "ctrl-c"}});
  ASSERT_EQ(asked("SELECT 1 FROM state").size(), 1U);
  const auto recorder = resumed(ledger, run);
  EXPECT_EQ(opened().runs()->at(0).status, RunStatus::cancelled);
  ASSERT_TRUE(recorder->record(RunResumed{}));
  EXPECT_EQ(opened().runs()->at(0).status, RunStatus::running);
  EXPECT_EQ(asked("SELECT 1 FROM state").size(), 0U);
  rebuilt_as_grown(ledger, "while it runs");
  ASSERT_TRUE(recorder->record(RunFinished{RunStatus::success, Microseconds(9), ""}));
  ASSERT_TRUE(recorder->close());
  EXPECT_EQ(asked("SELECT 1 FROM state").size(), 1U);
  rebuilt_as_grown(ledger, "after its end");
}

TEST_F(ResumeTest, ARunThatIsResumedAndKilledIsInterruptedAgain) {
  RunId run;
  {
    Ledger ledger = opened();
    run = recorded(ledger, {RunStarted{}, RunFinished{RunStatus::partial, Microseconds(5), ""}});
    ASSERT_TRUE(resumed(ledger, run)->record(RunResumed{}));
  }
  Ledger ledger = opened();
  EXPECT_THAT(ledger.interrupted(), testing::ElementsAre(run));
  EXPECT_EQ(ledger.runs()->at(0).status, RunStatus::interrupted);
  EXPECT_EQ(ledger.state(run)->status, RunStatus::interrupted);
  rebuilt_as_grown(ledger);
}

TEST_F(ResumeTest, AnIndexThatIsBehindIsBroughtUpFirst) {
  Ledger ledger = opened();
  const RunId run = recorded(ledger, killed_run(), false);  // the index has its first event only
  const auto recorder = resumed(ledger, run);
  for (const RunEvent& body : rest_of_run()) ASSERT_TRUE(recorder->record(body));
  ASSERT_TRUE(recorder->close());
  rebuilt_as_grown(ledger);
}

TEST_F(ResumeTest, PrivateFieldsAreNoPartOfTheFinalState) {
  Ledger ledger = opened();
  recorded(ledger, {RunStarted{}, NodeReady{whole_node("a/x"), 0}, NodeStarted{whole_node("a/x")},
                    StateWrite{.at = whole_node("a/x"), .field = "a/f", .value = json("1")},
                    StateWrite{.at = whole_node("a/x"), .field = "f", .value = json("2")},
                    NodeFinished{.at = whole_node("a/x")}, RunFinished{}});
  EXPECT_EQ(asked("SELECT field FROM state")[0].get("field").string_or(""), "f");
  EXPECT_EQ(asked("SELECT field FROM state").size(), 1U);
  EXPECT_EQ(asked("SELECT field FROM state_history").size(), 2U);
}

TEST_F(ResumeTest, TheIndexMergesInTheOrderOfPlacesWhateverCameFirst) {
  Ledger ledger = opened();
  const auto place = [](std::uint64_t item) {
    return std::vector<std::uint64_t>{3, item, 1};
  };
  std::vector<RunEvent> bodies = {RunStarted{.merges = {{"list", "array_append"}, {"once", "set_once"}}}};
  for (const std::uint64_t item : {300ULL, 2ULL, 17ULL, 0ULL}) {
    const At at{{"stage"}, std::nullopt, "", {item}};
    const Value value = Value::of(static_cast<std::int64_t>(item));
    bodies.insert(bodies.end(), {NodeReady{at, 1}, NodeStarted{at}});
    for (const char* const field : {"list", "once", "last"})
      bodies.push_back(StateWrite{.at = at, .field = field, .value = value, .place = place(item)});
    bodies.push_back(NodeFinished{.at = at});
  }
  bodies.push_back(RunFinished{});
  const RunId run = recorded(ledger, bodies);
  const RunState state = *ledger.state(run);
  for (const Value& row : asked("SELECT field, value FROM state")) {
    const std::string field = row.get("field").string_or("");
    const auto merge = field == "list" ? FieldMerge::array_append : field == "once" ? FieldMerge::set_once : FieldMerge::last_wins;
    EXPECT_EQ(row.get("value").string_or(""), merged(state.writes.at(field), merge)->dump()) << field;
  }
  EXPECT_EQ(merged(state.writes.at("list"), FieldMerge::array_append)->dump(), "[0,2,17,300]");
}

TEST_F(ResumeTest, AppendingToAnArrayIsLinearOnDisk) {
  Ledger ledger = opened();
  const auto bytes_for = [&](std::uint64_t items) {
    std::vector<RunEvent> bodies = {RunStarted{.merges = {{"list", "array_append"}}}, NodeReady{whole_node("e"), 0, items}};
    for (std::uint64_t n = 0; n < items; ++n) {
      const At at{{"e"}, n, ""};
      bodies.insert(bodies.end(), {NodeStarted{at}, StateWrite{.at = at, .field = "list", .value = json("[\"0123456789\"]")},
                                   NodeFinished{.at = at}});
    }
    bodies.push_back(RunFinished{});
    const RunId run = recorded(ledger, bodies);
    const std::string where = " FROM state_history WHERE run_id = '" + run.text + "'";
    const auto rows = asked("SELECT sum(length(value)) AS n" + where)[0].get("n").json().get<double>();
    return std::pair(static_cast<double>(fs::file_size(journal(run))), rows);
  };
  const auto [journal_once, rows_once] = bytes_for(500);
  const auto [journal_twice, rows_twice] = bytes_for(1000);
  EXPECT_LT(journal_twice, 2.2 * journal_once);
  EXPECT_LT(rows_twice, 2.2 * rows_once);
}

}  // namespace
}  // namespace oe::ledger
