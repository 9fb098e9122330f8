#pragma once

#include "oe/git/repository.hpp"
#include "oe/ledger/ledger.hpp"

namespace oe::evolve {

/// Whether the commit is one that oe put on the proposal's branch; if not, it is the user's and stays.
bool made_by_oe(const ledger::ProposalRecord& proposal, const git::Oid& commit);

}  // namespace oe::evolve
