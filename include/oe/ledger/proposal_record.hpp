#pragma once

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
  friend bool operator==(const ProposalMade&, const ProposalMade&) = default;
};
struct PatchAccepted {  ///< the patch passed every check
  std::string effect;   ///< what the trial showed, one line
  friend bool operator==(const PatchAccepted&, const PatchAccepted&) = default;
};
struct PatchRejected {
  std::string reason;
  friend bool operator==(const PatchRejected&, const PatchRejected&) = default;
};
struct ProposalCommitted {
  std::string branch;
  std::string commit;
  friend bool operator==(const ProposalCommitted&, const ProposalCommitted&) = default;
};
struct ProposalTaken {  ///< a human said yes; `commit` is what the current branch got
  std::string commit;
  friend bool operator==(const ProposalTaken&, const ProposalTaken&) = default;
};
struct ProposalRefused {  ///< a human said no: never propose it again
  std::string why;
  std::string who;
  friend bool operator==(const ProposalRefused&, const ProposalRefused&) = default;
};

using ProposalBody =
    std::variant<ProposalMade, PatchAccepted, PatchRejected, ProposalCommitted, ProposalTaken, ProposalRefused>;

struct ProposalEvent {
  Fingerprint fingerprint;
  Timestamp time;
  ProposalBody body;
  friend bool operator==(const ProposalEvent&, const ProposalEvent&) = default;
};

/// Types in the order of the variant: proposal.made, patch.accepted, patch.rejected, proposal.committed,
/// proposal.accepted, proposal.rejected.
std::string to_json_line(const ProposalEvent& event);
Result<ProposalEvent> parse_proposal_event(std::string_view line);

enum class ProposalStatus { made, proven, unproven, open, accepted, rejected };
std::string_view to_string(ProposalStatus status);

/// The fold of one proposal's events.
struct ProposalRecord {
  Fingerprint fingerprint;
  ProposalStatus status = ProposalStatus::made;
  ProposalMade made;  ///< the newest
  Timestamp made_at;
  std::string effect;
  std::string reason;  ///< of an unproven or rejected one
  std::string branch;
  std::string commit;
  std::vector<std::string> commits;  ///< all that oe ever put on the branch; anything else there is the user's
  friend bool operator==(const ProposalRecord&, const ProposalRecord&) = default;
};
std::vector<ProposalRecord> fold_proposals(const std::vector<ProposalEvent>& events);

}  // namespace oe::ledger
