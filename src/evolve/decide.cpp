#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/evolve/evolve.hpp"

#include "evolve/lock.hpp"

namespace oe::evolve {

using ledger::ProposalRecord;

Result<sys::FileLock> lock_proposals(const ledger::Ledger& ledger) {
  OE_TRY(auto held, sys::FileLock::try_acquire(ledger.directory() / "evolve.lock"));
  if (held) return std::move(*held);
  return fail(ErrorKind::environment, "another oe evolve, accept or reject is at work in this repository",
              "wait for it and type the command again");
}

namespace {

std::string shown(const ProposalRecord& proposal) {
  return fmt::format("{} ({}: {})", proposal.fingerprint.text.substr(0, 8), to_string(proposal.status),
                     proposal.made.title);
}

Result<void> require_open(const ProposalRecord& proposal) {
  if (proposal.status == ledger::ProposalStatus::open) return {};
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

}  // namespace

Result<ProposalRecord> find_proposal(const ledger::Ledger& ledger, std::string_view name) {
  OE_TRY(const auto proposals, ledger.proposals());
  std::vector<ProposalRecord> matches;
  for (const ProposalRecord& proposal : proposals) {
    if (proposal.branch == name && !proposal.branch.empty()) return proposal;
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

Result<git::Oid> accept(const EvolveContext& context, const ProposalRecord& proposal) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_CHECK(require_open(proposal));
  OE_CHECK(require_clean(context.place, proposal));
  OE_TRY(const auto tip, context.repository.branch(proposal.branch));
  if (!tip) {
    return fail(ErrorKind::failed, fmt::format("branch {} is gone", proposal.branch), "make it again: oe evolve");
  }
  OE_TRY(git::Oid commit, git::take_commit(context.place, *tip));
  OE_CHECK(context.ledger.record({proposal.fingerprint, context.clock.now(), ledger::ProposalTaken{commit.text}}));
  OE_CHECK(context.repository.delete_branch(proposal.branch));
  return commit;
}

Result<void> reject(const EvolveContext& context, const ProposalRecord& proposal, std::string_view why) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  if (proposal.status == ledger::ProposalStatus::accepted || proposal.status == ledger::ProposalStatus::rejected) {
    return fail(ErrorKind::input, fmt::format("proposal {} is closed", shown(proposal)));
  }
  const std::string who = fmt::format("{} <{}>", context.identity.name, context.identity.email);
  OE_CHECK(context.ledger.record(
      {proposal.fingerprint, context.clock.now(), ledger::ProposalRefused{std::string(why), who}}));
  return proposal.branch.empty() ? Result<void>() : context.repository.delete_branch(proposal.branch);
}

}  // namespace oe::evolve
