#include "evolve/carrier.hpp"

#include <fmt/core.h>

#include "evolve/fallen.hpp"
#include "evolve/made.hpp"
#include "evolve/proposal_branch.hpp"
#include "evolve/recognise.hpp"
#include "evolve/write_as_user.hpp"

namespace oe::evolve {

namespace {

using Fate = Judged::Fate;

// It may have been told what to write by whatever it was shown.
bool is_code_of_a_model(const Proposal& proposal) {
  const auto* add = std::get_if<AddNode>(&proposal.operation);
  if (add == nullptr || proposal.finding.rule != kModelRule) return false;
  const std::string kind = add->insert.node.get("kind").string_or("");
  return kind != "agent" && kind != "skill" && kind != "dataset" && kind != "human";
}

}  // namespace

Result<std::optional<Judged>> Carrier::carry(const Proposal& original, Descent descent) {
  Judged judged{.proposal = original, .descent = std::move(descent)};
  if (!options_.dry_run) {
    OE_TRY(judged.proposal, minimise(judge_, basis_, original));
  }
  judged.fingerprint = fingerprint(judged.proposal, basis_.base.workflow);
  OE_TRY(auto records, context_.ledger.proposals());
  memory_.emplace(std::move(records));
  OE_TRY(const bool is_known, recognise(context_.repository, basis_.base, *memory_, judged));
  if (is_known) return judged;
  if (!options_.dry_run && judge_.purse->affords(1, {}, context_.clock.monotonic()) == 0) return std::nullopt;
  context_.progress(fmt::format("proving {}: {}", operation_name(original.operation), original.title));
  OE_CHECK(prove(judged));
  return judged;
}

Result<Judged> Carrier::renew(const Proposal& proposal, Descent descent) {
  Judged judged{.proposal = proposal, .descent = std::move(descent)};
  judged.fingerprint = fingerprint(proposal, basis_.base.workflow);
  OE_TRY(auto records, context_.ledger.proposals());
  memory_.emplace(std::move(records));
  context_.progress(fmt::format("proving {} anew: {}", operation_name(proposal.operation), proposal.title));
  OE_CHECK(prove(judged));
  return judged;
}

Result<void> Carrier::prove(Judged& judged) {
  auto patch = render(context_.repository, basis_.base, judged.proposal.operation);
  if (!patch) return give_up(judged, Fate::refused, patch.error());
  auto checked = check(judge_, basis_.base, judged.proposal.operation, *patch);
  if (!checked) return give_up(judged, Fate::refused, checked.error());
  judged.diff = checked->diff;
  if (options_.dry_run) return {};
  const auto tip = free_branch(judged);
  if (!tip) return give_up(judged, Fate::refused, tip.error());
  if (!options_.sandbox && is_code_of_a_model(judged.proposal)) {
    return give_up(judged, Fate::refused,
                   Error(ErrorKind::failed, "code that a model wrote is tried in a sandbox only"));
  }
  OE_CHECK(record(judged, made(judged, basis_.base, *patch)));
  auto proven = validate(judge_, basis_, judged.proposal, *checked, judged.outcome);
  if (!proven) return give_up(judged, Fate::unproven, proven.error());
  judged.effect = proven->effect();
  OE_CHECK(record(judged, ledger::PatchAccepted{judged.effect, judged.outcome}));
  return commit(judged, *proven, *tip);
}

std::string Carrier::branch_of(const Judged& judged) const {
  const auto* same = memory_->same(judged.fingerprint);
  if (same != nullptr && !same->branch.empty()) return same->branch;
  return judged.supersedes ? judged.supersedes->branch : branch_name(judged.proposal, judged.fingerprint);
}

// Where the branch is now, if it may move: one that is checked out, or that has commits of somebody else, stays as it
// is.
Result<std::optional<git::Oid>> Carrier::free_branch(const Judged& judged) const {
  const std::string name = branch_of(judged);
  OE_TRY(const git::Head head, context_.repository.head());
  if (head.branch == name) {
    return fail(ErrorKind::failed, fmt::format("the branch {} is checked out", name),
                "switch to another branch first: git switch -");
  }
  OE_TRY(auto tip, context_.repository.branch(name));
  const auto* same = memory_->same(judged.fingerprint);
  const auto is_ours = [&](const ledger::ProposalRecord& record) { return made_by_oe(record, *tip); };
  if (!tip || (same != nullptr && is_ours(*same)) || (judged.supersedes && is_ours(*judged.supersedes))) return tip;
  return fail(ErrorKind::failed, fmt::format("the branch {} has commits that oe did not make", name),
              fmt::format("look at it (git log {0}) and delete it: git branch -D {0}", name));
}

// The record comes before the ref: whatever a kill leaves on the branch is known to be ours.
Result<void> Carrier::commit(Judged& judged, const ValidatedPatch& proven, const std::optional<git::Oid>& tip) {
  const std::string name = branch_of(judged);
  OE_TRY(const git::CommitDraft draft, draft_proposal(judge_, basis_, judged.proposal, judged.fingerprint, proven));
  const auto written = write_as_user(context_, options_.commits, draft);
  if (!written) return give_up(judged, Fate::unproven, written.error());
  const git::Oid& commit = *written;
  OE_CHECK(record(judged, ledger::ProposalCommitted{name, commit.text}));
  const auto moved = context_.repository.set_branch(name, commit, tip);
  if (!moved) return give_up(judged, Fate::unproven, moved.error());
  judged.branch = name;
  judged.commit = commit.text;
  judged.fate = Fate::committed;
  return judged.supersedes ? close_superseded(judged) : Result<void>();
}

Result<void> Carrier::close_superseded(const Judged& judged) {
  const Fingerprint& old = judged.supersedes->fingerprint;
  const std::string by = "superseded by " + judged.fingerprint.text.substr(0, 8);
  OE_CHECK(context_.ledger.record({old, context_.clock.now(), ledger::PatchRejected{by}}));
  OE_CHECK(drop_children(context_, old, "was " + by));
  return {};
}

// What is wrong with one proposal, or with the file that it is about, is no reason to drop the others.
Result<void> Carrier::give_up(Judged& judged, Fate fate, const Error& error) {
  if (error.kind() != ErrorKind::failed && error.kind() != ErrorKind::input) return fail(error);
  judged.fate = fate;
  judged.reason = error.to_string();
  if (options_.dry_run || fate == Fate::refused) return {};
  return record(judged, ledger::PatchRejected{judged.reason, judged.outcome});
}

Result<void> Carrier::record(const Judged& judged, ledger::ProposalBody body) {
  return context_.ledger.record({judged.fingerprint, context_.clock.now(), std::move(body)});
}

}  // namespace oe::evolve
