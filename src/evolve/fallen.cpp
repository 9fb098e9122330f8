#include "evolve/fallen.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>

#include "evolve/proposal_branch.hpp"

namespace oe::evolve {

namespace {

Result<void> drop(const EvolveContext& context, const ledger::ProposalRecord& child, const Fingerprint& parent,
                  std::string_view why) {
  const std::string reason = fmt::format("stood on {}, which {}", parent.text.substr(0, 8), why);
  OE_CHECK(context.ledger.record({child.fingerprint, context.clock.now(), ledger::PatchRejected{reason}}));
  OE_TRY(const git::Head head, context.repository.head());
  OE_TRY(const auto tip, context.repository.branch(child.branch));
  if (!tip || !made_by_oe(child, *tip) || head.branch == child.branch) return {};
  return context.repository.delete_branch(child.branch);
}

}  // namespace

Result<std::vector<ledger::ProposalRecord>> drop_children(const EvolveContext& context, const Fingerprint& parent,
                                                          std::string_view why) {
  std::vector<ledger::ProposalRecord> fallen;
  OE_TRY(const auto records, context.ledger.proposals());
  for (const ledger::ProposalRecord& child : records) {
    if (child.made.parent != parent || child.status != ledger::ProposalStatus::open) continue;
    OE_CHECK(drop(context, child, parent, why));
    fallen.push_back(child);
    OE_TRY(auto deeper, drop_children(context, child.fingerprint, "has lost its own ground"));
    std::ranges::move(deeper, std::back_inserter(fallen));
  }
  return fallen;
}

}  // namespace oe::evolve
