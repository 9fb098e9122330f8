#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "oe/forge/body.hpp"
#include "oe/ledger/ledger.hpp"

#include "cli/session.hpp"
#include "cli/submit_desk.hpp"

namespace oe::cli {

/// What became of one proposal that was to be submitted.
struct Submitted {
  enum class Action { opened, updated, unchanged, pushed } action = Action::unchanged;
  forge::ChangeRequest request;  ///< of all but pushed
  forge::Written written;        ///< what oe would have written
  std::string compare_url;       ///< where to open it by hand; may be empty
};
std::string_view to_string(Submitted::Action action);

struct SubmitOrder {
  std::string base;  ///< branch; empty: as the settings or the remote say
  bool draft = false;
  bool asked = true;  ///< by its id
};

/// What a decision on the forge did to the record here.
struct Learnt {
  ledger::ProposalRecord proposal;
  forge::RequestState state = forge::RequestState::open;
  std::string who;
  std::string why;  ///< of a rejection; of one that oe closed itself
};

/// One line for each way in which a request ended: "merged by Ann", "closed by Ann: too slow".
std::string told(const Learnt& learnt);

/// Carries proposals to their change requests, and decisions back. Meant to be used under the lock of proposals.
class Submission {
 public:
  Submission(Session& session, SubmitDesk& desk) : session_(session), desk_(desk) {}

  /// Pushes, opens or updates, and records. Errors: failed (a limit; somebody else has worked on it; it was decided on
  /// the forge, which is recorded then), environment.
  Result<Submitted> submit(const ledger::ProposalRecord& proposal, const SubmitOrder& order);

  /// Looks after one request of the record: merged and closed become decisions; one that was superseded or rejected
  /// here is closed with a comment. Nothing when there is nothing to tell. Errors: environment.
  Result<std::optional<Learnt>> refresh(const ledger::ProposalRecord& proposal);

 private:
  Result<std::optional<forge::ChangeRequest>> open_request(const ledger::ProposalRecord& proposal);
  Result<void> require_room(const SubmitOrder& order);
  Result<void> push(const ledger::ProposalRecord& proposal, const std::string& tip, const forge::RemoteState& remote,
                    const std::optional<forge::ChangeRequest>& there);
  Result<bool> has_others(const forge::ChangeRequest& request, std::string& who);
  Result<Submitted> write(const ledger::ProposalRecord& proposal, const SubmitOrder& order, const std::string& base,
                          forge::Written written, const std::optional<forge::ChangeRequest>& there);
  Result<void> close_superseded(const ledger::ProposalRecord& by);
  Result<Learnt> learn(const ledger::ProposalRecord& proposal, const forge::ChangeRequest& request);
  Result<std::optional<Learnt>> close_undone(const ledger::ProposalRecord& proposal,
                                             const forge::ChangeRequest& request);
  Result<void> drop_branch(const ledger::ProposalRecord& proposal, git::Repository& repository);
  Result<void> record(const ledger::ProposalRecord& proposal, ledger::ProposalBody body);
  Result<bool> is_ours(const std::string& commit) const;

  Session& session_;
  SubmitDesk& desk_;
};

/// Whether somebody still has to look after the request of a proposal.
bool has_live_request(const ledger::ProposalRecord& proposal);

}  // namespace oe::cli
