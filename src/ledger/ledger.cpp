#include "oe/ledger/ledger.hpp"

#include <chrono>
#include <fmt/format.h>
#include <system_error>
#include <thread>

#include "oe/base/digest.hpp"

#include "ledger/index.hpp"
#include "ledger/journal.hpp"
#include "ledger/layout.hpp"
#include "ledger/recorder.hpp"
#include "ledger/resolve.hpp"
#include "ledger/run_projection.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostSourceBytes = std::size_t{64} << 20;
constexpr std::chrono::milliseconds kPause{5};
constexpr std::chrono::milliseconds kPatience{5000};

Result<sys::FileLock> wait_for_lock(const fs::path& path) {
  for (auto waited = kPause;; waited += kPause) {
    OE_TRY(auto lock, sys::FileLock::try_acquire(path));
    if (lock) return std::move(*lock);
    if (waited > kPatience) break;
    std::this_thread::sleep_for(kPause);
  }
  return fail(ErrorKind::environment, fmt::format("another oe holds {}", path.string()), "try again when it is done");
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Error no_such_run(const RunId& run) {
  return Error(ErrorKind::input, fmt::format("there is no run '{}'", run.text), "list the runs with: oe runs");
}

}  // namespace

struct Ledger::Impl {
  Layout layout;
  const sys::Clock& clock;
  Index index;
  std::vector<RunId> interrupted;
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
  return Ledger(std::make_unique<Impl>(Impl{layout, clock, std::move(index), std::move(interrupted)}));
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
  OE_TRY(auto journal, NewJournal::create(impl_->layout, impl_->clock, newest.empty() ? RunId() : newest.front().id));
  return std::make_unique<JournalRecorder>(std::move(journal), impl_->index.database(), impl_->clock);
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

Result<RunId> Ledger::resolve(std::string_view name) const {
  OE_TRY(const auto runs, impl_->index.run_ids());
  return resolve_run(runs, name);
}

Result<void> Ledger::read(const RunId& run, const std::function<void(const Event&)>& each) const {
  std::error_code code;
  if (!is_run_id(run.text) || !fs::exists(impl_->layout.journal(run), code)) return fail(no_such_run(run));
  return read_journal(impl_->layout.journal(run), run, each);
}

Result<RunState> Ledger::state(const RunId& run) const {
  Fold fold;
  OE_CHECK(read(run, [&](const Event& event) { fold.add(event); }));
  RunState state = std::move(fold).take();
  state.id = run;
  if (state.status != RunStatus::running) return state;
  OE_TRY(const auto free, sys::FileLock::try_acquire(impl_->layout.journal(run)));
  if (free) mark_interrupted(state, {});
  return state;
}

Result<void> Ledger::record(const ProposalEvent& event) {
  const fs::path path = impl_->layout.proposals();
  OE_TRY(const auto lock, wait_for_lock(path));
  OE_CHECK(cut_torn_line(path));
  OE_TRY(auto file, sys::AppendFile::open(path));
  OE_CHECK(file.append(to_json_line(event) + '\n'));
  OE_CHECK(file.sync());
  return impl_->index.take_in_proposals();
}

Result<std::vector<ProposalRecord>> Ledger::proposals() const {
  std::vector<ProposalEvent> events;
  OE_CHECK(read_proposals(impl_->layout.proposals(), [&](ProposalEvent event) { events.push_back(std::move(event)); }));
  return fold_proposals(events);
}

Result<std::size_t> Ledger::rebuild() {
  return impl_->index.rebuild();
}

}  // namespace oe::ledger
