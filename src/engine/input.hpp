#pragma once

#include <cstddef>

#include "engine/frame.hpp"

namespace oe::engine {

/// What an attempt is called with (AttemptSpec::input): the arguments of the run, over them those of the node with their
/// paths resolved, over them $item, $index, $iter and the like, _state and _edge_inputs; $run and $nodes.<id> only where
/// a text of the node has a placeholder for them, or equal work would not look equal.
Value attempt_input(const Frame& frame, std::size_t position);

}  // namespace oe::engine
