#pragma once

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

#include "evolve/memory.hpp"

namespace oe::evolve {

/// Whether the ledger has an answer already, which `judged` then says: what is open or was rejected is not made again;
/// nor is another value of what was rejected, as long as it is the same kind of evidence that speaks for it. Otherwise
/// `judged` says which open proposal it would take the place of. Errors: those of git.
Result<bool> recognise(const git::Repository& repository, const Base& base, const Memory& memory, Judged& judged);

}  // namespace oe::evolve
