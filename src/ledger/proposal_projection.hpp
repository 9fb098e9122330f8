#pragma once

#include "oe/db/database.hpp"
#include "oe/ledger/proposal_record.hpp"

namespace oe::ledger {

/// Makes the rows of all proposals again. Call inside a transaction.
Result<void> write_proposals(db::Database& database, const std::vector<ProposalRecord>& records);

}  // namespace oe::ledger
