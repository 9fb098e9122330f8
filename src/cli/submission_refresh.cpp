#include <algorithm>
#include <fmt/core.h>

#include "oe/forge/quiet_text.hpp"

#include "cli/noted.hpp"
#include "cli/submission.hpp"

namespace oe::cli {

using forge::ChangeRequest;
using forge::RequestState;
using ledger::ProposalRecord;
using ledger::ProposalStatus;

// What oe made goes, now that it is decided; what somebody has checked out or worked on stays.
Result<void> Submission::drop_branch(const ProposalRecord& proposal, git::Repository& repository) {
  OE_TRY(const git::Head head, repository.head());
  OE_TRY(const auto tip, repository.branch(proposal.branch));
  if (!tip || head.branch == proposal.branch) return {};
  const bool ours = std::ranges::find(proposal.commits, tip->text) != proposal.commits.end();
  return ours ? repository.delete_branch(proposal.branch) : Result<void>();
}

Result<Learnt> Submission::learn(const ProposalRecord& proposal, const ChangeRequest& request) {
  OE_TRY(const Noted noted, open_noted(session_, {"oe submit --refresh", true, proposal.fingerprint}));
  OE_CHECK(noted.journal->announce());
  Learnt learnt{.proposal = proposal, .state = request.state, .who = request.ended_by};
  if (request.state == RequestState::merged) {
    OE_CHECK(record(proposal, ledger::ProposalTaken{request.merge_commit}));
  } else {
    OE_TRY(const std::string words, forge::last_words(*desk_.forge, request));
    learnt.why = words.empty() ? "closed without a word: " + request.url : forge::plain_line(words, 500);
    OE_CHECK(record(proposal, ledger::ProposalRefused{learnt.why, learnt.who}));
    OE_CHECK(record(proposal, ledger::SubmissionClosed{"it was closed on the forge"}));
  }
  OE_CHECK(drop_branch(proposal, *noted.repository));
  return learnt;
}

// Rejected or superseded here, and still open there.
Result<std::optional<Learnt>> Submission::close_undone(const ProposalRecord& proposal, const ChangeRequest& request) {
  const bool is_superseded =
      proposal.status == ProposalStatus::unproven && proposal.reason.starts_with("superseded by ");
  if (proposal.status != ProposalStatus::rejected && !is_superseded) return std::nullopt;
  OE_TRY(const auto records, session_.ledger.proposals());
  for (const ProposalRecord& other : records) {
    const bool took_it_over = other.fingerprint != proposal.fingerprint && other.branch == proposal.branch &&
                              other.status == ProposalStatus::open;
    if (took_it_over) return std::nullopt;  // its request becomes that of the other one with the next submit
  }
  const std::string why = is_superseded ? proposal.reason : "rejected: " + proposal.reason;
  OE_CHECK(
      forge::say_once(*desk_.forge, request.number, "closed", fmt::format("Closed by oe: {}", forge::code_span(why))));
  OE_CHECK(desk_.forge->close(request.number));
  OE_CHECK(record(proposal, ledger::SubmissionClosed{why}));
  return Learnt{.proposal = proposal, .state = RequestState::closed, .who = "oe", .why = why};
}

Result<std::optional<Learnt>> Submission::refresh(const ProposalRecord& proposal) {
  if (!has_live_request(proposal) || !desk_.forge) return std::nullopt;
  OE_TRY(const ChangeRequest request, desk_.forge->read(proposal.submission->request.number));
  if (request.state == RequestState::open) return close_undone(proposal, request);
  const bool is_decided_here = proposal.status == ProposalStatus::rejected;
  if (is_decided_here && request.state == RequestState::closed) {
    OE_CHECK(record(proposal, ledger::SubmissionClosed{"it was closed on the forge"}));
    return std::nullopt;
  }
  OE_TRY(Learnt learnt, learn(proposal, request));
  return learnt;
}

}  // namespace oe::cli
