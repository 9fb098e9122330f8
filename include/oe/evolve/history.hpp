#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/evolve/gate_tally.hpp"
#include "oe/git/repository.hpp"
#include "oe/ledger/ledger.hpp"

namespace oe::evolve {

/// What the questions about the past are asked of. Borrowed. They are answered by the `git` program and the ledger, in
/// every kind of repository, and write nothing.
struct HistoryContext {
  const git::Place& place;
  const ledger::Ledger& ledger;
};

/// A commit as `git log` shows it.
struct PastCommit {
  git::Oid id;
  std::vector<git::Oid> parents;
  std::string author;
  Timestamp time;  ///< of the committer
  std::string subject;
  std::string message;  ///< all of it
  friend bool operator==(const PastCommit&, const PastCommit&) = default;
};

/// Hands over the commits behind `head`, newest first, until `each` gives false. Reads them a page at a time, so what
/// is not looked at costs little. `arguments`: more for `git log`, such as a path behind "--". Errors: environment.
Result<void> walk_back(const git::Place& place, const git::Oid& head, const std::vector<std::string>& arguments,
                       const std::function<bool(const PastCommit&)>& each);

/// The commits of these ids, in their order. One git process. Errors: environment.
Result<std::vector<PastCommit>> read_commits(const git::Place& place, const std::vector<git::Oid>& ids);

/// How the change of a proposal came into the history.
enum class Landing {
  merged,    ///< oe's own commit is in it: by a merge, a fast-forward or `oe accept`
  rebased,   ///< its message stands on another commit
  picked,    ///< by `git cherry-pick -x`, or as the same change under another message
  squashed,  ///< its line stands in the message of a commit that may have more
};
std::string_view to_string(Landing landing);

/// A proposal that became history, as its record tells it, or the commit's own words where there is no record here.
struct LandedProposal {
  Fingerprint fingerprint;
  Landing landing = Landing::merged;
  std::string title;
  std::string workflow;  ///< empty: not known
  std::string confidence;
  std::string promise;  ///< what its trial showed
  friend bool operator==(const LandedProposal&, const LandedProposal&) = default;
};

/// Tells which proposals a commit brought. Total.
class Landings {
 public:
  explicit Landings(std::vector<ledger::ProposalRecord> records);
  /// In the order of the message. Asked once for each commit of a way back, newest first: a proposal is told where it
  /// is met first.
  std::vector<LandedProposal> of(const PastCommit& commit);

 private:
  const ledger::ProposalRecord* record_of(const std::string& fingerprint) const;
  std::vector<ledger::ProposalRecord> records_;
  std::vector<std::string> told_;
};

/// One metric of a run.
struct MetricValue {
  Metric metric;
  double value = 0;
  friend bool operator==(const MetricValue&, const MetricValue&) = default;
};

/// A recorded run and what was measured of it.
struct PastRun {
  ledger::RunRow row;
  bool is_uncommitted = false;       ///< of a workflow file that no commit has
  std::vector<MetricValue> metrics;  ///< those that could be read, built-in ones and declared ones
};

/// A commit that a run or a proposal belongs to.
struct PastStep {
  PastCommit commit;
  std::vector<LandedProposal> proposals;
  std::vector<PastRun> runs;      ///< newest first
  std::size_t unread_runs = 0;    ///< older ones, beyond those that are read
};

struct HistoryOptions {
  std::size_t most = 20;  ///< commits; 0: all
  std::string path;       ///< relative to the root; only runs of workflows there and proposals for them; empty: all
};

/// The steps behind HEAD, newest first. A run belongs to the commit whose message names it (Oe-Run), else to the one
/// that committed the file that it ran, else to the one that was checked out. Errors: environment.
Result<std::vector<PastStep>> history(const HistoryContext& context, const HistoryOptions& options);

}  // namespace oe::evolve
