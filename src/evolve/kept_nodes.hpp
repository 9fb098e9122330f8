#pragma once

#include <set>

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// The top-level nodes whose recorded results both sides of a trial can take over: equal in the recorded graph, at the
/// base and in the patched workflow, naming no file that the patch writes, and not behind a node that is not. Empty when
/// the patch changes what holds for the whole run.
Result<std::set<NodeId>> kept_nodes(const Base& base, const graph::Graph& after, const Patch& patch,
                                    const RecordedRun& run);

}  // namespace oe::evolve
