#pragma once

#include "oe/ledger/ledger.hpp"

namespace oe::evolve {

/// Whoever writes proposals or their branches holds this. Errors: environment, when another process does.
Result<sys::FileLock> lock_proposals(const ledger::Ledger& ledger);

}  // namespace oe::evolve
