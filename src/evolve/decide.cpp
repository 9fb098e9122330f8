#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/evolve/evolve.hpp"

#include "evolve/fallen.hpp"
#include "evolve/proposal_branch.hpp"

namespace oe::evolve {

using ledger::ProposalRecord;
using ledger::ProposalStatus;

namespace {

std::string shown(const ProposalRecord& proposal) {
  return fmt::format("{} ({}: {})", proposal.fingerprint.text.substr(0, 8), to_string(proposal.status),
                     proposal.made.title);
}

Result<void> require_open(const ProposalRecord& proposal) {
  if (proposal.status == ProposalStatus::open) return {};
  return fail(ErrorKind::input, fmt::format("proposal {} is not open", shown(proposal)), "oe proposals lists what is");
}

std::vector<std::string> files_of_change(const ProposalRecord& proposal) {
  const nlohmann::json& change = proposal.made.change.json();
  return change.value("touches", std::vector<std::string>());
}

Result<void> require_clean(const git::Place& place, const ProposalRecord& proposal) {
  OE_TRY(const std::string dirty, git::status(place, files_of_change(proposal)));
  if (dirty.empty()) return {};
  return fail(ErrorKind::failed, "files that the proposal touches have changes of yours:\n" + dirty,
              "commit or stash them, then accept again");
}

// Killed after the decision was recorded and before the branch went: the same command again ends it. Meant to be
// called under the lock; so is newest_record().
Result<bool> finish_decided(const EvolveContext& context, const ProposalRecord& proposal, ProposalStatus decision) {
  if (proposal.status != decision || proposal.branch.empty()) return false;
  OE_TRY(const auto tip, context.repository.branch(proposal.branch));
  if (!tip) return false;
  OE_CHECK(context.repository.delete_branch(proposal.branch));
  return true;
}

// Somebody else may have decided since the caller read the record.
Result<ProposalRecord> newest_record(const EvolveContext& context, const ProposalRecord& seen) {
  OE_TRY(const auto proposals, context.ledger.proposals());
  for (const ProposalRecord& proposal : proposals) {
    if (proposal.fingerprint == seen.fingerprint) return proposal;
  }
  return fail(ErrorKind::input, fmt::format("proposal {} is not in the ledger", shown(seen)));
}

// Like stacked pull requests: the lower one first.
Result<void> require_parent(const EvolveContext& context, const ProposalRecord& proposal) {
  if (proposal.made.parent.empty()) return {};
  OE_TRY(const auto proposals, context.ledger.proposals());
  const auto parent = std::ranges::find(proposals, proposal.made.parent, &ProposalRecord::fingerprint);
  if (parent != proposals.end() && parent->status == ProposalStatus::accepted) return {};
  const std::string own = proposal.fingerprint.text.substr(0, 8), below = proposal.made.parent.text.substr(0, 8);
  const bool is_open = parent != proposals.end() && parent->status == ProposalStatus::open;
  return fail(ErrorKind::failed,
              fmt::format("proposal {} stands on {}, which {}", shown(proposal),
                          parent == proposals.end() ? below : shown(*parent),
                          is_open ? "is not accepted yet" : "cannot be accepted any more"),
              is_open ? fmt::format("oe accept {} first, then oe accept {}", below, own)
                      : fmt::format("look whether it holds without it: oe reject {}, or oe evolve again", own));
}

// The branch as oe made it, or nothing when it is gone: it will be deleted, so nothing of the user's may be on it.
Result<std::optional<git::Oid>> own_tip(const EvolveContext& context, const ProposalRecord& proposal) {
  const std::string& name = proposal.branch;
  if (name.empty()) return std::nullopt;
  OE_TRY(const git::Head head, context.repository.head());
  if (head.branch == name) {
    return fail(ErrorKind::failed, fmt::format("the branch {} is checked out", name),
                "switch to the branch that shall have the change first: git switch -");
  }
  OE_TRY(const auto tip, context.repository.branch(name));
  if (!tip || made_by_oe(proposal, *tip)) return tip;
  return fail(ErrorKind::failed, fmt::format("the branch {} has commits that oe did not make", name),
              fmt::format("keep them with git merge {0}, then git branch -D {0}", name));
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
  for (const ProposalRecord& proposal : matches.empty() ? proposals : matches) candidates += "\n  " + shown(proposal);
  if (proposals.empty()) return fail(ErrorKind::input, "there are no proposals yet", "make some: oe evolve");
  return fail(ErrorKind::input,
              fmt::format("'{}' names {} proposal{}:{}", name, matches.empty() ? "no" : "more than one",
                          matches.empty() ? "" : "s", candidates));
}

Result<git::Oid> accept(const EvolveContext& context, const ProposalRecord& seen) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_TRY(const ProposalRecord proposal, newest_record(context, seen));
  OE_TRY(const bool is_finished, finish_decided(context, proposal, ProposalStatus::accepted));
  if (is_finished) return git::Oid{proposal.commit};
  OE_CHECK(require_open(proposal));
  OE_CHECK(require_parent(context, proposal));
  OE_TRY(const auto tip, own_tip(context, proposal));
  if (!tip) {
    return fail(ErrorKind::failed, fmt::format("branch {} is gone", proposal.branch), "make it again: oe evolve");
  }
  OE_CHECK(require_clean(context.place, proposal));
  OE_TRY(git::Oid commit, git::take_commit(context.place, *tip));
  OE_CHECK(context.ledger.record({proposal.fingerprint, context.clock.now(), ledger::ProposalTaken{commit.text}}));
  OE_CHECK(context.repository.delete_branch(proposal.branch));
  return commit;
}

Result<std::vector<ProposalRecord>> reject(const EvolveContext& context, const ProposalRecord& seen, std::string_view why) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_TRY(const ProposalRecord proposal, newest_record(context, seen));
  OE_TRY(const bool is_finished, finish_decided(context, proposal, ProposalStatus::rejected));
  const std::string cause = fmt::format("was rejected: {}", why);
  if (is_finished) return drop_children(context, proposal.fingerprint, cause);
  if (proposal.status == ProposalStatus::accepted || proposal.status == ProposalStatus::rejected) {
    return fail(ErrorKind::input, fmt::format("proposal {} is closed", shown(proposal)));
  }
  OE_TRY(const auto tip, own_tip(context, proposal));
  const std::string who = fmt::format("{} <{}>", context.identity.name, context.identity.email);
  OE_CHECK(context.ledger.record(
      {proposal.fingerprint, context.clock.now(), ledger::ProposalRefused{std::string(why), who}}));
  OE_TRY(auto fallen, drop_children(context, proposal.fingerprint, cause));
  if (tip) OE_CHECK(context.repository.delete_branch(proposal.branch));
  return fallen;
}

}  // namespace oe::evolve
