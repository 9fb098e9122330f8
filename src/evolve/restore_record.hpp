#pragma once

#include <vector>

#include "oe/evolve/evolve.hpp"
#include "oe/git/ref_journal.hpp"

namespace oe::evolve {

/// Whether the proposal that a command was about is another one now than before it.
bool has_decided(const std::vector<ledger::ProposalEvent>& events, const git::RefCommand& command);

/// Brings the proposal that a command was about, and those whose branches it wrote, back to what the record said before it: open
/// again, or never proven. As new events: nothing is taken out of the record. Gives those that are open again; may be
/// called again.
Result<std::vector<Fingerprint>> restore_record(const EvolveContext& context, const git::RefCommand& command);

}  // namespace oe::evolve
