#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>

#include "cli/session.hpp"
#include "cli/story.hpp"

namespace oe::cli {

// How runs are shown, to people and to machines.

/// "1 node", "3 nodes".
std::string counted(std::uint64_t count, std::string_view word);

/// The nodes in topological order, those that never got ready last.
std::vector<const ledger::NodeState*> ordered_nodes(const ledger::RunState& run);
/// From the start of its first attempt to its end; zero for a node that never ran.
std::chrono::microseconds duration_of(const ledger::NodeState& node);
/// "succeeded", "failed", ..., "running" or "never started".
std::string outcome_of(const ledger::NodeState& node);
/// The fields that are set at the end of a run, merged.
std::map<std::string, Value> final_state(const ledger::RunState& run);
std::string paint_status(const Io& io, ledger::RunStatus status);

nlohmann::ordered_json to_json(const ledger::RunState& run, const RunStory& story);
nlohmann::ordered_json to_json(const ledger::RunRow& row);

}  // namespace oe::cli
