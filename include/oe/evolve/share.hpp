#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

// What travels with the repository, in refs that branch lists, plain pushes and plain clones do not show:
//   refs/oe/evidence/<fingerprint>   proof.json; what a verdict rests on
//   refs/oe/decisions                decisions.jsonl; proposals that got a branch, who took or rejected which, and why
//   refs/oe/runs/<yyyy-mm>           <run-id>.jsonl; journals, only when asked for
//   refs/notes/oe                    one line for each commit of a proposal, for `git log --notes=oe`; never pushed
// Nothing is pushed unless somebody asks. Secrets and places of this machine are taken out before anything enters one.

struct SyncOptions {
  std::string remote;  ///< empty: see git::find_remote()
  bool fetch = true;
  bool push = true;
  bool runs = false;  ///< the journals of runs, too
};

struct SyncReport {
  std::string remote;
  std::size_t learnt = 0;          ///< decisions that others made and this clone did not know
  std::vector<std::string> taken;  ///< refs that are new or newer here now
  std::vector<std::string> sent;   ///< refs that were pushed
};

/// Brings both sides to the union of what they have: lines of decisions, files of runs, versions of evidence. Whatever
/// two clones decide in the meantime is on record in both afterwards, and the later decision is in force in both.
/// Killed at any moment, the same command goes on. Errors: input (no such remote), environment (with git's own words).
Result<SyncReport> sync(const EvolveContext& context, const SyncOptions& options);

/// Puts one line, what the trial showed and where the evidence is, at refs/notes/oe for each of the commits that has none
/// and is a proposal of oe. For display only: nothing reads it, and it can be made again.
Result<void> note_commits(const EvolveContext& context, const std::vector<git::Oid>& commits);

struct CollectOptions {
  std::chrono::days unused{30};               ///< what is younger stays
  std::optional<std::chrono::days> runs = {}; ///< months of runs that ended longer ago go; nothing: none
  bool dry_run = false;
};

/// Deletes refs of ours that nothing needs: evidence of proposals that are neither open nor in the history of any branch
/// here, copies of what remotes had, months of runs. `git gc` then takes the objects. Gives the names of the refs.
Result<std::vector<std::string>> collect_refs(const EvolveContext& context, const CollectOptions& options);

/// The journal of a run as it travels: out of refs/oe/runs, or of the own ledger; nothing where it is not there.
Result<std::optional<std::string>> shared_journal(const git::Repository& repository, const RunId& run);
Result<std::optional<std::string>> own_journal(const ledger::Ledger& ledger, const git::Place& place, const RunId& run);

}  // namespace oe::evolve
