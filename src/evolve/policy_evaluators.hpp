#pragma once

#include <set>
#include <string>

#include "oe/graph/graph.hpp"

namespace oe::evolve {

/// The files of nodes that write a field which a metric reads: what judges a proposal may not be changed by one. Paths
/// are normal and relative to the workflow's directory; words of a command that name no file there do no harm.
std::set<std::string> evaluator_files(const graph::Graph& graph);

}  // namespace oe::evolve
