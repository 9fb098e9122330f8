#include "oe/evolve/rebase.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/git/exchange.hpp"
#include "oe/git/program.hpp"

#include "evolve/carrier.hpp"
#include "evolve/consent.hpp"
#include "evolve/decision.hpp"
#include "evolve/fallen.hpp"
#include "evolve/gather.hpp"
#include "evolve/ground.hpp"
#include "evolve/judge_for.hpp"
#include "evolve/parameter.hpp"
#include "evolve/proposal_branch.hpp"
#include "evolve/recall.hpp"
#include "evolve/restore_record.hpp"

namespace oe::evolve {

namespace {

using ledger::ProposalRecord;
using ledger::ProposalStatus;

std::string short_id(const git::Oid& id) {
  return id.text.substr(0, 12);
}

/// What a proposal stands on by now: the workflow at HEAD, or a proposal that is open.
struct Footing {
  git::Oid commit;
  std::optional<ProposalRecord> parent;
};

Result<Footing> footing_of(const EvolveContext& context, const ProposalRecord& proposal) {
  OE_TRY(const git::Head head, context.repository.head());
  if (!head.commit)
    return fail(ErrorKind::input, "there is no commit yet", "commit the workflow: git add . && git commit");
  if (proposal.made.parent.empty()) return Footing{*head.commit, {}};
  OE_TRY(const auto records, context.ledger.proposals());
  const auto parent = std::ranges::find(records, proposal.made.parent, &ProposalRecord::fingerprint);
  if (parent != records.end() && parent->status == ProposalStatus::accepted) return Footing{*head.commit, {}};
  if (parent != records.end() && parent->status == ProposalStatus::open) return Footing{{parent->commit}, *parent};
  return fail(ErrorKind::failed, fmt::format("what {} stands on is not open any more", words_for(proposal)),
              "look whether it holds without it: oe evolve");
}

Result<void> require_stale(const EvolveContext& context, const ProposalRecord& proposal, const Footing& footing) {
  if (footing.commit.text == proposal.made.base)
    return fail(ErrorKind::input,
                fmt::format("proposal {} stands on {} already", words_for(proposal), short_id(footing.commit)),
                fmt::format("oe accept {}", proposal.fingerprint.text.substr(0, 8)));
  OE_TRY(const bool is_merged, git::is_ancestor(context.place, {proposal.commit}, footing.commit));
  if (!is_merged) return {};
  return fail(ErrorKind::input, fmt::format("proposal {} is in the history already", words_for(proposal)),
              fmt::format("say so: oe accept {}", proposal.fingerprint.text.substr(0, 8)));
}

Result<Value> value_at(const Base& base, const formats::SetParameter& set) {
  const doc::Document& document = base.reading.document;
  OE_TRY(const std::string pointer, parameter_pointer(document, set));
  const doc::Node* node = document.at(pointer);
  return node == nullptr ? Value() : doc::to_value(*node);
}

// Somebody has decided about the very value since: that is for a new proposal to look at.
Result<void> require_untouched(const Base& before, const Base& after, const Operation& operation) {
  const auto* tune = std::get_if<TuneParam>(&operation);
  if (tune == nullptr) return {};
  OE_TRY(const Value was, value_at(before, tune->set));
  OE_TRY(const Value is, value_at(after, tune->set));
  if (was == is) return {};
  return fail(ErrorKind::failed,
              fmt::format("{} was {} where the proposal was made, and is {} at {}", tune->set.name, was.dump(),
                          is.dump(), short_id(after.commit)),
              "oe evolve looks at what it is now; to close the proposal: oe reject ID --why ...");
}

// The runs that it cites; where they are not here (they were trials, or another clone's), the newest ones.
Result<Selection> runs_for(const EvolveContext& context, const ProposalRecord& proposal) {
  EvolveOptions named{.runs = proposal.made.runs};
  auto selection = select_runs(context.ledger, named, context.place);
  if (selection && !proposal.made.runs.empty()) return selection;
  return select_runs(context.ledger, {.workflow = proposal.made.workflow}, context.place);
}

Result<std::unique_ptr<Ground>> ground_for(const EvolveContext& context, const JudgeContext& judge, Base root,
                                           const ProposalRecord& proposal, const Footing& footing) {
  if (!footing.parent) {
    OE_TRY(const Selection selection, runs_for(context, proposal));
    OE_TRY(Evidence evidence, gather(context.ledger, context.repository, root, selection));
    return std::make_unique<Ground>(
        std::move(root), std::move(evidence), std::vector<RecordedRun>(),
        [&ledger = context.ledger](const RunId& run, const auto& each) { return ledger.read(run, each); });
  }
  const Judged parent{.proposal = {},
                      .fingerprint = footing.parent->fingerprint,
                      .commit = footing.commit.text,
                      .outcome = footing.parent->outcome};
  OE_TRY(auto ground, Ground::of_proposal(judge, root, parent));
  if (ground) return ground;
  return fail(ErrorKind::failed, "the trials of what it stands on are not on record any more",
              fmt::format("accept that first: oe accept {}", parent.fingerprint.text.substr(0, 8)));
}

Result<std::string> range_diff(const git::Place& place, const Rebased& done) {
  OE_TRY(const git::GitAnswer answer,
         git::run_git({.directory = place.root,
                       .arguments = {"range-diff", "--no-color", done.old_base.text + ".." + done.old_commit.text,
                                     done.base.text + ".." + done.judged.commit}}));
  if (answer.code != 0) return fail(git::git_error(ErrorKind::environment, "comparing the two versions", answer));
  return answer.out;
}

// One that does not hold on its new base is closed.
Result<void> close(const EvolveContext& context, const ProposalRecord& proposal) {
  OE_CHECK(drop_children(context, proposal.fingerprint, "does not hold on its new base"));
  return context.repository.delete_branch(proposal.branch);
}

// The record goes back to what it said before so many events: the proposal is open where it was.
Result<void> leave_open(const EvolveContext& context, const ProposalRecord& proposal, std::size_t events) {
  const git::RefCommand command{.words = "oe rebase", .events = events, .proposal = proposal.fingerprint.text};
  OE_CHECK(restore_record(context, command));
  return {};
}

// One that was killed begins anew: the proposal is open where it was. Unless all of it was done.
Result<void> settle_killed(const EvolveContext& context, const ProposalRecord& seen) {
  if (context.refs == nullptr || context.refs->command().id.empty()) return {};
  OE_TRY(const ProposalRecord proposal, newest_record(context, seen));
  OE_TRY(const auto tip, context.repository.branch(proposal.branch));
  const bool is_done = proposal.status == ProposalStatus::open && tip && tip->text == proposal.commit;
  return is_done ? Result<void>() : leave_open(context, proposal, context.refs->command().events.value_or(0));
}

/// A fresh proof decides; what kept it from being made, or only a hook that refused the commit, changes nothing.
Result<void> renew(const EvolveContext& context, Carrier& carrier, const ProposalRecord& proposal, const Proposal& made,
                   Rebased& done) {
  OE_TRY(const auto events, context.ledger.proposal_events());
  if (context.refs != nullptr) OE_CHECK(context.refs->announce());
  auto judged = carrier.renew(made, {proposal.made.parent, proposal.made.generation, proposal.made.arm});
  done.is_closed = judged && judged->fate == Judged::Fate::unproven && judged->effect.empty();
  if (done.is_closed) OE_CHECK(close(context, proposal));
  const bool is_done = judged && judged->fate == Judged::Fate::committed;
  if (!is_done && !done.is_closed) OE_CHECK(leave_open(context, proposal, events.size()));
  if (!judged) return fail(judged.error());
  done.judged = std::move(*judged);
  return {};
}

Result<ProposalRecord> require_rebasable(const EvolveContext& context, const ProposalRecord& seen) {
  OE_TRY(ProposalRecord proposal, newest_record(context, seen));
  OE_CHECK(require_open(proposal));
  OE_TRY(const auto tip, free_tip(context, proposal));
  if (!tip)
    return fail(ErrorKind::failed, fmt::format("branch {} is gone", proposal.branch), "make it again: oe evolve");
  OE_CHECK(require_own(proposal, *tip));
  return proposal;
}

}  // namespace

Result<Rebased> rebase(const EvolveContext& context, const ProposalRecord& seen, const EvolveOptions& options) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_CHECK(git::remove_leftover_worktrees(context.place, context.ledger.directory() / "worktrees"));
  OE_CHECK(settle_killed(context, seen));
  OE_TRY(const ProposalRecord proposal, require_rebasable(context, seen));
  OE_TRY(const Footing footing, footing_of(context, proposal));
  OE_CHECK(require_stale(context, proposal, footing));
  OE_TRY(const Proposal made, recall(context.repository, proposal));
  OE_TRY(const Base before, read_base(context.repository, {proposal.made.base}, proposal.made.workflow));
  OE_TRY(Base root, read_base(context.repository, footing.commit, proposal.made.workflow));
  OE_CHECK(require_untouched(before, root, made.operation));
  OE_CHECK(git::check_signing(context.place, footing.commit));

  Purse purse(options.limits, context.clock.monotonic());
  OE_TRY(JudgeContext judge, judge_for(context, root, purse, options.sandbox));
  judge.alpha = options.alpha;
  OE_TRY(const auto ground, ground_for(context, judge, std::move(root), proposal, footing));
  OE_CHECK(check_consent(context, judge, ground->base()));
  Carrier carrier(context, options, judge, ground->basis());
  Rebased done{.judged = {},
               .is_closed = false,
               .old_base = {proposal.made.base},
               .old_commit = {proposal.commit},
               .base = footing.commit,
               .range_diff = {}};
  OE_CHECK(renew(context, carrier, proposal, made, done));
  if (done.judged.fate == Judged::Fate::committed) {
    OE_TRY(done.range_diff, range_diff(context.place, done));
  }
  return done;
}

}  // namespace oe::evolve
