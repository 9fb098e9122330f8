#pragma once

#include "oe/graph/graph.hpp"

namespace oe::evolve {

/// `on_error` as the format writes it, without what is so by default. A `then: <node>` is an edge and not in it.
Value on_error_value(const graph::OnError& policy);

}  // namespace oe::evolve
