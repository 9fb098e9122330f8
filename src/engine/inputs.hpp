#pragma once

#include <map>
#include <optional>
#include <string>

#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"

namespace oe::engine {

/// The declared inputs of a graph from what the caller gave: defaults filled in, types checked, unknown names refused
/// with "did you mean". A graph that declares none takes everything as it is. Errors: usage, naming the input.
Result<Value> bind_inputs(const graph::Graph& graph, const Value& given);

/// The declared outputs that are set, as an object; nothing for a graph that declares none.
std::optional<Value> outputs_of(const graph::Graph& graph, const std::map<std::string, Value>& state);

}  // namespace oe::engine
