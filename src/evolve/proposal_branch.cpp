#include "evolve/proposal_branch.hpp"

#include <algorithm>

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

Result<sys::FileLock> lock_proposals(const ledger::Ledger& ledger) {
  OE_TRY(auto held, sys::FileLock::try_acquire(ledger.directory() / "evolve.lock"));
  if (held) return std::move(*held);
  return fail(ErrorKind::environment, "another oe evolve, accept or reject is at work in this repository",
              "wait for it and type the command again");
}

bool made_by_oe(const ledger::ProposalRecord& proposal, const git::Oid& commit) {
  return std::find(proposal.commits.begin(), proposal.commits.end(), commit.text) != proposal.commits.end();
}

}  // namespace oe::evolve
