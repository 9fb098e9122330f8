#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "oe/base/ids.hpp"
#include "oe/base/result.hpp"
#include "oe/base/time.hpp"
#include "oe/base/value.hpp"

namespace oe::ledger {

// What became of proposals, one line each in proposals.jsonl:
// {"v":1,"type":"proposal.made","fingerprint":...,"ts":...} and the fields below.

struct ProposalMade {
  std::string operation;  ///< "add-node", "tune-param", "add-dataset-case"
  std::string target;     ///< node id or file, as in the branch name
  std::string title;
  std::string rationale;
  std::string confidence;  ///< "high", "medium", "low"
  std::string rule;        ///< the advisor's rule that made it
  std::string workflow;    ///< file, relative to the root of the working tree
  std::vector<RunId> runs;
  Value change;  ///< the operation and its evidence, as evolve writes it
  std::string diff;
  std::string base;  ///< commit id that the diff applies to
  Fingerprint parent;            ///< of the proposal whose commit `base` is; empty: it stands on the workflow itself
  std::uint32_t generation = 1;  ///< of the search that made it; 1: its evidence are recorded runs
  std::string arm;               ///< of that search: "evolution" or "baseline"; empty: it was no search
  std::string advisor;           ///< "rules" or "model"; empty in records of an older oe
  friend bool operator==(const ProposalMade&, const ProposalMade&) = default;
};
/// What the pairs of runs of a proposal showed, beside what it stands on.
struct ContestOutcome {
  std::string verdict;  ///< "better", "no worse", "worse", "not enough evidence"; empty: there was no contest
  std::string metric;   ///< that decided, or was nearest to it
  std::uint64_t pairs = 0;
  std::uint64_t wins = 0;  ///< of that metric
  std::uint64_t losses = 0;
  Value cases;   ///< [{"case": run id, "metric": name, "gain": -1 to 1}], of the goals
  Value trials;  ///< [{"run": id, "case": run id, "held_out": bool}]: trials of the change
  friend bool operator==(const ContestOutcome&, const ContestOutcome&) = default;
};
struct PatchAccepted {  ///< the patch passed every check
  std::string effect;   ///< what the trial showed, one line
  ContestOutcome outcome = {};
  friend bool operator==(const PatchAccepted&, const PatchAccepted&) = default;
};
struct PatchRejected {
  std::string reason;
  ContestOutcome outcome = {};
  friend bool operator==(const PatchRejected&, const PatchRejected&) = default;
};
struct ProposalCommitted {
  std::string branch;
  std::string commit;
  friend bool operator==(const ProposalCommitted&, const ProposalCommitted&) = default;
};
struct ProposalTaken {  ///< a human said yes; `commit` is what the current branch got
  std::string commit;
  std::string how;  ///< empty: by `oe accept`; else how it was found in history: "merge", "trailer", "patch"
  friend bool operator==(const ProposalTaken&, const ProposalTaken&) = default;
};
struct ProposalRefused {  ///< a human said no: never propose it again
  std::string why;
  std::string who;
  friend bool operator==(const ProposalRefused&, const ProposalRefused&) = default;
};

struct ProposalSubmitted {  ///< its change request was opened, or has this commit now
  std::string forge;        ///< "github", "gitlab", "gitea"
  std::string url;          ///< of the change request, for people
  std::uint64_t number = 0;
  std::string remote;  ///< as git knows it
  std::string commit;  ///< what was pushed
  friend bool operator==(const ProposalSubmitted&, const ProposalSubmitted&) = default;
};
struct SubmissionClosed {  ///< oe closed the change request; what became of the proposal stands in other events
  std::string why;
  friend bool operator==(const SubmissionClosed&, const SubmissionClosed&) = default;
};

struct ProposalReopened {  ///< what was decided, or was done to its branch, was taken back: it is open again
  std::string branch;
  std::string commit;
  std::string who;
  friend bool operator==(const ProposalReopened&, const ProposalReopened&) = default;
};

using ProposalBody = std::variant<ProposalMade, PatchAccepted, PatchRejected, ProposalCommitted, ProposalTaken,
                                  ProposalRefused, ProposalSubmitted, SubmissionClosed, ProposalReopened>;

struct ProposalEvent {
  Fingerprint fingerprint;
  Timestamp time;
  ProposalBody body;
  friend bool operator==(const ProposalEvent&, const ProposalEvent&) = default;
};

/// Types in the order of the variant: proposal.made, patch.accepted, patch.rejected, proposal.committed,
/// proposal.accepted, proposal.rejected, proposal.submitted, submission.closed, proposal.reopened.
std::string to_json_line(const ProposalEvent& event);
Result<ProposalEvent> parse_proposal_event(std::string_view line);

enum class ProposalStatus { made, proven, unproven, open, accepted, rejected };
std::string_view to_string(ProposalStatus status);

/// The change request of a proposal: its newest proposal.submitted.
struct Submission {
  ProposalSubmitted request;
  Timestamp opened_at;        ///< of the first event with that URL
  bool closed_by_oe = false;  ///< nobody has to look after it any more
  friend bool operator==(const Submission&, const Submission&) = default;
};

/// The fold of one proposal's events.
struct ProposalRecord {
  Fingerprint fingerprint;
  ProposalStatus status = ProposalStatus::made;
  ProposalMade made;  ///< the newest
  Timestamp made_at;
  /// When a human said yes or no, or took that back. What is dated before it changes nothing any more: it was learnt
  /// later, from another clone. Of two at the same time the no counts.
  std::optional<Timestamp> decided_at;
  std::string effect;
  std::string reason;  ///< of an unproven or rejected one
  ContestOutcome outcome = {};  ///< of the newest contest since it was made
  std::string branch;
  std::string commit;
  std::vector<std::string> commits;  ///< all that oe ever put on the branch; anything else there is the user's
  std::optional<Submission> submission;
  friend bool operator==(const ProposalRecord&, const ProposalRecord&) = default;
};
std::vector<ProposalRecord> fold_proposals(const std::vector<ProposalEvent>& events);

}  // namespace oe::ledger
