#pragma once

#include <chrono>
#include <vector>

#include "oe/engine/forecast.hpp"

namespace oe::engine {

/// How long the counted nodes take together at the plan's concurrency; `nodes` in the order of the plan.
std::chrono::microseconds expected_duration(const Plan& plan, const std::vector<NodeForecast>& nodes);

}  // namespace oe::engine
