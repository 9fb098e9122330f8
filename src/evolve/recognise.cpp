#include "evolve/recognise.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "evolve/line.hpp"
#include "evolve/proposal_branch.hpp"

namespace oe::evolve {

namespace {

using Fate = Judged::Fate;
using ledger::ProposalRecord;
using ledger::ProposalStatus;

bool say_rejected(Judged& judged, const ProposalRecord& record) {
  judged.fate = Fate::rejected_before;
  judged.reason = record.fingerprint == judged.fingerprint
                      ? "was rejected: " + record.reason
                      : fmt::format("another of its kind ({}) was rejected: {}", record.fingerprint.text.substr(0, 8),
                                    record.reason);
  return true;
}

// It had its chance.
bool say_taken_back(Judged& judged, const ProposalRecord& by) {
  judged.fate = Fate::rejected_before;
  judged.reason = fmt::format("was taken back by {}, as its gain did not come true", by.fingerprint.text.substr(0, 8));
  return true;
}

// An open proposal whose files changed at the base since is made again, on the same branch.
Result<bool> is_outdated(const git::Repository& repository, const Base& base, const ProposalRecord& record,
                         const git::Oid& tip) {
  if (tip.text != record.commit) return true;  // killed before the branch moved
  const nlohmann::json& change = record.made.change.json();
  for (const std::string& path : change.value("touches", std::vector<std::string>())) {
    OE_TRY(const auto then, repository.read(git::Oid{record.made.base}, path));
    OE_TRY(const auto now, repository.read(base.commit, path));
    if (then.has_value() != now.has_value() || (then && then->id != now->id)) return true;
  }
  return false;
}

Result<bool> say_open(const git::Repository& repository, const ProposalRecord& record, std::string reason,
                      Judged& judged) {
  OE_TRY(const auto tip, repository.branch(record.branch));
  judged.fate = Fate::unchanged;
  judged.reason = std::move(reason);
  judged.branch = record.branch;
  judged.commit = tip ? tip->text : record.commit;
  judged.effect = record.effect;
  judged.diff = record.made.diff;
  judged.descent.parent = record.made.parent;
  return true;
}

// What stands elsewhere stays there for as long as that does.
bool stands_elsewhere(const Memory& memory, const ProposalRecord& record, const Fingerprint& parent) {
  if (record.made.parent == parent) return false;
  const ProposalRecord* below = memory.same(record.made.parent);
  return record.made.parent.empty() || (below != nullptr && below->status == ProposalStatus::open);
}

Result<bool> is_open(const git::Repository& repository, const Base& base, const ProposalRecord& record,
                     Judged& judged) {
  OE_TRY(const auto tip, repository.branch(record.branch));
  if (!tip) return false;
  const bool is_ours = made_by_oe(record, *tip);
  OE_TRY(const bool is_stale, is_ours ? is_outdated(repository, base, record, *tip) : Result<bool>(false));
  if (is_stale) return false;
  if (is_ours) judged.outcome = record.outcome;  // what others have worked on is not built upon
  return say_open(repository, record,
                  is_ours ? "is open already" : "is open already, and its branch has commits that oe did not make",
                  judged);
}

// Another value of what is open goes onto the same branch, unless somebody else has worked there.
Result<void> supersede(const git::Repository& repository, const ProposalRecord& open, Judged& judged) {
  OE_TRY(const auto tip, repository.branch(open.branch));
  if (tip && made_by_oe(open, *tip)) judged.supersedes = open;
  return {};
}

}  // namespace

Result<bool> recognise(const git::Repository& repository, const Base& base, const Memory& memory, Judged& judged) {
  const ProposalRecord* same = memory.same(judged.fingerprint);
  if (same != nullptr && same->status == ProposalStatus::rejected) return say_rejected(judged, *same);
  if (const ProposalRecord* by = memory.taken_back_by(judged.fingerprint)) return say_taken_back(judged, *by);
  if (same != nullptr && same->status == ProposalStatus::open) {
    if (stands_elsewhere(memory, *same, judged.descent.parent))
      return say_open(repository, *same, "is open already, on another ground", judged);
    return is_open(repository, base, *same, judged);
  }
  const auto relative = [&](ProposalStatus status) {
    return memory.relative(judged.proposal, judged.fingerprint, base.workflow, status, judged.descent.parent);
  };
  if (const ProposalRecord* rejected = relative(ProposalStatus::rejected)) {
    if (rejected->made.rule == judged.proposal.finding.rule) return say_rejected(judged, *rejected);
    judged.proposal.rationale +=
        fmt::format(" An earlier proposal of this kind, on other evidence ({}), was rejected: {}.", rejected->made.rule,
                    one_line(rejected->reason));
  }
  // Later generations are compared with what the first one has proven, so that stays where it is.
  const ProposalRecord* open = judged.descent.generation == 1 ? relative(ProposalStatus::open) : nullptr;
  if (open != nullptr) OE_CHECK(supersede(repository, *open, judged));
  return false;
}

}  // namespace oe::evolve
