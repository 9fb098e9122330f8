#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/history.hpp"

namespace oe::evolve {

struct BisectOptions {
  std::string metric;      ///< as `oe log` names it; "success of NODE", "time of NODE", "failed items of NODE", too
  std::string workflow;    ///< relative to the root; empty: that of the newest run
  std::optional<git::Oid> good;  ///< nothing: the oldest commit on the way that has runs
  git::Oid bad;
  SearchLimits limits;     ///< of new runs
  bool runs = true;        ///< false: stored runs only
  bool sandbox = true;
};

/// What was seen of one commit.
struct BisectStep {
  PastCommit commit;
  enum class Verdict {
    worse,      ///< than the good one: it is at fault, or one before it is
    not_worse,  ///< the bad one is worse than it: one after it is at fault
    unclear,    ///< neither is shown
  } verdict = Verdict::unclear;
  std::size_t stored_pairs = 0;  ///< of recorded runs
  std::size_t new_pairs = 0;
  double level = 0;        ///< of error of this step, both ways together
  std::string sentence;    ///< what was compared and how sure it is, one line
};
std::string_view to_string(BisectStep::Verdict verdict);

struct BisectReport {
  std::string workflow;
  Metric metric;
  std::vector<PastCommit> commits;  ///< that may be at fault at first, oldest first
  std::vector<BisectStep> steps;    ///< the first one holds the bad commit against the good one
  std::vector<PastCommit> suspects;  ///< one: it is at fault; several: not told apart; none: nothing got worse
  std::size_t new_runs = 0;
  std::string ended_by;  ///< what kept it from going on, one clause; empty: nothing
};

/// Which commit that touched the workflow, on the first-parent line from `good` to `bad`, made a metric worse: by
/// stored runs first, then by runs in worktrees, in the sandbox and only of what the user has trusted. All steps
/// together name a wrong commit in at most 5 of 100 cases, whatever is looked at; noise ends as "unclear". Errors:
/// input (no such metric, commit or run), environment, interrupted. What may not be run ends it, and the report says
/// why.
Result<BisectReport> bisect(const EvolveContext& context, const BisectOptions& options);

}  // namespace oe::evolve
