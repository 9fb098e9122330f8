#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "oe/db/database.hpp"
#include "oe/ledger/ledger.hpp"

#include "unit/ledger/samples.hpp"

namespace oe::ledger::test {

namespace fs = std::filesystem;

/// Each look at it is one millisecond later.
class TickingClock : public sys::Clock {
 public:
  Timestamp now() const override { return at_ms(++ticks_); }
  std::chrono::microseconds monotonic() const override { return std::chrono::milliseconds(++ticks_); }

 private:
  mutable std::int64_t ticks_ = 0;
};

/// The first line that differs, or nothing.
inline std::string difference(const std::string& a, const std::string& b) {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  if (in_a == a.end() && in_b == b.end()) return "";
  const std::size_t start = a.rfind('\n', static_cast<std::size_t>(in_a - a.begin())) + 1;
  return a.substr(start, a.find('\n', start) - start) + "\n" + b.substr(start, b.find('\n', start) - start);
}

/// A directory of its own, and ledgers in it.
class LedgerFixture : public testing::Test {
 protected:
  void SetUp() override {
    // In memory where that is possible: dozens of ledgers are synced here, and a slow disk would prove nothing.
    const fs::path memory = "/dev/shm";
    std::string name = (access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path()) / "oe-ledger-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { fs::remove_all(root_); }

  Ledger opened() const {
    Result<Ledger> ledger = Ledger::open(root_, clock_);
    EXPECT_TRUE(ledger) << ledger.error().to_string();
    return std::move(*ledger);
  }

  static std::unique_ptr<RunRecorder> started(Ledger& ledger) {
    Result<std::unique_ptr<RunRecorder>> recorder = ledger.start_run();
    EXPECT_TRUE(recorder) << recorder.error().to_string();
    return std::move(*recorder);
  }

  /// Records the bodies and closes; or leaves the recorder as a process that is killed between two turns would.
  static RunId recorded(Ledger& ledger, const std::vector<RunEvent>& bodies, bool close = true) {
    const auto recorder = started(ledger);
    for (const RunEvent& body : bodies) EXPECT_TRUE(recorder->record(body));
    EXPECT_TRUE(close ? recorder->close() : recorder->flush());
    return recorder->id();
  }

  fs::path journal(const RunId& run) const { return root_ / ".openexpertise" / "runs" / (run.text + ".jsonl"); }
  fs::path index() const { return root_ / ".openexpertise" / "state.sqlite"; }
  fs::path proposals() const { return root_ / ".openexpertise" / "proposals.jsonl"; }

  /// Every row of every table of the index that people ask, sorted: the numbers of runs are nobody's business.
  std::string dumped() const {
    Result<db::Database> database = db::Database::open(index(), db::Mode::read_write);
    if (!database) return database.error().to_string();
    const auto rows_of = [&](const std::string& sql) { return std::move(*database->query(sql)); };
    std::string text;
    const std::vector<Value> tables = rows_of(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT GLOB '*_rows' "
        "AND name <> 'run_numbers' ORDER BY name");
    for (const Value& table : tables) {
      const std::string name = table.get("name").string_or("");
      std::vector<std::string> lines;
      const std::vector<Value> rows = rows_of("SELECT * FROM " + name);
      for (const Value& row : rows) lines.push_back(name + " " + row.dump() + "\n");
      std::ranges::sort(lines);
      for (const std::string& line : lines) text += line;
    }
    return text;
  }
  std::vector<Value> asked(std::string_view sql) const {
    db::Database database = *db::Database::open(index(), db::Mode::read_write);
    const Result<std::vector<Value>> rows = database.query(sql);
    EXPECT_TRUE(rows) << rows.error().to_string();
    return *rows;
  }

  /// The index made again from the journals equals the one that grew. Gives the number of runs.
  std::size_t rebuilt_as_grown(Ledger& ledger, const std::string& where = "") const {
    const std::string grown = dumped();
    const Result<std::size_t> runs = ledger.rebuild();
    EXPECT_TRUE(runs) << where;
    EXPECT_EQ(difference(dumped(), grown), "") << where;
    return runs.value_or(0);
  }

  /// For what the index is given beside the run: asks `sql` for one value until it is 1.
  void comes_true(const std::string& sql) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    const auto holds = [&] { return asked("SELECT (" + sql + ") AS holds")[0].get("holds") == Value::of(std::int64_t{1}); };
    while (!holds() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_TRUE(holds()) << sql;
  }

  fs::path root_;
  TickingClock clock_;
};

inline std::string bytes_of(const fs::path& file) {
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return bytes.str();
}

inline void put_bytes(const fs::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// Starts a child that ends with the answer of `work` as its exit code.
inline pid_t in_child(const std::function<bool()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work() ? 0 : 1);
  return child;
}

inline int status_of(pid_t child) {
  int status = -1;
  return waitpid(child, &status, 0) == child ? status : -1;
}

}  // namespace oe::ledger::test
