#pragma once

#include "oe/base/redact.hpp"
#include "oe/git/repository.hpp"
#include "oe/graph/graph.hpp"

namespace oe::evolve {

/// Of what leaves this machine in a ref: the values of the workflow's secrets and of the keys of models, where the
/// repository lies, and the user's home.
Redactor redactor_for(const graph::Graph& graph, const git::Place& place);

}  // namespace oe::evolve
