#pragma once

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

/// The open proposals that stand on one that is gone, and those on them, have lost their ground: that is recorded with
/// the reason, and their branches go, but for those with commits of somebody else. Gives what fell. Meant to be called
/// under the lock; may be called again.
Result<std::vector<ledger::ProposalRecord>> drop_children(const EvolveContext& context, const Fingerprint& parent,
                                                          std::string_view why);

}  // namespace oe::evolve
