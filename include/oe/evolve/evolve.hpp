#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "oe/evolve/advisor.hpp"
#include "oe/git/ref_journal.hpp"
#include "oe/git/user_commit.hpp"
#include "oe/ledger/ledger.hpp"
#include "oe/ledger/trust.hpp"
#include "oe/sys/clock.hpp"

namespace oe::evolve {

enum class AdvisorChoice { rules, llm, both };

struct EvolveOptions {
  std::vector<RunId> runs;  ///< empty: those of the workflow, by `last` and `since`; with neither those since its file
                            ///< last changed in content, the newest 50 or as many as 10,000 events allow
  std::size_t last = 0;     ///< the newest so many, whatever content they ran; 0: not by number
  std::optional<Timestamp> since;  ///< those that started then or later, whatever content they ran
  std::string workflow;            ///< relative to the root; empty: that of the newest run
  AdvisorChoice advisor = AdvisorChoice::rules;
  std::string model;  ///< for the advisor, as llm::Ask::model, where models.advisor of the workflow names none
  SearchLimits limits;                 ///< of the whole invocation; what was proven before one is reached stays
  std::uint32_t generations = 1;       ///< more: what is proven is built upon, beside a baseline
  std::uint32_t tries = 1;             ///< how often a model is asked for each parent and generation
  std::size_t prompt_tokens = 60'000;  ///< of the evidence that a model is shown
  bool dry_run = false;                ///< no trial, no commit, no branch, no record
  std::size_t most = 5;  ///< proposals, of each generation
  double alpha = 0.05;   ///< the chance that this invocation opens a branch for changes that do nothing
  bool sandbox = true;  ///< of trials; without it their code may touch all that the user may
  git::CommitStyle commits = {};  ///< of what gets a branch; without a place for worktrees
};

/// Where in a search a proposal comes from.
struct Descent {
  Fingerprint parent;            ///< that it stands on; empty: the workflow itself
  std::uint32_t generation = 1;
  std::string arm;               ///< "evolution", "baseline", or empty: of both, or no search
  friend bool operator==(const Descent&, const Descent&) = default;
};

/// What became of one proposal in this invocation.
struct Judged {
  Proposal proposal;
  Fingerprint fingerprint;
  std::string diff;  ///< against the base commit; empty when it could not be written
  enum class Fate { committed, unchanged, rejected_before, unproven, refused, proposed } fate = Fate::proposed;
  std::string reason;  ///< for all but committed
  std::string effect;  ///< what the trial showed
  std::string branch;
  std::string commit;
  Descent descent = {};
  ledger::ContestOutcome outcome = {};  ///< of its trial, now or, where it is unchanged, then
  std::optional<ledger::ProposalRecord> supersedes;  ///< another value of the same thing, whose branch it takes over
};

/// One side of the comparison at the end of a search.
struct Champion {
  Fingerprint fingerprint;  ///< empty: nothing was proven
  std::string title;
  std::string beside_base;  ///< what fresh runs show, one line; empty: none were made
  friend bool operator==(const Champion&, const Champion&) = default;
};

/// What a search of several generations has found, beside the best of as many proposals without evolution.
struct SearchReport {
  std::uint32_t generations = 1;  ///< that had candidates
  std::size_t shared = 0;         ///< candidates of the first generation, which count for both
  std::size_t evolved = 0;        ///< of later ones
  std::size_t repeated = 0;       ///< of the baseline alone: more of them from the same runs
  Champion evolution;
  Champion baseline;
  std::string verdict;     ///< "better", "worse", "not enough evidence": of evolution, held against the baseline
  std::string comparison;  ///< one sentence for people
  bool is_on_holdout = false;  ///< the runs of the comparison were of cases that no advisor had seen
  friend bool operator==(const SearchReport&, const SearchReport&) = default;
};

struct EvolveReport {
  std::string workflow;
  std::vector<RunId> runs;
  git::Oid base;
  std::vector<Finding> findings;
  std::vector<Judged> proposals;
  std::vector<std::string> notes;   ///< e.g. that runs saw other content than HEAD has
  std::filesystem::path markdown;   ///< see markdown_name(); empty on a dry run
  std::optional<ModelSpend> spend;  ///< of the advisor, when a model was asked
  exec::Spend trials;               ///< of models that trials asked
  std::size_t trial_runs = 0;
  std::string ended_by;                ///< the limit that ended it; empty: none
  std::optional<SearchReport> search;  ///< of more than one generation
};

struct EvolveContext {
  const git::Place& place;
  git::Repository& repository;
  ledger::Ledger& ledger;
  const sys::Clock& clock;
  git::Identity identity;
  std::function<void(const std::string&)> progress;  ///< one line for people at each step
  std::optional<ledger::TrustStore> trust;           ///< what may be tried; nothing: nothing may
  OpenModels models = {};                            ///< for the advisor and for trials; empty: no model is asked
  /// Of what git itself writes into refs; `repository` notes the rest where it has one. nullptr: nobody keeps one.
  git::RefJournal* refs = nullptr;
};

/// The whole way from the ledger to proposal branches. Holds .openexpertise/evolve.lock: a second one gets an
/// Error (environment) that says so. Code is tried only when the user has run or trusted what the base has, and in a
/// sandbox. Errors: input (no runs), environment (git, the disk, trust, no sandbox; with what to type).
Result<EvolveReport> evolve(const EvolveContext& context, const EvolveOptions& options);

/// "<run-id>.md" of one run, "cross-run-<n>runs-<first run-id>.md" of several.
std::string markdown_name(const std::vector<RunId>& runs);

/// evolution/<markdown_name()> in the format of OpenExpertise (section 7.4 of the reference), so that
///   awk '/^```diff/{f=1;next} /^```/{f=0} f' FILE | git apply
/// works: `stacked` has a diff for each committed proposal, each on top of those before it, or nothing where it cannot
/// stand on them.
std::string to_markdown(const EvolveReport& report, const std::vector<std::optional<std::string>>& stacked);

/// The proposal whose fingerprint starts with `name` (or whose branch it is). Errors: input, listing
/// candidates.
Result<ledger::ProposalRecord> find_proposal(const ledger::Ledger& ledger, std::string_view name);

/// Whoever writes proposals or their branches holds this. Errors: environment, when another process does.
Result<sys::FileLock> lock_proposals(const ledger::Ledger& ledger);

struct AcceptOptions {
  enum class Way {
    forward,  ///< a fast-forward where the proposal stands on HEAD, else a cherry-pick
    pick,     ///< a cherry-pick, always
    squash,   ///< all that is on its branch, commits of others too, as one commit
    merge,    ///< a merge commit; commits of others come along
  } way = Way::forward;
  bool signoff = false;  ///< a commit of its own is made also where a fast-forward would do
  bool verify = true;    ///< the user's hooks may stop a merge or a squash
};
struct Accepted {
  git::Oid commit;          ///< what the current branch is at now
  std::string kept_branch;  ///< has commits of others that are not in the history as they are; else empty
};

/// Takes an open proposal onto the current branch, deletes its branch and records it. Refuses when a file
/// that it touches is dirty, it is not open, or it stands on one that was not accepted.
Result<Accepted> accept(const EvolveContext& context, const ledger::ProposalRecord& proposal,
                        const AcceptOptions& options = {});

/// Deletes the branch and remembers: the fingerprint is never proposed again. Gives the open proposals that stood on it:
/// they have lost their ground and their branches, too.
Result<std::vector<ledger::ProposalRecord>> reject(const EvolveContext& context, const ledger::ProposalRecord& proposal, std::string_view why);

}  // namespace oe::evolve
