#pragma once

#include <string>

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

// What all decisions on a proposal begin with. Meant to be called under the lock.

/// "1a2b3c4d (open: its title)".
std::string words_for(const ledger::ProposalRecord& proposal);

/// As the ledger has it now: somebody else may have decided since the caller read the record. Errors: input.
Result<ledger::ProposalRecord> newest_record(const EvolveContext& context, const ledger::ProposalRecord& seen);

/// Ends a decision that was killed after it was recorded and before the branch went; false when there was none.
Result<bool> finish_decided(const EvolveContext& context, const ledger::ProposalRecord& proposal,
                            ledger::ProposalStatus decision);

/// Error: input, when it was decided already or never proven.
Result<void> require_open(const ledger::ProposalRecord& proposal);

/// What to type where git was killed while it wrote files of the user's: he had no changes in them before.
std::string mend_half(const git::Place& place);

/// The branch as it is now; nothing when it is gone. Error: failed, when it is checked out here.
Result<std::optional<git::Oid>> free_tip(const EvolveContext& context, const ledger::ProposalRecord& proposal);

/// Nothing of the user's may be on a branch that is to be deleted. Error: failed, with what to type.
Result<void> require_own(const ledger::ProposalRecord& proposal, const git::Oid& tip);

}  // namespace oe::evolve
