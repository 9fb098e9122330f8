#pragma once

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// Holds a trial against what the proposal promised and against what the recorded run did well: one line for the
/// reviewer. Errors: failed, saying what the trial showed instead.
Result<std::string> judge_trial(const Expectation& expectation, const RecordedRun& recorded,
                                const ledger::RunState& rerun, const ledger::RunState& trial);

/// Items of a node that failed in the end.
std::uint64_t failed_items(const ledger::RunState& run, const NodeId& node);

/// From ready to end of a node, or of the whole run when `node` is empty; the maximum for a node that did not run to
/// its end.
std::chrono::microseconds wall_time(const ledger::RunState& run, const NodeId& node);

}  // namespace oe::evolve
