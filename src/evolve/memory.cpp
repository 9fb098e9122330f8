#include "evolve/memory.hpp"

#include <algorithm>

namespace oe::evolve {

const ledger::ProposalRecord* Memory::same(const Fingerprint& fingerprint) const {
  const auto record = std::ranges::find(records_, fingerprint, &ledger::ProposalRecord::fingerprint);
  return record == records_.end() ? nullptr : &*record;
}

const ledger::ProposalRecord* Memory::taken_back_by(const Fingerprint& fingerprint) const {
  const auto record = std::ranges::find_if(records_, [&](const ledger::ProposalRecord& candidate) {
    return candidate.status == ledger::ProposalStatus::accepted && candidate.made.operation == "revert" &&
           candidate.made.change.get("proposal").string_or("") == fingerprint.text;
  });
  return record == records_.end() ? nullptr : &*record;
}

const ledger::ProposalRecord* Memory::relative(const Proposal& proposal, const Fingerprint& fingerprint,
                                               std::string_view workflow, ledger::ProposalStatus status,
                                               const Fingerprint& parent) const {
  const std::string wanted = family(to_value(proposal.operation), workflow);
  const auto record = std::find_if(records_.rbegin(), records_.rend(), [&](const ledger::ProposalRecord& candidate) {
    const bool is_elsewhere = status == ledger::ProposalStatus::open && candidate.made.parent != parent;
    return candidate.status == status && !is_elsewhere && candidate.fingerprint != fingerprint &&
           candidate.made.workflow == workflow && family(candidate.made.change, workflow) == wanted;
  });
  return record == records_.rend() ? nullptr : &*record;
}

}  // namespace oe::evolve
