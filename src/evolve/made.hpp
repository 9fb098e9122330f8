#pragma once

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// What the ledger keeps of a proposal that will be tried on the base.
ledger::ProposalMade made(const Judged& judged, const Base& base, const Patch& patch);

}  // namespace oe::evolve
