#pragma once

#include <string>

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

/// What became of a proposal that was made again on a newer base.
struct Rebased {
  Judged judged;
  bool is_closed = false;  ///< it does not hold there: its branch is gone. Neither this nor committed: all is as it was
  git::Oid old_base;
  git::Oid old_commit;
  git::Oid base;
  std::string range_diff;  ///< as git has it, from the old commit to the new one; empty when there is none
};

/// Applies the operation of an open proposal anew to what it stands on now: HEAD, or the branch of the proposal below
/// it. Everything that a fresh proposal has to pass it has to pass again, and its proof is made anew; the old one does
/// not count. Of the options it heeds limits, sandbox, commits and alpha. Errors: input (it is not open, or stands
/// there already), failed (its branch is gone or has commits of somebody else, its base has another value by now),
/// environment.
Result<Rebased> rebase(const EvolveContext& context, const ledger::ProposalRecord& proposal,
                       const EvolveOptions& options);

}  // namespace oe::evolve
