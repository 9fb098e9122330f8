#pragma once

#include <chrono>
#include <cstdint>

#include "oe/exec/executor.hpp"

namespace oe::engine {

/// Whether the policy gives a failed attempt another one: it is not the last, and its failure is of a class that
/// retry_on names.
bool is_tried_again(const graph::OnError& policy, std::uint32_t attempt, const exec::AttemptReport& report);

/// The wait after `failures` failed attempts: linear or exponential, at most the cap. `draw`, in [0, 1), is what jitter
/// makes of it ("full jitter").
std::chrono::milliseconds delay_after(const graph::OnError& policy, std::uint32_t failures, double draw);

}  // namespace oe::engine
