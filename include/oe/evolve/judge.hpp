#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oe/base/redact.hpp"
#include "oe/evolve/evidence.hpp"
#include "oe/evolve/proof.hpp"
#include "oe/evolve/purse.hpp"
#include "oe/exec/executor.hpp"
#include "oe/formats/reader.hpp"
#include "oe/git/user_commit.hpp"
#include "oe/ledger/proposal_record.hpp"
#include "oe/llm/client.hpp"
#include "oe/sys/clock.hpp"

namespace oe::evolve {

/// A workflow at a commit: what proposals are applied to.
struct Base {
  git::Oid commit;
  std::string workflow;   ///< relative to the root
  std::string directory;  ///< of the workflow, relative to the root; empty at the root
  formats::Reading reading;

  /// A path of the workflow's directory, relative to the root.
  std::string from_root(const std::string& path) const { return directory.empty() ? path : directory + "/" + path; }
};

/// Reads the workflow out of a commit. Errors: input (not in the commit, not a workflow at all).
Result<Base> read_base(const git::Repository& repository, const git::Oid& commit, const std::string& workflow);

/// A proposal written out against a base: whole files, paths relative to the root. Not checked yet.
struct Patch {
  std::vector<git::FileChange> files;
};

/// Writes the operation out as changed files. Errors: failed, when the place is not there or cannot be written safely.
Result<Patch> render(const git::Repository& repository, const Base& base, const Operation& operation);

/// The promise of each kind of operation, held against the typed graphs and the raw trees. Error: failed, naming what
/// else changed.
Result<void> check_contract(const git::Repository& repository, const Base& before, const Base& after,
                            const Operation& operation, const Patch& patch);

/// A patch that passed every check that needs no run. Its scratch commit is in the object store and no ref names it.
struct CheckedPatch {
  Patch patch;
  git::Oid tree;
  git::Oid scratch;  ///< a commit of `tree` on top of the base
  std::string diff;  ///< git's own, against the base
};

/// Opens a client for models as a workflow has them, on the given loop. `directory` is the workflow's in the user's own
/// working tree, for trials, too: programs and cassettes that are models belong to the user, not to a patch. Errors:
/// input, environment: those of the configuration.
using OpenModels = std::function<Result<std::shared_ptr<llm::Client>>(sys::EventLoop& loop, sys::ProcessHost& processes,
                                                                      const graph::Models& models,
                                                                      const std::filesystem::path& directory)>;

struct Policy;

struct JudgeContext {
  git::Repository& repository;
  const sys::Clock& clock;
  git::Identity identity;
  std::filesystem::path worktrees;  ///< where linked worktrees go
  std::filesystem::path trials;     ///< where the journals of trials go
  std::filesystem::path root;       ///< of the main working tree: what a trial may read
  bool sandbox = true;              ///< whatever is tried runs in bubblewrap: no network, writes to its worktree only
  OpenModels models = {};           ///< for nodes that ask one: oe does, outside of the sandbox; empty: they fail
  std::filesystem::path home = {};  ///< the workflow's directory in the user's own working tree
  Purse* purse = nullptr;           ///< borrowed; nullptr: trials may use what they like
  std::shared_ptr<const Policy> policy = {};  ///< nullptr: the defaults
  double alpha = 0.05;              ///< the chance that the gate of one proposal takes a change that does nothing
  std::size_t most_pairs = 40;      ///< of runs, for one proposal
  Redactor redactor = {};           ///< of what leaves this machine: the values of secrets, and where things lie here
  std::size_t jobs = 4;             ///< pairs that run at the same time, where time is not the goal
};

/// Applies a patch in memory to the base's tree: policy, a diff of at most 64 KiB, a workflow that is still valid, the
/// kind contract. Errors: failed, with the reason.
Result<CheckedPatch> check(const JudgeContext& context, const Base& base, const Operation& operation,
                           const Patch& patch);

/// Hands each event of a recorded run to the function that it is given, in order. Errors: those of Ledger::read.
using ReadEvents = std::function<Result<void>(const RunId&, const std::function<void(const ledger::Event&)>&)>;

/// What a trial is measured against.
struct TrialBasis {
  const Evidence& evidence;
  const Base& base;
  std::vector<RecordedRun> holdout = {};  ///< cases that no advisor has seen
  ReadEvents events = {};                 ///< of the runs in both; empty: nothing is taken over from them
  std::map<RunId, RunId> repeats = {};    ///< of the runs that are trials: the recorded run that each has repeated

  /// The newest run that the finding cites: its inputs are those of the trial.
  const RecordedRun& run_of(const Finding& finding) const;
  /// The recorded run whose case a run is.
  const RunId& case_of(const RunId& run) const;
};

/// A checked patch whose trial showed what the proposal promised. Only validate() makes one, so nothing unproven can be
/// committed.
class ValidatedPatch {
 public:
  const CheckedPatch& checked() const { return checked_; }
  /// What the trial showed, and in one line.
  const Shown& shown() const { return shown_; }
  const std::string& effect() const { return effect_; }

 private:
  friend Result<ValidatedPatch> validate(const JudgeContext&, const TrialBasis&, const Proposal&, const CheckedPatch&,
                                         ledger::ContestOutcome&);
  ValidatedPatch(CheckedPatch checked, Shown shown, std::string effect)
      : checked_(std::move(checked)), shown_(std::move(shown)), effect_(std::move(effect)) {}
  CheckedPatch checked_;
  Shown shown_;
  std::string effect_;
};

/// Runs the patched workflow beside that of the base in linked worktrees, on the inputs of recorded runs, the newest
/// that the finding cites first, until the gate has decided. A case that is to make a node fail must do so each time.
/// `outcome` gets what the pairs showed, whatever the verdict. Errors: failed, with the verdict and what the trials
/// showed; interrupted; environment.
Result<ValidatedPatch> validate(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal,
                                const CheckedPatch& checked, ledger::ContestOutcome& outcome);

/// The proposal with its case's item cut down, by running the node on smaller items in a worktree at the base, as far
/// as it still fails in the same way. Anything else, and a case that does not fail there, comes back unchanged: the
/// trial will tell.
Result<Proposal> minimise(const JudgeContext& context, const TrialBasis& basis, const Proposal& original);

/// The commit of a proven patch on top of the base, to be written as the user would. Its proof is written already, at
/// evidence_ref(fingerprint), on top of what is there.
Result<git::CommitDraft> draft_proposal(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal,
                                        const Fingerprint& fingerprint, const ValidatedPatch& patch);
/// `oe/<operation>/<target>/<first 8 of the fingerprint>`.
std::string branch_name(const Proposal& proposal, const Fingerprint& fingerprint);
/// Subject, reason and trailers; `git interpret-trailers --parse` reads them back. `evidence` is the tree of the proof.
std::string commit_message(const Base& base, const Proposal& proposal, const Fingerprint& fingerprint,
                           const std::string& effect, const git::Oid& evidence);
/// A text of any origin as one line that stands in a trailer, cut where it is too long.
std::string trailer_text(std::string_view text);
/// The newest runs that the finding cites, as many as the message names.
std::vector<RunId> named_runs(const Finding& finding);

}  // namespace oe::evolve
