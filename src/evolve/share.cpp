#include "oe/evolve/share.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "oe/base/text.hpp"
#include "oe/git/exchange.hpp"

#include "evolve/evidence_ref.hpp"
#include "evolve/proposal_branch.hpp"
#include "evolve/redaction.hpp"
#include "evolve/share_runs.hpp"
#include "evolve/shared_ref.hpp"

namespace oe::evolve {

namespace {

/// Between a fetch and a push somebody else may have pushed, so often at most.
constexpr int kMostTries = 5;

bool is_decision(const ledger::ProposalEvent& event) {
  return std::holds_alternative<ledger::ProposalTaken>(event.body) ||
         std::holds_alternative<ledger::ProposalRefused>(event.body) ||
         std::holds_alternative<ledger::ProposalReopened>(event.body);
}

/// What others may know of: proposals that got a branch or were decided; not change requests, which forges tell of.
std::string shared_lines(const std::vector<ledger::ProposalEvent>& events, const Redactor& redactor) {
  std::set<Fingerprint> shared;
  for (const ledger::ProposalEvent& event : events)
    if (is_decision(event) || std::holds_alternative<ledger::ProposalCommitted>(event.body))
      shared.insert(event.fingerprint);
  std::string lines;
  for (const ledger::ProposalEvent& event : events) {
    const bool is_about_request = std::holds_alternative<ledger::ProposalSubmitted>(event.body) ||
                                  std::holds_alternative<ledger::SubmissionClosed>(event.body);
    if (shared.contains(event.fingerprint) && !is_about_request) lines += redactor.text(to_json_line(event)) + "\n";
  }
  return lines;
}

class Sync {
 public:
  Sync(const EvolveContext& context, const SyncOptions& options) : context_(context), options_(options) {}

  Result<SyncReport> carry_out() {
    OE_TRY(report_.remote, git::find_remote(context_.place, options_.remote));
    for (int i = 0; i < kMostTries; ++i) {
      OE_CHECK(gather_own());
      if (options_.fetch) OE_CHECK(fetch());
      if (!options_.push) return report_;
      OE_TRY(const bool is_pushed, push());
      if (is_pushed) return report_;
      if (!options_.fetch)
        return fail(ErrorKind::failed, report_.remote + " has more than this clone knows", "take it in first: oe sync");
    }
    return fail(ErrorKind::failed, report_.remote + " changed each time that something was to be pushed",
                "try again: oe sync");
  }

 private:
  Result<void> gather_own() {
    OE_TRY(const auto events, context_.ledger.proposal_events());
    OE_TRY(const std::string before, file_at(context_.repository, kDecisionsRef, kDecisionsFile));
    const std::string after = united_lines(before, shared_lines(events, redactor_for({}, context_.place)));
    if (after != before)
      OE_CHECK(add_to(context_, kDecisionsRef, {{.path = kDecisionsFile, .bytes = after}}, "oe: decisions\n"));
    if (options_.runs) OE_CHECK(share_runs(context_));
    return {};
  }

  std::vector<std::string> kinds() const {
    std::vector<std::string> kinds{kEvidenceRefs, kDecisionsRef};
    if (options_.runs) kinds.emplace_back(kRunsRefs);
    return kinds;
  }

  /// "refs/oe/x" as the copy of what the remote has.
  std::string copy_of(const std::string& ref) const {
    return remote_prefix(report_.remote) + ref.substr(std::string_view("refs/oe/").size());
  }

  Result<void> fetch() {
    std::vector<std::string> refspecs;
    for (const std::string& kind : kinds()) refspecs.push_back(fmt::format("+{}*:{}*", kind, copy_of(kind)));
    OE_CHECK(git::note_changes(context_.repository, context_.refs, {remote_prefix(report_.remote)}, [&] {
      return git::fetch_refs(context_.place, report_.remote, refspecs);
    }));
    for (const std::string& kind : kinds()) {
      OE_TRY(const auto copies, context_.repository.refs(copy_of(kind)));
      for (const std::string& copy : copies) {
        const std::string ours = "refs/oe/" + copy.substr(remote_prefix(report_.remote).size());
        OE_TRY(const bool is_new, unite(context_, ours, copy));
        if (is_new) report_.taken.push_back(ours);
      }
    }
    return learn();
  }

  // Proposals that were made elsewhere become part of the own record; of those that are known here, what was decided.
  Result<void> learn() {
    OE_TRY(const std::string all, file_at(context_.repository, kDecisionsRef, kDecisionsFile));
    OE_TRY(const auto own, context_.ledger.proposal_events());
    const Redactor redactor = redactor_for({}, context_.place);
    std::set<std::string> lines;
    std::set<Fingerprint> known;
    for (const ledger::ProposalEvent& event : own) {
      lines.insert(redactor.text(to_json_line(event)));
      known.insert(event.fingerprint);
    }
    std::vector<ledger::ProposalEvent> news;
    for (const std::string& line : split(all, '\n')) {
      if (line.empty() || lines.contains(line)) continue;
      const auto event = ledger::parse_proposal_event(line);  // one that only a newer oe can read stays in the ref
      if (event && (is_decision(*event) || !known.contains(event->fingerprint))) news.push_back(*event);
    }
    std::stable_sort(news.begin(), news.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    for (const ledger::ProposalEvent& event : news) OE_CHECK(context_.ledger.record(event));
    report_.learnt += static_cast<std::size_t>(std::count_if(news.begin(), news.end(), is_decision));
    return {};
  }

  Result<bool> push() {
    std::vector<std::string> names;
    for (const std::string& kind : kinds()) {
      OE_TRY(const auto refs, context_.repository.refs(kind));
      for (const std::string& ref : refs) {
        OE_TRY(const auto ours, context_.repository.ref(ref));
        OE_TRY(const auto theirs, context_.repository.ref(copy_of(ref)));
        if (ours != theirs) names.push_back(ref);
      }
    }
    if (names.empty()) return true;
    std::vector<std::string> refspecs;
    for (const std::string& name : names) refspecs.push_back(name + ":" + name);
    OE_TRY(const bool is_pushed, git::push_refs(context_.place, report_.remote, refspecs));
    if (!is_pushed) return false;
    for (const std::string& name : names) OE_CHECK(note_pushed(name));
    report_.sent = std::move(names);
    return true;
  }

  Result<void> note_pushed(const std::string& name) {
    OE_TRY(const auto ours, context_.repository.ref(name));
    OE_TRY(const auto before, context_.repository.ref(copy_of(name)));
    return ours ? context_.repository.set_ref(copy_of(name), *ours, before) : Result<void>();
  }

  const EvolveContext& context_;
  const SyncOptions& options_;
  SyncReport report_;
};

}  // namespace

Result<SyncReport> sync(const EvolveContext& context, const SyncOptions& options) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_TRY(SyncReport report, Sync(context, options).carry_out());
  OE_TRY(const auto commits, git::commits_with_trailer(context.place, "Oe-Proposal"));
  OE_CHECK(note_commits(context, commits));
  return report;
}

Result<std::optional<std::string>> shared_journal(const git::Repository& repository, const RunId& run) {
  OE_TRY(const auto months, repository.refs(kRunsRefs));
  for (const std::string& month : months) {
    OE_TRY(std::string journal, file_at(repository, month, run.text + ".jsonl"));
    if (!journal.empty()) return std::optional(std::move(journal));
  }
  return std::nullopt;
}

Result<std::optional<std::string>> own_journal(const ledger::Ledger& ledger, const git::Place& place, const RunId& run) {
  if (!ledger.resolve(run.text)) return std::nullopt;
  const ReadEvents events = [&](const RunId& id, const auto& each) { return ledger.read(id, each); };
  OE_TRY(std::string journal, travelling_journal(events, run, redactor_for({}, place)));
  return std::optional(std::move(journal));
}

}  // namespace oe::evolve
