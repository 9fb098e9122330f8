#include "evolve/decision.hpp"

#include <fmt/core.h>

#include "evolve/proposal_branch.hpp"

namespace oe::evolve {

using ledger::ProposalRecord;
using ledger::ProposalStatus;

std::string words_for(const ProposalRecord& proposal) {
  return fmt::format("{} ({}: {})", proposal.fingerprint.text.substr(0, 8), to_string(proposal.status),
                     proposal.made.title);
}

Result<ProposalRecord> newest_record(const EvolveContext& context, const ProposalRecord& seen) {
  OE_TRY(const auto proposals, context.ledger.proposals());
  for (const ProposalRecord& proposal : proposals) {
    if (proposal.fingerprint == seen.fingerprint) return proposal;
  }
  return fail(ErrorKind::input, fmt::format("proposal {} is not in the ledger", words_for(seen)));
}

Result<bool> finish_decided(const EvolveContext& context, const ProposalRecord& proposal, ProposalStatus decision) {
  if (proposal.status != decision || proposal.branch.empty()) return false;
  OE_TRY(const auto tip, context.repository.branch(proposal.branch));
  if (!tip || !made_by_oe(proposal, *tip)) return false;
  OE_CHECK(context.repository.delete_branch(proposal.branch));
  return true;
}

Result<void> require_open(const ProposalRecord& proposal) {
  if (proposal.status == ProposalStatus::open) return {};
  const std::string id = proposal.fingerprint.text.substr(0, 8);
  if ((proposal.status == ProposalStatus::made || proposal.status == ProposalStatus::proven) && !proposal.branch.empty())
    return fail(ErrorKind::input, fmt::format("a trial of proposal {} was cut off", words_for(proposal)),
                fmt::format("oe rebase {} goes on with it, oe undo takes it back", id));
  return fail(ErrorKind::input, fmt::format("proposal {} is not open", words_for(proposal)),
              "oe proposals lists what is");
}

std::string mend_half(const git::Place& place) {
  const std::filesystem::path lock = place.git_dir / "index.lock";
  std::error_code error;
  const std::string first = std::filesystem::exists(lock, error)
                                ? fmt::format("when no git is at work any more: rm '{}'; then ", lock.string())
                                : std::string();
  return fmt::format(
      "git was cut off while it wrote them; look with git diff HEAD, and put them back: {}git restore --source=HEAD "
      "--staged --worktree FILE",
      first);
}

Result<std::optional<git::Oid>> free_tip(const EvolveContext& context, const ProposalRecord& proposal) {
  const std::string& name = proposal.branch;
  if (name.empty()) return std::nullopt;
  OE_TRY(const git::Head head, context.repository.head());
  if (head.branch != name) return context.repository.branch(name);
  return fail(ErrorKind::failed, fmt::format("the branch {} is checked out", name),
              "switch to the branch that shall have the change first: git switch -");
}

Result<void> require_own(const ProposalRecord& proposal, const git::Oid& tip) {
  if (made_by_oe(proposal, tip)) return {};
  const std::string& name = proposal.branch;
  return fail(
      ErrorKind::failed, fmt::format("the branch {} has commits that oe did not make", name),
      fmt::format("take them along with oe accept {1} --merge (or --squash), or keep them with git merge {0}, then "
                  "git branch -D {0}",
                  name, proposal.fingerprint.text.substr(0, 8)));
}

}  // namespace oe::evolve
