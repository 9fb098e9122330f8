#include "evolve/restore_record.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/evolve/proof.hpp"

namespace oe::evolve {

namespace {

using ledger::ProposalRecord;
using ledger::ProposalStatus;

using Records = std::vector<ProposalRecord>;

Records records_before(std::vector<ledger::ProposalEvent> events, const git::RefCommand& command) {
  events.resize(std::min(events.size(), command.events.value_or(events.size())));
  return fold_proposals(events);
}

const ProposalRecord* find(const Records& records, const Fingerprint& fingerprint) {
  const auto found = std::ranges::find(records, fingerprint, &ProposalRecord::fingerprint);
  return found == records.end() ? nullptr : &*found;
}

/// Whether it was closed because what it stands on was.
bool has_fallen_with(const Records& records, const ProposalRecord& record, const std::string& proposal) {
  if (record.status != ProposalStatus::unproven || record.made.parent.empty()) return false;
  if (record.made.parent.text == proposal) return true;
  const ProposalRecord* parent = find(records, record.made.parent);
  return parent != nullptr && has_fallen_with(records, *parent, proposal);
}

bool is_concerned(const git::RefCommand& command, const ProposalRecord& record) {
  if (record.fingerprint.text == command.proposal) return true;
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

bool has_decided(const std::vector<ledger::ProposalEvent>& events, const git::RefCommand& command) {
  if (command.proposal.empty() || !command.events) return false;
  const Records now = fold_proposals(events), before = records_before(events, command);
  const ProposalRecord* is = find(now, {command.proposal});
  const ProposalRecord* was = find(before, {command.proposal});
  if (is == nullptr || was == nullptr) return is != was;
  return is->status != was->status || is->commit != was->commit || is->made != was->made;
}

Result<std::vector<Fingerprint>> restore_record(const EvolveContext& context, const git::RefCommand& command) {
  OE_TRY(const auto events, context.ledger.proposal_events());
  const Records now = fold_proposals(events), before = records_before(events, command);
  std::vector<Fingerprint> reopened;
  Restoring restoring(context, command);
  for (const ProposalRecord& record : now) {
    const ProposalRecord* was = find(before, record.fingerprint);
    const bool fell =
        was != nullptr && was->status == ProposalStatus::open && has_fallen_with(now, record, command.proposal);
    const bool concerns = is_concerned(command, record) || (was != nullptr && is_concerned(command, *was));
    if (!fell && !concerns) continue;
    OE_TRY(const bool is_open, restoring.bring_back(was, record));
    if (is_open) reopened.push_back(record.fingerprint);
  }
  return reopened;
}

}  // namespace oe::evolve
