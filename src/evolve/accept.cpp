#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/evolve/evolve.hpp"
#include "oe/git/exchange.hpp"
#include "oe/git/take.hpp"

#include "evolve/decision.hpp"
#include "evolve/merge_text.hpp"
#include "evolve/proposal_branch.hpp"
#include "evolve/write_as_user.hpp"

namespace oe::evolve {

using ledger::ProposalRecord;
using ledger::ProposalStatus;
using Way = AcceptOptions::Way;

namespace {

// Like stacked pull requests: the lower one first.
Result<void> require_parent(const EvolveContext& context, const ProposalRecord& proposal) {
  if (proposal.made.parent.empty()) return {};
  OE_TRY(const auto proposals, context.ledger.proposals());
  const auto parent = std::ranges::find(proposals, proposal.made.parent, &ProposalRecord::fingerprint);
  if (parent != proposals.end() && parent->status == ProposalStatus::accepted) return {};
  const std::string own = proposal.fingerprint.text.substr(0, 8), below = proposal.made.parent.text.substr(0, 8);
  const bool is_open = parent != proposals.end() && parent->status == ProposalStatus::open;
  return fail(ErrorKind::failed,
              fmt::format("proposal {} stands on {}, which {}", words_for(proposal),
                          parent == proposals.end() ? below : words_for(*parent),
                          is_open ? "is not accepted yet" : "cannot be accepted any more"),
              is_open ? fmt::format("oe accept {} first, then oe accept {}", below, own)
                      : fmt::format("look whether it holds without it: oe reject {}, or oe evolve again", own));
}

/// What is taken: the branch as it is now, and whether somebody else has worked on it.
struct Offer {
  git::Oid tip;
  bool has_others = false;
  std::vector<std::string> files;
};

Result<Offer> offer_of(const EvolveContext& context, const ProposalRecord& proposal, Way way) {
  OE_TRY(const auto tip, free_tip(context, proposal));
  if (!tip)
    return fail(ErrorKind::failed, fmt::format("branch {} is gone", proposal.branch), "make it again: oe evolve");
  Offer offer{.tip = *tip, .has_others = !made_by_oe(proposal, *tip)};
  if (!offer.has_others) {
    offer.files = proposal.made.change.json().value("touches", std::vector<std::string>());
    return offer;
  }
  if (way == Way::forward || way == Way::pick) OE_CHECK(require_own(proposal, *tip));
  const git::Oid base{proposal.made.base};
  OE_TRY(const bool stands_on_base, git::is_ancestor(context.place, base, *tip));
  if (!stands_on_base)
    return fail(ErrorKind::failed,
                fmt::format("the branch {} does not stand on {} any more", proposal.branch, base.text),
                fmt::format("merge it by hand: git merge {}", proposal.branch));
  OE_TRY(offer.files, git::changed_paths(context.place, base, *tip));
  return offer;
}

Result<void> require_clean(const EvolveContext& context, const Offer& offer) {
  OE_TRY(const std::string dirty, git::status(context.place, offer.files));
  if (dirty.empty()) return {};
  if (context.refs != nullptr && context.refs->command().move)
    return fail(ErrorKind::failed, "files that the proposal touches are not as HEAD has them:\n" + dirty,
                mend_half(context.place) + ", then accept again");
  return fail(ErrorKind::failed, "files that the proposal touches have changes of yours:\n" + dirty,
              "commit or stash them, then accept again");
}

/// All that is on the branch as one commit on the proposal's base; no ref names it yet.
Result<git::Oid> squashed(const EvolveContext& context, const ProposalRecord& proposal, const Offer& offer,
                          const AcceptOptions& options) {
  OE_TRY(const git::Commit tip, context.repository.commit(offer.tip));
  OE_TRY(const std::string message, squash_message(context, proposal, offer.tip));
  return write_as_user(context, {.signoff = options.signoff, .verify = options.verify},
                       {.tree = tip.tree, .parent = {proposal.made.base}, .message = message});
}

Result<git::Oid> take(const EvolveContext& context, const ProposalRecord& proposal, const Offer& offer,
                      const AcceptOptions& options) {
  using Taking = git::TakeOptions::Way;
  git::TakeOptions taking{.base = {proposal.made.base}, .signoff = options.signoff, .verify = options.verify};
  if (options.way == Way::squash) {
    OE_TRY(const git::Oid one, squashed(context, proposal, offer, options));
    taking.names_origin = taking.signoff = false;
    return git::take_commit(context.place, one, taking);
  }
  if (options.way == Way::pick) taking.way = Taking::pick;
  if (options.way == Way::merge) {
    taking.way = Taking::merge;
    OE_TRY(taking.message, merge_message(context, proposal));
  }
  return git::take_commit(context.place, offer.tip, taking);
}

/// The same, with what it does to the current branch in the journal: that it is moved, before, and where to.
Result<git::Oid> take_noted(const EvolveContext& context, const ProposalRecord& proposal, const Offer& offer,
                            const AcceptOptions& options) {
  if (context.refs == nullptr) return take(context, proposal, offer, options);
  OE_TRY(const git::Head before, context.repository.head());
  const std::string name = before.branch.empty() ? "HEAD" : "refs/heads/" + before.branch;
  OE_CHECK(context.refs->begin_move({name, before.commit}));
  auto after = take(context, proposal, offer, options);
  OE_CHECK(context.refs->note({name, before.commit, after ? std::optional(*after) : before.commit}));
  return after;
}

/// Where an accept that was killed has moved the current branch; nothing: it had not come so far.
Result<std::optional<git::Oid>> taken_before(const EvolveContext& context, const ProposalRecord& proposal) {
  if (context.refs == nullptr || !context.refs->command().move) return std::nullopt;
  OE_TRY(const auto moved,
         git::outcome_of(context.place, *context.refs->command().move, proposal.fingerprint.text));
  if (!moved) return std::nullopt;
  OE_CHECK(git::check_nothing_unfinished(context.place));  // git was killed, too, and has not tidied up
  OE_CHECK(context.refs->note(*moved));
  return moved->after;
}

Result<git::Oid> take_once(const EvolveContext& context, const ProposalRecord& proposal, const Offer& offer,
                           const AcceptOptions& options, const std::optional<git::Oid>& taken) {
  if (taken) return *taken;
  OE_CHECK(require_clean(context, offer));
  return take_noted(context, proposal, offer, options);
}

}  // namespace

Result<Accepted> accept(const EvolveContext& context, const ProposalRecord& seen, const AcceptOptions& options) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_TRY(const ProposalRecord proposal, newest_record(context, seen));
  OE_TRY(const auto taken, taken_before(context, proposal));
  OE_TRY(const bool is_finished, finish_decided(context, proposal, ProposalStatus::accepted));
  if (is_finished) return Accepted{taken.value_or(git::Oid{proposal.commit}), {}};
  OE_CHECK(require_open(proposal));
  OE_CHECK(require_parent(context, proposal));
  OE_TRY(const Offer offer, offer_of(context, proposal, options.way));
  OE_TRY(const git::Oid commit, take_once(context, proposal, offer, options, taken));
  OE_CHECK(context.ledger.record({proposal.fingerprint, context.clock.now(), ledger::ProposalTaken{commit.text}}));
  // The commits of others are in the history of a merge; of a squash they are not.
  if (offer.has_others && options.way == Way::squash) return Accepted{commit, proposal.branch};
  OE_CHECK(context.repository.delete_branch(proposal.branch));
  return Accepted{commit, {}};
}

}  // namespace oe::evolve
