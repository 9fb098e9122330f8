#pragma once

#include <span>
#include <vector>

#include "oe/engine/run.hpp"
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
  std::vector<std::string> only = {};        ///< files and directories to check out; empty: all
  const engine::Past* past = nullptr;        ///< borrowed; what is taken over from a recorded run
  ledger::ReplayStore* replay = nullptr;     ///< borrowed; nullptr: nothing is looked up or kept
};

/// The trial of a recorded run: the same args, the same concurrency where the command line had set it, at most ten
/// times its duration.
TrialSpec trial_of(const RecordedRun& run, const git::Oid& commit, std::string name);

/// What became of each trial, in the order of the specs. Errors in it: failed (cannot be planned, passed its limit).
using Trials = std::vector<Result<ledger::RunState>>;

/// Runs workflows at the same time, each in a linked worktree of its own at a commit, and folds what happened. The
/// journals are kept in context.trials. Errors: interrupted (Ctrl-C), environment.
Result<Trials> run_trials(const JudgeContext& context, std::span<const TrialSpec> specs);

/// A single one. Errors: also failed.
Result<ledger::RunState> run_trial(const JudgeContext& context, const TrialSpec& spec);

}  // namespace oe::evolve
