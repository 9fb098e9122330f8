#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "engine/progress.hpp"

namespace oe::engine {

/// Why the node at a position must be skipped, or nothing, once everything before it has ended. `end_of` gives how the
/// node at a position ended.
std::optional<Skip> skip_by_join(const Plan& plan, std::size_t position,
                                 const std::function<const NodeEnd&(std::size_t)>& end_of,
                                 const graph::Lookup& lookup);

}  // namespace oe::engine
