#include <algorithm>
#include <fmt/core.h>

#include "oe/evolve/evolve.hpp"

#include "evolve/decision.hpp"
#include "evolve/fallen.hpp"

namespace oe::evolve {

using ledger::ProposalRecord;
using ledger::ProposalStatus;

namespace {

// The branch, or nothing when it is gone: it will be deleted, so nothing of the user's may be on it.
Result<std::optional<git::Oid>> own_tip(const EvolveContext& context, const ProposalRecord& proposal) {
  OE_TRY(const auto tip, free_tip(context, proposal));
  if (tip) OE_CHECK(require_own(proposal, *tip));
  return tip;
}

}  // namespace

Result<ProposalRecord> find_proposal(const ledger::Ledger& ledger, std::string_view name) {
  OE_TRY(const auto proposals, ledger.proposals());
  const auto on_branch = std::find_if(proposals.rbegin(), proposals.rend(), [&](const ProposalRecord& proposal) {
    return proposal.branch == name && !proposal.branch.empty();
  });
  if (on_branch != proposals.rend()) return *on_branch;  // the newest: it may have taken the branch over
  std::vector<ProposalRecord> matches;
  for (const ProposalRecord& proposal : proposals) {
    if (!name.empty() && proposal.fingerprint.text.starts_with(name)) matches.push_back(proposal);
  }
  if (matches.size() == 1) return matches.front();
  std::string candidates;
  for (const ProposalRecord& proposal : matches.empty() ? proposals : matches) candidates += "\n  " + words_for(proposal);
  if (proposals.empty()) return fail(ErrorKind::input, "there are no proposals yet", "make some: oe evolve");
  return fail(ErrorKind::input,
              fmt::format("'{}' names {} proposal{}:{}", name, matches.empty() ? "no" : "more than one",
                          matches.empty() ? "" : "s", candidates));
}

Result<std::vector<ProposalRecord>> reject(const EvolveContext& context, const ProposalRecord& seen, std::string_view why) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_TRY(const ProposalRecord proposal, newest_record(context, seen));
  OE_TRY(const bool is_finished, finish_decided(context, proposal, ProposalStatus::rejected));
  const std::string cause = fmt::format("was rejected: {}", why);
  if (is_finished) return drop_children(context, proposal.fingerprint, cause);
  if (proposal.status == ProposalStatus::accepted || proposal.status == ProposalStatus::rejected) {
    return fail(ErrorKind::input, fmt::format("proposal {} is closed", words_for(proposal)));
  }
  OE_TRY(const auto tip, own_tip(context, proposal));
  if (context.refs != nullptr) OE_CHECK(context.refs->announce());
  const std::string who = fmt::format("{} <{}>", context.identity.name, context.identity.email);
  OE_CHECK(context.ledger.record(
      {proposal.fingerprint, context.clock.now(), ledger::ProposalRefused{std::string(why), who}}));
  OE_TRY(auto fallen, drop_children(context, proposal.fingerprint, cause));
  if (tip) OE_CHECK(context.repository.delete_branch(proposal.branch));
  return fallen;
}

}  // namespace oe::evolve
