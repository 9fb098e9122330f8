#include "ledger/recorder.hpp"

#include <fmt/format.h>
#include <random>
#include <system_error>

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kBatch = 1000;
constexpr int kIdTries = 100;

/// Whether the file is ours alone: somebody may have made and used it between our look and our lock.
bool is_untouched(const fs::path& path) {
  std::error_code code;
  return fs::file_size(path, code) == 0 && !code;
}

Result<void> check_order(const Event& event, bool is_over) {
  const bool starts = std::holds_alternative<RunStarted>(event.body);
  if (starts == (event.number == 1) && !is_over) return {};
  return fail(ErrorKind::bug, fmt::format("event {} of run {} is out of order: a run is started once, first, and "
                                          "nothing comes after its end",
                                          event.number, event.run.text));
}

}  // namespace

Result<NewJournal> NewJournal::create(const Layout& layout, const sys::Clock& clock, const RunId& newest) {
  std::random_device entropy;
  for (int i = 0; i < kIdTries; ++i) {
    RunId run = make_run_id(clock.now() + std::chrono::milliseconds(i), entropy());
    const bool is_behind = run <= newest && i < kIdTries / 2;  // after that it is the clock that went back
    const fs::path path = layout.journal(run);
    std::error_code code;
    if (is_behind || fs::exists(path, code)) continue;
    OE_TRY(auto lock, sys::FileLock::try_acquire(path));
    if (!lock || !is_untouched(path)) continue;
    OE_TRY(auto file, sys::AppendFile::open(path));
    return NewJournal{std::move(run), std::move(*lock), std::move(file)};
  }
  return fail(ErrorKind::environment, fmt::format("cannot find a free run id in {}", layout.runs().string()));
}

JournalRecorder::JournalRecorder(NewJournal journal, db::Database& database, const sys::Clock& clock)
    : journal_(std::move(journal)), database_(database), clock_(clock) {}

Result<void> JournalRecorder::record(RunEvent body) {
  if (failure_) return fail(*failure_);
  const Event event{number_ + 1, journal_.run, clock_.now(), std::move(body)};
  if (auto kept = append(event); !kept) {
    failure_ = kept.error();
    return kept;
  }
  projection_.add(event);
  // The first event at once, so that others see the run. An index that cannot follow now does so later.
  if (++ahead_of_index_ >= kBatch || number_ == 1) [[maybe_unused]]
    const Result<void> later = follow();
  return projection_.is_over() ? sync() : Result<void>();
}

Result<void> JournalRecorder::append(const Event& event) {
  OE_CHECK(check_order(event, number_ > 0 && projection_.is_over()));
  std::string line = to_json_line(event);
  line += '\n';
  OE_CHECK(journal_.file.append(line));
  number_ = event.number;
  bytes_ += line.size();
  synced_ = false;
  return {};
}

Result<void> JournalRecorder::sync() {
  if (synced_) return {};
  OE_CHECK(journal_.file.sync());
  synced_ = true;
  return {};
}

Result<void> JournalRecorder::follow() {
  if (ahead_of_index_ == 0) return {};
  ahead_of_index_ = 0;
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database_));
  OE_CHECK(projection_.write(database_, bytes_));
  OE_CHECK(transaction.commit());
  projection_.written();
  return {};
}

Result<void> JournalRecorder::close() {
  OE_CHECK(sync());
  return follow();
}

}  // namespace oe::ledger
