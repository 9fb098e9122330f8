#pragma once

#include <vector>

#include "oe/engine/plan.hpp"

namespace oe::engine {

/// Fills in waits_for of nodes that stand at their positions with predecessors and conditions, and returns the
/// joins that they name. Links stay linear in the number of reads and writes: a reader waits for one point per
/// field, behind which all earlier writers of that field have ended. A node whose status or output is read is waited for,
/// too.
std::vector<Join> link_hazards(const std::vector<graph::StateField>& state, std::vector<PlannedNode>& nodes);

/// fields_needed() for a node whose conditions are parsed already.
std::vector<std::string> fields_needed(const graph::Node& node,
                                       const std::vector<std::optional<graph::Expression>>& conditions);

}  // namespace oe::engine
