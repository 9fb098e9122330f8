#pragma once

#include <functional>
#include <vector>

#include "oe/evolve/gate.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// A metric and how it is read off a run.
struct Gauge {
  Metric metric;
  std::function<Measured(const ledger::RunState&)> read;
};

/// What a trial of the proposal is measured by: the goal that its expectation names (or, where it names none, every
/// goal that the workflow declares, and success, time and cost of the run), and as guards the rest of the built-in
/// metrics and those that the workflow declares. A proposal that only covers more has guards alone.
std::vector<Gauge> gauges_for(const Expectation& expectation, const graph::Graph& graph);

/// Nothing in place of each value: a run that did not come to its end.
std::vector<Measured> readings(const std::vector<Gauge>& gauges, const Result<ledger::RunState>& run);

/// Items of a node that failed in the end.
std::uint64_t failed_items(const ledger::RunState& run, const NodeId& node);

/// From ready to end of a node, or of the whole run when `node` is empty; the maximum for a node that did not run to
/// its end.
std::chrono::microseconds wall_time(const ledger::RunState& run, const NodeId& node);

}  // namespace oe::evolve
