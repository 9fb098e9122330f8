#pragma once

#include <filesystem>
#include <vector>

#include "oe/base/redact.hpp"
#include "oe/graph/graph.hpp"

namespace oe::evolve {

/// Of what leaves this machine in a ref: the values of the workflow's secrets and of the keys of models, the given
/// directories and the user's home.
Redactor redactor_for(const graph::Graph& graph, const std::vector<std::filesystem::path>& places);

}  // namespace oe::evolve
