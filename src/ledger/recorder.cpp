#include "ledger/recorder.hpp"

#include <fmt/format.h>
#include <random>
#include <system_error>

#include "ledger/journal.hpp"
#include "ledger/project.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

/// Events in one transaction of the index: larger ones write each page of the tables less often, smaller ones take less
/// memory.
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
  RunProjection projection;
  OE_TRY(const std::uint64_t bytes, read_journal(journal.path, journal.run, [&](const Event& event) {
           each(event);
           projection.add(event);
           projection.written();  // the index has it, or is_behind() tells that it must be made again
         }));
  OE_CHECK(cut_behind(journal.path, bytes));
  OE_TRY(auto file, sys::AppendFile::open(journal.path));
  std::unique_ptr<JournalRecorder> recorder(new JournalRecorder(
      std::move(journal), JournalWriter(std::move(file), bytes), database, clock, std::move(projection)));
  OE_CHECK(recorder->catch_up_before());
  return recorder;
}

// Also when a torn line was cut off, before anything is written: the index knows a journal by its length, and the next
// line may be as long as that was.
Result<void> JournalRecorder::catch_up_before() {
  if (number_ == 0) return {};
  OE_TRY(const bool is_behind, index_is_behind(database_, journal_.run, writer_.bytes()));
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
  Event event{number_ + 1, journal_.run, clock_.now(), std::move(body)};
  OE_CHECK(writer_.append(event));
  number_ = event.number;
  const bool ends = std::holds_alternative<RunFinished>(event.body);
  goes_on_ = (goes_on_ || starts_a_part(event.body)) && !ends;
  if (index_) follow(std::move(event));
  return ends ? writer_.sync() : Result<void>();
}

// The first event at once, so that others see the run. What the index has missed is not kept in memory: a run may be
// long, and the journal has it.
void JournalRecorder::follow(Event event) {
  const bool begins = starts_a_part(event.body);
  index_->add(std::move(event));
  if (!begins && index_->waiting() < kBatch) return;
  Result<void> followed = writer_.flush();
  if (followed) followed = begins ? index_->bring_in(writer_.bytes()) : index_->hand_over(writer_.bytes());
  if (!followed) index_.reset();
}

Result<void> JournalRecorder::close() {
  OE_CHECK(writer_.sync());
  if (index_ && index_->finish(writer_.bytes(), goes_on_)) return {};
  return project_again(database_, journal_.path, journal_.run);
}

}  // namespace oe::ledger
