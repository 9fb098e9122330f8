#pragma once

#include <map>
#include <string>

#include "oe/graph/graph.hpp"

namespace oe::evolve {

/// What a node of a trial sees in its environment only when it lists it, name -> value: the secrets that the workflow
/// declares and the keys of all models, as far as they are set. Code that a model wrote runs in trials.
std::map<std::string, std::string> trial_secrets(const graph::Graph& graph);

/// The same graph with every key of a model listed by the nodes that call a coding agent, which may be logged in by
/// one.
graph::Graph with_keys_for_agents(graph::Graph graph);

}  // namespace oe::evolve
