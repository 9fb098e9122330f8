#pragma once

#include <chrono>
#include <map>
#include <vector>

#include "oe/graph/graph.hpp"
#include "oe/ledger/run_state.hpp"

namespace oe::evolve {

// How long a run would take at another concurrency, with the durations that were recorded: list scheduling in
// topological order, as the engine does it. Pauses between retries and the engine's own time are left out.

/// The recorded durations of a node, one for each of its items (one for a plain node, none when it did not run).
std::vector<std::chrono::microseconds> durations_of(const ledger::NodeState& node);

/// From the start of the first to the end of the last, `width` at a time, in order.
std::chrono::microseconds makespan(const std::vector<std::chrono::microseconds>& durations, std::uint32_t width);

struct Span {
  std::chrono::microseconds start{0};
  std::chrono::microseconds end{0};
};

struct Schedule {
  std::vector<Span> nodes;  ///< by position in topological order; start == end for nodes that took no time
  std::chrono::microseconds wall{0};
};

/// What must wait for what in a graph: by edges and, as in the engine, by the state. Made once for many replays.
class Replay {
 public:
  explicit Replay(const graph::Graph& graph);
  /// The run with `concurrency` attempts in flight at most. Nodes that it does not know took no time.
  Schedule at(const ledger::RunState& run, std::uint32_t concurrency) const;
  /// In topological order.
  const std::vector<const graph::Node*>& nodes() const { return nodes_; }

 private:
  std::vector<const graph::Node*> nodes_;
  std::vector<std::vector<std::size_t>> successors_;  ///< of each node, by edges and by the state
  std::vector<std::size_t> waits_;                    ///< number of predecessors, each counted once
};

}  // namespace oe::evolve
