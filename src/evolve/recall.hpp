#pragma once

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

/// A proposal as it was made, from the record and from the evidence that its commit names. Errors: input: the evidence
/// is not here, or the record is not one that oe wrote.
Result<Proposal> recall(const git::Repository& repository, const ledger::ProposalRecord& record);

}  // namespace oe::evolve
