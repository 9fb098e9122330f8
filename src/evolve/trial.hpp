#pragma once

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// What a trial run is given.
struct TrialSpec {
  git::Oid commit;
  std::string name;      ///< of the worktree and of the journal; unique within this process
  std::string workflow;  ///< relative to the root
  Value args = Value::object();
  std::optional<std::uint32_t> concurrency;  ///< in place of runtime.concurrency
  std::chrono::milliseconds limit{60'000};   ///< of the whole run
};

/// The trial of a recorded run: the same args, the same concurrency where the command line had set it, at most ten
/// times its duration.
TrialSpec trial_of(const RecordedRun& run, const git::Oid& commit, std::string name);

/// Runs a workflow in a linked worktree at a commit and folds what happened. The journal is kept in context.trials.
/// Errors: failed (cannot be planned, passed its limit), interrupted (Ctrl-C), environment.
Result<ledger::RunState> run_trial(const JudgeContext& context, const TrialSpec& spec);

}  // namespace oe::evolve
