#include "oe/ledger/ledger.hpp"

#include <fmt/format.h>
#include <system_error>

#include "oe/base/digest.hpp"

#include "ledger/index.hpp"
#include "ledger/journal.hpp"
#include "ledger/layout.hpp"
#include "ledger/recorder.hpp"
#include "ledger/replay_database.hpp"
#include "ledger/resolve.hpp"
#include "ledger/wait_for_lock.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostSourceBytes = std::size_t{64} << 20;
bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

struct Ledger::Impl {
  Layout layout;
  const sys::Clock& clock;
  Index index;
  std::vector<RunId> interrupted;
  std::unique_ptr<ReplayStore> replay;
};

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(const fs::path& root, const sys::Clock& clock) {
  const Layout layout = Layout::of(root);
  OE_CHECK(make_layout(layout));
  OE_TRY(Index index, Index::open(layout));
  OE_TRY(auto interrupted, index.catch_up());
  return Ledger(std::make_unique<Impl>(Impl{layout, clock, std::move(index), std::move(interrupted), nullptr}));
}

Result<std::optional<Ledger>> Ledger::open_existing(const fs::path& root, const sys::Clock& clock) {
  std::error_code code;
  // A clone has the directory already when the project commits its config.yaml.
  if (!fs::is_directory(Layout::of(root).runs(), code)) return std::optional<Ledger>();
  OE_TRY(Ledger ledger, open(root, clock));
  return std::optional<Ledger>(std::move(ledger));
}

const fs::path& Ledger::directory() const {
  return impl_->layout.directory;
}
const std::vector<RunId>& Ledger::interrupted() const {
  return impl_->interrupted;
}

Result<std::unique_ptr<RunRecorder>> Ledger::start_run() {
  OE_TRY(const auto newest, impl_->index.runs(1));
  OE_TRY(auto journal, HeldJournal::create(impl_->layout, impl_->clock, newest.empty() ? RunId() : newest.front().id));
  return JournalRecorder::open(std::move(journal), impl_->index.database(), impl_->clock, [](const Event&) {});
}

Result<std::unique_ptr<RunRecorder>> Ledger::resume_run(const RunId& run,
                                                        const std::function<void(const Event&)>& each) {
  OE_TRY(auto journal, HeldJournal::take_over(impl_->layout, run));
  std::uint64_t events = 0;
  OE_TRY(std::unique_ptr<RunRecorder> recorder,
         JournalRecorder::open(std::move(journal), impl_->index.database(), impl_->clock, [&](const Event& event) {
           ++events;
           each(event);
         }));
  if (events > 0) return recorder;
  return fail(ErrorKind::input, fmt::format("run {} was killed before it began", run.text), "start it anew with: oe run");
}

Result<void> Ledger::append(const RunId& run, RunEvent body) {
  OE_TRY(const auto recorder, resume_run(run, [](const Event&) {}));
  OE_CHECK(recorder->record(std::move(body)));
  return recorder->close();
}

Result<std::string> Ledger::keep_source(std::string_view bytes) {
  std::string digest = sha256_hex(bytes);
  const fs::path path = impl_->layout.source(digest);
  const auto kept = sys::read_file(path, kMostSourceBytes);
  if (kept && *kept == bytes) return digest;
  OE_CHECK(sys::write_file(path, bytes));
  return digest;
}

Result<std::string> Ledger::source(std::string_view sha256) const {
  if (!is_sha256(sha256)) return fail(ErrorKind::input, fmt::format("'{}' is not the sha256 of a workflow", sha256));
  OE_TRY(std::string bytes, sys::read_file(impl_->layout.source(sha256), kMostSourceBytes));
  if (sha256_hex(bytes) == sha256) return bytes;
  return fail(ErrorKind::environment,
              fmt::format("{} has been changed: its bytes have another digest", impl_->layout.source(sha256).string()),
              "delete it; the next run of that workflow keeps it again");
}

Result<std::vector<RunRow>> Ledger::runs(std::size_t limit) const {
  return impl_->index.runs(limit);
}

Result<std::vector<RunRow>> Ledger::ended_runs(std::string_view workflow, std::string_view digest,
                                               std::size_t limit) const {
  return impl_->index.ended_runs(workflow, digest, limit);
}

Result<RunId> Ledger::resolve(std::string_view name) const {
  OE_TRY(const auto runs, impl_->index.run_ids());
  return resolve_run(runs, name);
}

Result<void> Ledger::read(const RunId& run, const std::function<void(const Event&)>& each) const {
  OE_TRY(const fs::path journal, existing_journal(impl_->layout, run));
  OE_CHECK(read_journal(journal, run, each));
  return {};
}

Result<RunState> Ledger::state(const RunId& run) const {
  Fold fold;
  OE_CHECK(read(run, [&](const Event& event) { fold.add(event); }));
  RunState state = std::move(fold).take();
  state.id = run;
  if (state.status != RunStatus::running) return state;
  OE_TRY(const auto free, sys::FileLock::try_acquire(impl_->layout.journal(run)));
  if (!free) return state;
  state.status = RunStatus::interrupted;
  state.duration += state.last_at - state.resumed_at;
  return state;
}

Result<void> Ledger::record(const ProposalEvent& event) {
  const fs::path path = impl_->layout.proposals();
  OE_TRY(const auto lock, wait_for_lock(path));
  OE_TRY(const bool was_torn, cut_torn_line(path));
  // The index knows the file by its length, and the next line may be as long as the torn one.
  if (was_torn) OE_CHECK(impl_->index.take_in_proposals());
  OE_TRY(auto file, sys::AppendFile::open(path));
  OE_CHECK(file.append(to_json_line(event) + '\n'));
  OE_CHECK(file.sync());
  return impl_->index.take_in_proposals();
}

Result<std::vector<ProposalEvent>> Ledger::proposal_events() const {
  std::vector<ProposalEvent> events;
  OE_CHECK(read_proposals(impl_->layout.proposals(), [&](ProposalEvent event) { events.push_back(std::move(event)); }));
  return events;
}

Result<std::vector<ProposalRecord>> Ledger::proposals() const {
  OE_TRY(const std::vector<ProposalEvent> events, proposal_events());
  return fold_proposals(events);
}

Result<std::size_t> Ledger::rebuild() {
  return impl_->index.rebuild();
}

Result<ReplayStore*> Ledger::replay_store() {
  if (!impl_->replay) impl_->replay = open_replay_database(impl_->layout.replay(), impl_->clock);
  return impl_->replay.get();
}

}  // namespace oe::ledger
