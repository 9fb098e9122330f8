#include <set>

#include "oe/evolve/proof.hpp"
#include "oe/evolve/share.hpp"
#include "oe/git/exchange.hpp"
#include "oe/git/trailers.hpp"

#include "evolve/proposal_branch.hpp"
#include "evolve/shared_ref.hpp"

namespace oe::evolve {

namespace {

/// Evidence that somebody may still ask for: of what is open, and of what is on a branch here.
Result<std::set<std::string>> needed_evidence(const EvolveContext& context) {
  std::set<std::string> needed;
  OE_TRY(const auto records, context.ledger.proposals());
  for (const ledger::ProposalRecord& record : records)
    if (record.status == ledger::ProposalStatus::open) needed.insert(evidence_ref(record.fingerprint));
  OE_TRY(const auto commits, git::commits_with_trailer(context.place, "Oe-Proposal"));
  for (const git::Oid& id : commits) {
    OE_TRY(const git::Commit commit, context.repository.commit(id));
    const auto fingerprint = git::find_trailer(git::trailers(commit.message), "Oe-Proposal");
    if (fingerprint) needed.insert(evidence_ref({*fingerprint}));
  }
  return needed;
}

Result<bool> is_older(const EvolveContext& context, const std::string& ref, std::chrono::days age) {
  OE_TRY(const auto tip, context.repository.ref(ref));
  if (!tip) return false;
  OE_TRY(const git::Commit commit, context.repository.commit(*tip));
  return commit.time + age < context.clock.now();
}

Result<std::vector<std::string>> unneeded(const EvolveContext& context, const CollectOptions& options) {
  std::vector<std::string> names;
  const auto add_old = [&](const std::string& prefix, std::chrono::days age, const auto& is_kept) -> Result<void> {
    OE_TRY(const auto refs, context.repository.refs(prefix));
    for (const std::string& ref : refs) {
      if (is_kept(ref)) continue;
      OE_TRY(const bool is_old, is_older(context, ref, age));
      if (is_old) names.push_back(ref);
    }
    return {};
  };
  OE_TRY(const std::set<std::string> needed, needed_evidence(context));
  OE_CHECK(add_old(kEvidenceRefs, options.unused, [&](const std::string& ref) { return needed.contains(ref); }));
  OE_CHECK(add_old(kRemoteRefs, options.unused, [](const std::string&) { return false; }));
  if (options.runs) OE_CHECK(add_old(kRunsRefs, *options.runs, [](const std::string&) { return false; }));
  return names;
}

}  // namespace

Result<std::vector<std::string>> collect_refs(const EvolveContext& context, const CollectOptions& options) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_TRY(std::vector<std::string> names, unneeded(context, options));
  if (options.dry_run) return names;
  for (const std::string& name : names) OE_CHECK(context.repository.delete_ref(name));
  return names;
}

}  // namespace oe::evolve
