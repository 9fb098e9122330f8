#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "oe/engine/plan.hpp"
#include "oe/ledger/run_state.hpp"

namespace oe::engine {

/// Whether a node will run, as far as it can be said before anything has: when everything before it succeeds.
enum class Fate { runs, depends, skipped };

/// What is known of one node at the top of the plan. Figures are medians over the past runs in which it ran.
struct NodeForecast {
  NodeId id;
  std::string kind;
  Fate fate = Fate::runs;
  std::vector<std::string> conditions;  ///< with depends: what it depends on, one for each open edge
  std::string reason;                   ///< with skipped
  std::size_t runs = 0;                 ///< past runs in which it ran
  std::optional<std::uint64_t> items;   ///< of a fan-out or pipeline: exact when the list is an input, else a median
  std::optional<std::uint64_t> rounds;  ///< of a loop
  std::optional<std::chrono::microseconds> work;  ///< of all its attempts together; of a pipeline, loop or experience: as
                                                  ///< long as it took
  std::uint32_t lanes = 1;                        ///< attempts of it that go on at once
  std::optional<std::uint64_t> tokens;
  std::optional<double> usd;
  bool counted = false;  ///< in the totals: it runs, or it depends and ran in at least half of the past runs
};

struct Forecast {
  std::vector<NodeForecast> nodes;  ///< in topological order
  std::size_t past_runs = 0;
  std::optional<std::chrono::microseconds> duration;  ///< from the start to the end at the plan's concurrency
  std::optional<std::uint64_t> tokens;
  std::optional<double> usd;
  std::vector<NodeId> unknown;  ///< counted nodes that no past run tells of: the totals are without them
};

/// A symbolic walk over a plan: conditions on $run.inputs are decided, all others are named. `past`: earlier runs of the
/// same workflow file. `only`: the nodes to run, as in RunContext. Pure.
Forecast forecast(const Plan& plan, const std::vector<ledger::RunState>& past,
                  const std::optional<std::set<NodeId>>& only = std::nullopt);

}  // namespace oe::engine
