#pragma once

#include <set>
#include <string>
#include <vector>

#include "oe/graph/graph.hpp"

namespace oe::evolve {

/// The files of nodes that write a field which a metric reads: what judges a proposal may not be changed by one. Paths
/// are normal and relative to the workflow's directory; words of a command that name no file there do no harm.
std::set<std::string> evaluator_files(const graph::Graph& graph);

/// A field that a metric reads and that `writes` would write over; empty when there is none. What appends to a list
/// only does its work, and takes nothing from the judge.
std::string overwritten_metric_field(const graph::Graph& graph, const std::vector<std::string>& writes);

}  // namespace oe::evolve
