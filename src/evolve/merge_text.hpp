#pragma once

#include <string>

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

/// The message of a merge of the proposal: its title, and the Oe-... lines by which a merge is known and verified.
/// Errors: environment.
Result<std::string> merge_message(const EvolveContext& context, const ledger::ProposalRecord& proposal);

/// The proposal's own message for all that is on its branch up to `tip`, with the others who worked there as
/// "Co-authored-by". Errors: environment.
Result<std::string> squash_message(const EvolveContext& context, const ledger::ProposalRecord& proposal,
                                   const git::Oid& tip);

}  // namespace oe::evolve
