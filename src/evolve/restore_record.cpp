#include "evolve/restore_record.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/evolve/proof.hpp"

namespace oe::evolve {

namespace {

using ledger::ProposalRecord;
using ledger::ProposalStatus;

bool is_concerned(const git::RefCommand& command, const ProposalRecord& record) {
  return std::ranges::any_of(command.writes, [&](const git::RefWrite& write) {
    const bool is_its_branch = !record.branch.empty() && write.name == "refs/heads/" + record.branch;
    const bool is_its_landing = record.status == ProposalStatus::accepted && write.after &&
                                write.after->text == record.commit && !write.name.starts_with("refs/heads/oe/");
    return is_its_branch || is_its_landing || write.name == evidence_ref(record.fingerprint);
  });
}

class Restoring {
 public:
  Restoring(const EvolveContext& context, const git::RefCommand& command)
      : context_(context), cause_(fmt::format("taken back: {} was undone", command.words)) {}

  /// `was` is nullptr for one that was not there yet. True when it is open again.
  Result<bool> bring_back(const ProposalRecord* was, const ProposalRecord& now) {
    if (was != nullptr && was->status == ProposalStatus::open) return reopen(*was, now);
    const bool was_decided =
        was != nullptr && (was->status == ProposalStatus::accepted || was->status == ProposalStatus::rejected);
    if (was_decided || now.status == ProposalStatus::unproven) return false;
    OE_CHECK(record(now.fingerprint, ledger::PatchRejected{cause_}));
    return false;
  }

 private:
  Result<bool> reopen(const ProposalRecord& was, const ProposalRecord& now) {
    if (now.status == ProposalStatus::open && now.commit == was.commit && now.made == was.made) return false;
    if (now.made != was.made) OE_CHECK(record(was.fingerprint, was.made));
    OE_CHECK(record(was.fingerprint, ledger::PatchAccepted{was.effect, was.outcome}));
    const std::string who = fmt::format("{} <{}>", context_.identity.name, context_.identity.email);
    OE_CHECK(record(was.fingerprint, ledger::ProposalReopened{was.branch, was.commit, who}));
    return true;
  }

  Result<void> record(const Fingerprint& fingerprint, ledger::ProposalBody body) {
    return context_.ledger.record({fingerprint, context_.clock.now(), std::move(body)});
  }

  const EvolveContext& context_;
  std::string cause_;
};

}  // namespace

Result<std::vector<Fingerprint>> restore_record(const EvolveContext& context, const git::RefCommand& command) {
  OE_TRY(auto events, context.ledger.proposal_events());
  const std::vector<ProposalRecord> now = fold_proposals(events);
  events.resize(std::min(events.size(), command.events.value_or(events.size())));
  const std::vector<ProposalRecord> before = fold_proposals(events);
  std::vector<Fingerprint> reopened;
  Restoring restoring(context, command);
  for (const ProposalRecord& record : now) {
    const auto was = std::ranges::find(before, record.fingerprint, &ProposalRecord::fingerprint);
    const bool concerns = is_concerned(command, record) || (was != before.end() && is_concerned(command, *was));
    if (!concerns) continue;
    OE_TRY(const bool is_open, restoring.bring_back(was == before.end() ? nullptr : &*was, record));
    if (is_open) reopened.push_back(record.fingerprint);
  }
  return reopened;
}

}  // namespace oe::evolve
