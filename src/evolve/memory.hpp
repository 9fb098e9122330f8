#pragma once

#include <vector>

#include "oe/evolve/proposal.hpp"
#include "oe/ledger/proposal_record.hpp"

namespace oe::evolve {

/// What became of earlier proposals, looked up by what they are about.
class Memory {
 public:
  explicit Memory(std::vector<ledger::ProposalRecord> records) : records_(std::move(records)) {}

  /// nullptr when this very change was never proposed. Pointers are good as long as the Memory.
  const ledger::ProposalRecord* same(const Fingerprint& fingerprint) const;
  /// The accepted proposal that took this change back; nullptr when there is none.
  const ledger::ProposalRecord* taken_back_by(const Fingerprint& fingerprint) const;
  /// The newest other proposal of the same family with that status; nullptr when there is none. An open one counts only
  /// where it stands on the same `parent`: what another has been built upon is not moved.
  const ledger::ProposalRecord* relative(const Proposal& proposal, const Fingerprint& fingerprint,
                                         std::string_view workflow, ledger::ProposalStatus status,
                                         const Fingerprint& parent = {}) const;

 private:
  std::vector<ledger::ProposalRecord> records_;
};

}  // namespace oe::evolve
