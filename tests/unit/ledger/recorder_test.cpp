#include <csignal>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sys/resource.h>
#include <thread>

#include "unit/ledger/ledger_fixture.hpp"

namespace oe::ledger {
namespace {

using test::bytes_of;
using test::difference;
using test::json;
using testing::HasSubstr;

class RunRecorderTest : public test::LedgerFixture {};

const At kNode{{"n"}, std::nullopt, ""};

bool may_wait(const RunEvent& body) {
  return std::holds_alternative<NodeReady>(body) || std::holds_alternative<StateWrite>(body) ||
         std::holds_alternative<NodeSkipped>(body) || std::holds_alternative<NodeFinished>(body) ||
         std::holds_alternative<NodeStarted>(body);
}

TEST_F(RunRecorderTest, WhatAnythingDependsOnIsInTheJournalBeforeRecordReturns) {
  Ledger ledger = opened();
  const auto recorder = started(ledger);
  std::string before;
  long recorded_so_far = 0;
  for (const RunEvent& body : test::realistic_run()) {
    ASSERT_TRUE(recorder->record(body));
    ++recorded_so_far;
    const std::string bytes = bytes_of(journal(recorder->id()));
    ASSERT_TRUE(bytes.starts_with(before));
    ASSERT_TRUE(bytes.ends_with("}\n"));
    const auto lines = std::ranges::count(bytes, '\n');
    EXPECT_LE(lines, recorded_so_far);
    EXPECT_TRUE(may_wait(body) || lines == recorded_so_far) << "all before it too, in their order";
    before = bytes;
  }
}

TEST_F(RunRecorderTest, NothingWaitsBehindAFlush) {
  Ledger ledger = opened();
  const auto recorder = started(ledger);
  long recorded_so_far = 0;
  for (const RunEvent& body : test::realistic_run()) {
    ASSERT_TRUE(recorder->record(body));
    ASSERT_TRUE(recorder->flush());
    EXPECT_EQ(std::ranges::count(bytes_of(journal(recorder->id())), '\n'), ++recorded_so_far);
  }
}

TEST_F(RunRecorderTest, NumbersAndDatesTheEvents) {
  Ledger ledger = opened();
  const RunId run = recorded(ledger, test::realistic_run());
  std::vector<Event> events;
  ASSERT_TRUE(ledger.read(run, [&](const Event& event) { events.push_back(event); }));
  ASSERT_EQ(events.size(), test::realistic_run().size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].number, i + 1);
    EXPECT_EQ(events[i].run, run);
    EXPECT_EQ(events[i].body, test::realistic_run()[i]);
    EXPECT_TRUE(i == 0 || events[i].time > events[i - 1].time);
  }
}

TEST_F(RunRecorderTest, EveryRunHasAnIdOfItsOwnInTheSameMillisecond) {
  class StoppedClock : public sys::Clock {
    Timestamp now() const override { return test::at_ms(0); }
    std::chrono::microseconds monotonic() const override { return {}; }
  } stopped;
  Ledger ledger = std::move(*Ledger::open(root_, stopped));
  std::vector<std::unique_ptr<RunRecorder>> recorders;
  std::set<std::string> ids;
  for (int i = 0; i < 50; ++i) recorders.push_back(started(ledger));
  for (const auto& recorder : recorders) ids.insert(recorder->id().text);
  EXPECT_EQ(ids.size(), 50U);
  EXPECT_EQ(ids.begin()->substr(0, 11), ids.rbegin()->substr(0, 11)) << "the time is the beginning of the id";
}

TEST_F(RunRecorderTest, RefusesEventsBeforeTheStartAndAfterTheEnd) {
  Ledger ledger = opened();
  const auto early = started(ledger);
  const Result<void> refused = early->record(NodeReady{kNode});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::bug);

  const auto late = started(ledger);
  ASSERT_TRUE(late->record(RunStarted{}));
  EXPECT_TRUE(late->record(RunFinished{}));
  EXPECT_FALSE(late->record(NodeActivity{kNode, "too late"}));
  EXPECT_EQ(std::ranges::count(bytes_of(journal(late->id())), '\n'), 2);
}

TEST_F(RunRecorderTest, OthersSeeTheRunFromItsFirstEventOn) {
  Ledger ledger = opened();
  const auto recorder = started(ledger);
  EXPECT_TRUE(ledger.runs()->empty());
  ASSERT_TRUE(recorder->record(RunStarted{.name = "demo"}));
  const std::vector<RunRow> runs = *opened().runs();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].status, RunStatus::running);
  EXPECT_EQ(runs[0].name, "demo");
}

TEST_F(RunRecorderTest, TheIndexFollowsInBatchesAndIsNeverAheadOfTheJournal) {
  Ledger ledger = opened();
  const auto recorder = started(ledger);
  ASSERT_TRUE(recorder->record(RunStarted{}));
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(recorder->record(NodeReady{{{"n" + std::to_string(i)}, std::nullopt, ""}, i}));
    if (i % 4000 != 0) continue;
    const std::int64_t indexed = asked("SELECT events FROM runs")[0].get("events").json().get<std::int64_t>();
    EXPECT_LE(indexed, std::ranges::count(bytes_of(journal(recorder->id())), '\n'));
    EXPECT_GE(indexed, 1 + (std::int64_t(i / 8000) - 1) * 8000) << "at most one batch is on its way";
    EXPECT_EQ(indexed % 8000, 1);
  }
  comes_true("SELECT events = 16001 FROM runs");
  ASSERT_TRUE(recorder->close());
  EXPECT_EQ(asked("SELECT count(*) AS n FROM nodes")[0].dump(), R"({"n":20000})");
}

TEST_F(RunRecorderTest, OfManyNodesThatWaitTheIndexShowsThoseThatHaveBegunAndInTheEndAll) {
  Ledger ledger = opened();
  const auto recorder = started(ledger);
  ASSERT_TRUE(recorder->record(RunStarted{}));
  const auto at = [](std::uint64_t i) { return At{{"n" + std::to_string(i)}, std::nullopt, ""}; };
  for (std::uint64_t i = 0; i < 16'000; ++i) ASSERT_TRUE(recorder->record(NodeReady{at(i), i}));
  EXPECT_EQ(asked("SELECT count(*) AS n FROM nodes")[0].dump(), R"({"n":0})");
  for (std::uint64_t i = 0; i < 4'000; ++i) {
    ASSERT_TRUE(recorder->record(NodeStarted{at(i)}));
    ASSERT_TRUE(recorder->record(NodeFinished{at(i)}));
  }
  comes_true("SELECT count(*) = 4000 FROM nodes");
  ASSERT_TRUE(recorder->record(RunFinished{.status = RunStatus::cancelled}));
  ASSERT_TRUE(recorder->close());
  EXPECT_EQ(asked("SELECT count(*) AS n FROM nodes")[0].dump(), R"({"n":16000})");
  EXPECT_EQ(rebuilt_as_grown(ledger), 1U);
}

TEST_F(RunRecorderTest, TheIndexShowsAFewNodesThatWait) {
  Ledger ledger = opened();
  const auto recorder = started(ledger);
  ASSERT_TRUE(recorder->record(RunStarted{}));
  for (std::uint64_t i = 0; i < 900; ++i)
    ASSERT_TRUE(recorder->record(NodeReady{{{"n" + std::to_string(i)}, std::nullopt, ""}, i}));
  for (std::uint64_t i = 0; i < 8'000; ++i) ASSERT_TRUE(recorder->record(NodeActivity{kNode, "."}));
  comes_true("SELECT count(*) = 900 FROM nodes");
}

TEST_F(RunRecorderTest, AnIndexThatCouldNotFollowALongRunIsMadeAgainWhenItCloses) {
  Ledger ledger = opened();
  const auto recorder = started(ledger);
  ASSERT_TRUE(recorder->record(RunStarted{}));
  asked("CREATE TRIGGER full BEFORE INSERT ON attempt_rows BEGIN SELECT RAISE(ABORT, 'full'); END");
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const At at{{"n" + std::to_string(i)}, std::nullopt, ""};
    ASSERT_TRUE(recorder->record(NodeReady{at, i}));
    ASSERT_TRUE(recorder->record(NodeStarted{at}));
    ASSERT_TRUE(recorder->record(NodeFinished{at}));
  }
  EXPECT_EQ(asked("SELECT count(*) AS n FROM attempts")[0].dump(), R"({"n":0})");
  asked("DROP TRIGGER full");
  ASSERT_TRUE(recorder->record(RunFinished{.status = RunStatus::success}));
  ASSERT_TRUE(recorder->close());
  EXPECT_EQ(asked("SELECT count(*) AS n FROM attempts")[0].dump(), R"({"n":10000})");
  EXPECT_EQ(rebuilt_as_grown(ledger), 1U);
}

TEST_F(RunRecorderTest, TheIndexHoldsWhatTheRunDid) {
  Ledger ledger = opened();
  recorded(ledger, test::realistic_run());
  EXPECT_EQ(asked("SELECT status, failed, retried, duration_ms, events FROM runs")[0].dump(),
            R"({"duration_ms":123.456,"events":26,"failed":1,"retried":1,"status":"partial"})");
  EXPECT_EQ(asked("SELECT outcome, attempts, position, skip_cause FROM nodes WHERE node_id = 'join'")[0].dump(),
            R"({"attempts":0,"outcome":"skipped","position":0,"skip_cause":"failure"})");
  EXPECT_EQ(
      asked("SELECT item, outcome, error, duration_ms, exit_code, started_event AS s, ended_event AS e FROM "
            "attempts WHERE node_id = 'each' AND outcome <> 'succeeded'")[0]
          .dump(),
      R"({"duration_ms":2.5,"e":19,"error":"timed out after 100 ms","exit_code":1,"item":2,"outcome":"timed_out",)"
      R"("s":15})");
  EXPECT_EQ(asked("SELECT value FROM state WHERE field = 'list'")[0].get("value").string_or(""), R"(["a","b"])");
  EXPECT_EQ(asked("SELECT value FROM state WHERE field = 'rows'")[0].get("value").string_or(""), "null");
  const std::vector<Value> history = asked("SELECT id, node_id, item, value, digest FROM state_history ORDER BY id");
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(history[0].dump(), R"({"digest":"y","id":8,"item":null,"node_id":"load","value":"[10,20,30]"})");
  EXPECT_EQ(history[1].dump(), R"({"digest":"b","id":13,"item":1,"node_id":"each","value":"[\"b\"]"})");
}

TEST_F(RunRecorderTest, AFullDiskStopsTheRunAndLeavesWholeLines) {
  Ledger ledger = opened();
  const auto recorder = started(ledger);
  ASSERT_TRUE(recorder->record(RunStarted{}));
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{10'000, before.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  Result<void> kept;
  for (int i = 0; i < 100 && kept; ++i) kept = recorder->record(NodeActivity{kNode, std::string(777, 'x')});
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_DFL);

  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind(), ErrorKind::environment);
  EXPECT_FALSE(recorder->record(RunFinished{})) << "a gap in the journal is worse than an early end";
  EXPECT_TRUE(ledger.read(recorder->id(), [](const Event&) {}));
}

TEST_F(RunRecorderTest, RunsInTwoProcessesDoNotDisturbEachOther) {
  constexpr std::uint64_t kNodes = 800;
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) {
    children.push_back(test::in_child([&] {
      Result<Ledger> ledger = Ledger::open(root_, clock_);
      if (!ledger) return false;
      const auto recorder = started(*ledger);
      bool good = recorder->record(RunStarted{.nodes = kNodes}).has_value();
      for (std::uint64_t n = 0; good && n < kNodes; ++n) {
        const At at{{"n" + std::to_string(n)}, std::nullopt, ""};
        good = recorder->record(NodeReady{at, n}) && recorder->record(NodeStarted{at}) &&
               recorder->record(NodeFinished{at});
      }
      return good && recorder->record(RunFinished{}) && recorder->close();
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(test::status_of(child), 0);
  Ledger ledger = opened();
  EXPECT_TRUE(ledger.interrupted().empty());
  const std::vector<RunRow> runs = *ledger.runs();
  ASSERT_EQ(runs.size(), 3U);
  for (const RunRow& run : runs) EXPECT_EQ(run.status, RunStatus::success);
  EXPECT_EQ(asked("SELECT count(*) AS n FROM attempts")[0].get("n").json().get<std::uint64_t>(), 3 * kNodes);
}

/// Records nodes until it is killed; says on `begun` that the first event is in.
bool record_until_killed(Ledger ledger, int begun) {
  const auto recorder = std::move(*ledger.start_run());
  if (!recorder->record(RunStarted{.merges = {{"f", "array_append"}}}) || write(begun, "x", 1) != 1) return false;
  for (std::uint64_t n = 0;; ++n) {
    const At at{{"n" + std::to_string(n)}, std::nullopt, ""};
    if (!recorder->record(NodeReady{at, n}) || !recorder->record(NodeStarted{at}) ||
        !recorder->record(StateWrite{.at = at, .field = "f", .value = json("[1]")}) ||
        !recorder->record(NodeFinished{at}))
      return false;
  }
}

TEST_F(RunRecorderTest, KillAtAnyMomentLeavesWholeLinesAndIsNoticedOnce) {
  std::mt19937 random(7);
  std::size_t noticed = 0;
  std::size_t begun = 0;
  opened();
  for (int round = 0; round < 30; ++round) {
    int signal[2];
    ASSERT_EQ(pipe(signal), 0);
    const pid_t child = test::in_child([&] { return record_until_killed(opened(), signal[1]); });
    close(signal[1]);
    char byte = 0;
    const bool waits = round % 3 != 0;  // the others may be killed while they open
    ASSERT_TRUE(!waits || read(signal[0], &byte, 1) == 1);
    close(signal[0]);
    // Now and then long enough for a batch of the index.
    std::this_thread::sleep_for(std::chrono::microseconds(random() % (round % 6 == 1 ? 60'000 : 8'000)));
    kill(child, SIGKILL);
    ASSERT_TRUE(WIFSIGNALED(test::status_of(child)));
    noticed += opened().interrupted().size();
    EXPECT_TRUE(opened().interrupted().empty()) << "said once";
  }
  Ledger ledger = opened();
  const std::vector<RunRow> runs = *ledger.runs();
  for (const RunRow& run : runs) {
    EXPECT_EQ(run.status, RunStatus::interrupted);
    EXPECT_TRUE(ledger.read(run.id, [](const Event&) {}));
    EXPECT_EQ(ledger.state(run.id)->status, RunStatus::interrupted);
    ++begun;
  }
  EXPECT_EQ(noticed, begun);
  EXPECT_GE(begun, 20U);
  EXPECT_EQ(rebuilt_as_grown(ledger), begun);
}

}  // namespace
}  // namespace oe::ledger
