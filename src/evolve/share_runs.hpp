#pragma once

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

/// Puts the journals of runs that have ended and are not in refs/oe/runs yet there, by the month in which they began, as
/// one pack for each 64 MiB or less. Gives their number.
Result<std::size_t> share_runs(const EvolveContext& context);

/// "2026-11" of a run's beginning, in UTC.
std::string month_of(Timestamp time);

}  // namespace oe::evolve
