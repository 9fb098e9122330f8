#pragma once

#include "oe/formats/edit.hpp"

namespace oe::evolve {

/// The graph with one parameter set. Errors: failed, for a parameter or node that is not there.
Result<graph::Graph> with_parameter(const graph::Graph& graph, const formats::SetParameter& set);

/// The JSON pointer of the parameter in the workflow file.
std::string parameter_pointer(const graph::Graph& graph, const formats::SetParameter& set);

}  // namespace oe::evolve
