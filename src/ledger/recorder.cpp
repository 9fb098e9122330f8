#include "ledger/recorder.hpp"

#include <fmt/format.h>
#include <random>
#include <system_error>

#include "ledger/journal.hpp"
#include "ledger/project.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

/// Events between two transactions of the index: larger ones write each page of the tables less often.
constexpr std::size_t kBatch = 8000;
constexpr int kIdTries = 100;

/// Whether the file is ours alone: somebody may have made and used it between our look and our lock.
bool is_untouched(const fs::path& path) {
  std::error_code code;
  return fs::file_size(path, code) == 0 && !code;
}

bool starts_a_part(const RunEvent& body) {
  return std::holds_alternative<RunStarted>(body) || std::holds_alternative<RunResumed>(body);
}

}  // namespace

Result<HeldJournal> HeldJournal::create(const Layout& layout, const sys::Clock& clock, const RunId& newest) {
  std::random_device entropy;
  for (int i = 0; i < kIdTries; ++i) {
    RunId run = make_run_id(clock.now() + std::chrono::milliseconds(i), entropy());
    const bool is_behind = run <= newest && i < kIdTries / 2;  // after that it is the clock that went back
    const fs::path path = layout.journal(run);
    std::error_code code;
    if (is_behind || fs::exists(path, code)) continue;
    OE_TRY(auto lock, sys::FileLock::try_acquire(path));
    if (!lock || !is_untouched(path)) continue;
    return HeldJournal{std::move(run), std::move(*lock), path};
  }
  return fail(ErrorKind::environment, fmt::format("cannot find a free run id in {}", layout.runs().string()));
}

Result<HeldJournal> HeldJournal::take_over(const Layout& layout, const RunId& run) {
  OE_TRY(const fs::path path, existing_journal(layout, run));
  OE_TRY(auto lock, sys::FileLock::try_acquire(path));
  if (lock) return HeldJournal{run, std::move(*lock), path};
  return fail(ErrorKind::environment, fmt::format("run {} goes on: another oe holds its journal", run.text),
              "wait until it ends, or end it with Ctrl-C where it runs");
}

Result<std::unique_ptr<JournalRecorder>> JournalRecorder::open(HeldJournal journal, db::Database& database,
                                                               const sys::Clock& clock,
                                                               const std::function<void(const Event&)>& each) {
  std::error_code code;
  const std::uint64_t found = fs::file_size(journal.path, code);
  RunProjection projection;
  OE_TRY(const std::uint64_t bytes, read_journal(journal.path, journal.run, [&](const Event& event) {
           each(event);
           projection.add(event);
           projection.written();  // the index has it, or is_behind() tells that it must be made again
         }));
  OE_CHECK(cut_behind(journal.path, bytes));
  OE_TRY(auto file, sys::AppendFile::open(journal.path));
  std::unique_ptr<JournalRecorder> recorder(
      new JournalRecorder(std::move(journal), JournalWriter(std::move(file), bytes), database, clock));
  recorder->number_ = projection.last_event();
  recorder->projection_ = std::move(projection);
  OE_CHECK(recorder->catch_up_before(found));
  return recorder;
}

Result<void> JournalRecorder::catch_up_before(std::uint64_t bytes_found) {
  if (number_ == 0) return {};
  OE_TRY(const bool is_behind, index_is_behind(database_, journal_.run, bytes_found));
  return is_behind ? project_again(database_, journal_.path, journal_.run) : Result<void>();
}

Result<void> JournalRecorder::check_order(const RunEvent& body) const {
  const bool is_first = std::holds_alternative<RunStarted>(body);
  const bool is_answer = std::holds_alternative<NodeAnswered>(body);
  const bool fits = number_ == 0 ? is_first : !is_first && (goes_on_ != starts_a_part(body) || is_answer);
  if (fits) return {};
  return fail(ErrorKind::bug, fmt::format("event {} of run {} is out of order: a run is started once, first; after its "
                                          "end it is resumed or a question is answered",
                                          number_ + 1, journal_.run.text));
}

Result<void> JournalRecorder::record(RunEvent body) {
  OE_CHECK(check_order(body));
  const Event event{number_ + 1, journal_.run, clock_.now(), std::move(body)};
  OE_CHECK(writer_.append(event));
  number_ = event.number;
  if (!index_is_lost_) projection_.add(event);
  const bool begins = starts_a_part(event.body);
  const bool ends = std::holds_alternative<RunFinished>(event.body);
  goes_on_ = (goes_on_ || begins) && !ends;
  // The first event at once, so that others see the run. An index that cannot follow now does so later.
  if (projection_.ahead() >= kBatch || begins) [[maybe_unused]]
    const Result<void> later = follow();
  return ends ? writer_.sync() : Result<void>();
}

// What the index has missed is not kept in memory: a run may be long, and the journal has it.
Result<void> JournalRecorder::follow() {
  if (index_is_lost_ || projection_.ahead() == 0) return {};
  OE_CHECK(writer_.flush());
  Result<void> rows = write_rows();
  index_is_lost_ = !rows;
  projection_.written();
  return rows;
}

Result<void> JournalRecorder::write_rows() {
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database_));
  OE_CHECK(projection_.write(database_, writer_.bytes()));
  return transaction.commit();
}

Result<void> JournalRecorder::close() {
  OE_CHECK(writer_.sync());
  if (!goes_on_) projection_.interrupt({});
  projection_.show_waiting();
  OE_CHECK(follow());
  if (!index_is_lost_) return {};
  OE_CHECK(project_again(database_, journal_.path, journal_.run));
  index_is_lost_ = false;
  return {};
}

}  // namespace oe::ledger
