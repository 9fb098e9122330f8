#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "oe/base/ids.hpp"
#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"

namespace oe::cli {

/// The values of the secrets that nodes of the graph use, from the environment; with `only`, of those nodes at its top.
/// Errors: environment, naming each one that is missing or empty and who uses it.
Result<std::map<std::string, std::string>> secrets_of(const graph::Graph& graph,
                                                      const std::optional<std::set<NodeId>>& only);

/// Whether a node of the graph (or in the body of one) asks for a sandbox, or the whole workflow does.
bool asks_for_sandbox(const graph::Graph& graph);
/// Whether a node of the graph (or in the body of one) is a human one.
bool asks_humans(const graph::Graph& graph);

}  // namespace oe::cli
