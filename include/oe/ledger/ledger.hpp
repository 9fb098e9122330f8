#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oe/ledger/proposal_record.hpp"
#include "oe/ledger/replay_store.hpp"
#include "oe/ledger/run_state.hpp"
#include "oe/sys/clock.hpp"
#include "oe/sys/file.hpp"

namespace oe::ledger {

/// One line of `oe runs`.
struct RunRow {
  RunId id;
  std::string workflow;
  std::string workflow_digest;
  std::string name;
  RunStatus status = RunStatus::running;
  Timestamp started_at;
  Microseconds duration{0};
  std::uint64_t nodes = 0;
  std::uint64_t failed = 0;   ///< nodes that failed or timed out
  std::uint64_t retried = 0;  ///< attempts after the first
  std::uint64_t events = 0;
  std::string head;    ///< commit id, empty on an unborn branch
  bool dirty = false;  ///< the workflow file's bytes were not those of `head`
  friend bool operator==(const RunRow&, const RunRow&) = default;
};

/// Writes one run: events go to the journal in their order, with the next flush() at the latest, and to the index in
/// batches behind it. Holds a lock on the journal as long as it lives, which is how others know that the
/// run goes on. After a record() that failed every other one fails too. Must not outlive its Ledger.
class RunRecorder : public EventSink {
 public:
  virtual const RunId& id() const = 0;
  /// Syncs the journal and brings the index up to date. Call after RunFinished; without it the index catches
  /// up on the next open(). An Error from here is the index's: the journal is whole.
  virtual Result<void> close() = 0;
};

/// Where the ledger of a repository is, or would be. `root`: of its main working tree.
std::filesystem::path directory_of(const std::filesystem::path& root);

/// The whole record of a repository: <root>/.openexpertise/ with
///   runs/<run-id>.jsonl        one journal a run; the truth
///   proposals.jsonl            what became of each proposal; the truth
///   sources/<sha256>           workflow files as runs saw them
///   state.sqlite               the index: a projection that can be deleted and remade
///   replay.sqlite              the replay store: what can be had again without running it
///   evolution/<run-id>.md      proposals for people
///   trials/, worktrees/        of `oe evolve`
///   .gitignore                 so that git status stays clean
class Ledger {
 public:
  /// Makes what is missing under `root`/.openexpertise. Runs that died since are marked interrupted: see
  /// interrupted(). Errors: environment (read-only, disk full, a newer index format).
  static Result<Ledger> open(const std::filesystem::path& root, const sys::Clock& clock);
  /// The same where there is a ledger, and nothing where there is none yet: makes none.
  static Result<std::optional<Ledger>> open_existing(const std::filesystem::path& root, const sys::Clock& clock);
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  const std::filesystem::path& directory() const;  ///< <root>/.openexpertise
  /// Runs that open() found dead and marked, newest last.
  const std::vector<RunId>& interrupted() const;

  Result<std::unique_ptr<RunRecorder>> start_run();
  /// Goes on with the journal of a run that nobody holds: a torn last line is cut off, numbers continue. Gives each
  /// event that is there to `each` first. Errors: environment (another oe holds it), input (no such run, broken line).
  Result<std::unique_ptr<RunRecorder>> resume_run(const RunId& run, const std::function<void(const Event&)>& each);
  /// Appends one event, synced, to the journal of a run that nobody holds, and brings the index up to date.
  Result<void> append(const RunId& run, RunEvent body);
  /// Keeps the bytes of a workflow file under their sha256, which is returned.
  Result<std::string> keep_source(std::string_view bytes);
  Result<std::string> source(std::string_view sha256) const;

  /// Newest first, at most `limit` (0: all). From the index.
  Result<std::vector<RunRow>> runs(std::size_t limit = 0) const;
  /// Those that have ended, newest first, at most `limit`, of that workflow (empty: any) with content of that sha256
  /// (empty: any). From the index.
  Result<std::vector<RunRow>> ended_runs(std::string_view workflow, std::string_view digest, std::size_t limit) const;
  /// The full id of a run named by any unique prefix, or by "last". Errors: input, listing the candidates.
  Result<RunId> resolve(std::string_view name) const;
  /// Reads a journal; a torn last line is left out. A broken line in the middle is an Error (input, with the
  /// line).
  Result<void> read(const RunId& run, const std::function<void(const Event&)>& each) const;
  /// The same, folded. A run without an end that nobody holds is `interrupted`.
  Result<RunState> state(const RunId& run) const;

  /// Appends to proposals.jsonl, synced, and the index. Waits for another oe that does the same.
  Result<void> record(const ProposalEvent& event);
  /// All of proposals.jsonl, oldest first.
  Result<std::vector<ProposalEvent>> proposal_events() const;
  /// The fold of proposals.jsonl: newest state of each proposal, oldest proposal first.
  Result<std::vector<ProposalRecord>> proposals() const;

  /// Forgets the index and makes it again from the journals; gives the number of runs.
  Result<std::size_t> rebuild();

  /// The results of earlier attempts, opened when first asked for. Lives as long as the ledger.
  Result<ReplayStore*> replay_store();

  struct Impl;

 private:
  explicit Ledger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oe::ledger
