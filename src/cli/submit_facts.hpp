#pragma once

#include <string>

#include "oe/forge/body.hpp"
#include "oe/ledger/ledger.hpp"

#include "cli/session.hpp"

namespace oe::cli {

/// What the record says of a proposal, as its change request shows it. `commit` is what the branch has. Paths of this
/// machine in log lines are cut down.
forge::BodyFacts submit_facts(const Session& session, const ledger::ProposalRecord& proposal, const std::string& remote,
                              const std::string& commit);

}  // namespace oe::cli
