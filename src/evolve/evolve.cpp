#include "oe/evolve/evolve.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>
#include <nlohmann/json.hpp>

#include "oe/evolve/judge.hpp"
#include "oe/evolve/policy.hpp"
#include "oe/stats/sequential.hpp"
#include "oe/sys/file.hpp"

#include "evolve/consent.hpp"
#include "evolve/counsel.hpp"
#include "evolve/gather.hpp"
#include "evolve/line.hpp"
#include "evolve/memory.hpp"
#include "evolve/proposal_branch.hpp"
#include "evolve/stack.hpp"
#include "evolve/tree_files.hpp"

namespace oe::evolve {

namespace {

using Fate = Judged::Fate;

// It may have been told what to write by whatever it was shown.
bool is_code_of_a_model(const Proposal& proposal) {
  const auto* add = std::get_if<AddNode>(&proposal.operation);
  if (add == nullptr || proposal.finding.rule != kModelRule) return false;
  const std::string kind = add->insert.node.get("kind").string_or("");
  return kind != "agent" && kind != "skill" && kind != "dataset" && kind != "human";
}

// One invocation: what every step needs, and the way of one proposal through them.
class Evolution {
 public:
  Evolution(const EvolveContext& context, const EvolveOptions& options, const Base& base, const Evidence& evidence,
            std::vector<RecordedRun> holdout, Policy policy)
      : context_(context),
        options_(options),
        base_(base),
        basis_{.evidence = evidence,
               .base = base,
               .holdout = std::move(holdout),
               .events = [&ledger = context.ledger](const RunId& run, const auto& each) { return ledger.read(run, each); }},
        purse_{.usd_left = options.budget_usd},
        judge_{.repository = context.repository,
               .clock = context.clock,
               .identity = context.identity,
               .worktrees = context.ledger.directory() / "worktrees",
               .trials = context.ledger.directory() / "trials",
               .root = context.place.main_root,
               .sandbox = options.sandbox,
               .models = context.models,
               .home = context.place.root / base.directory,
               .purse = &purse_,
               .policy = std::make_shared<const Policy>(std::move(policy))} {}

  const JudgeContext& judge() const { return judge_; }
  const exec::Spend& spent() const { return purse_.spent; }

  /// Asks the chosen advisors. Errors: as counsel(), and of consent, before anything is paid for.
  Result<Advice> advice() {
    const bool asks_a_model = options_.advisor != AdvisorChoice::rules;
    if (asks_a_model && !options_.dry_run) OE_CHECK(ask_for_consent());
    OE_TRY(auto earlier, earlier_proposals());
    OE_TRY(Advice advice, counsel(context_, options_,
                                  {.evidence = basis_.evidence,
                                   .base = base_,
                                   .files = files_of(context_.repository, base_.commit, base_.directory),
                                   .earlier = std::move(earlier),
                                   .check = [this](const Proposal& proposal) { return passes_checks(proposal); },
                                   .progress = context_.progress}));
    if (purse_.usd_left && advice.spend) *purse_.usd_left -= advice.spend->usd.value_or(0);
    return advice;
  }

  /// All that will be tried share the error that one invocation may make.
  void share_alpha(std::size_t proposals) { judge_.alpha = stats::AlphaBudget(options_.alpha).spend(proposals); }

  /// Errors only for what must end the invocation: an interrupt, a disk that is full.
  Result<Judged> carry(const Proposal& original) {
    if (!options_.dry_run) OE_CHECK(ask_for_consent());
    context_.progress(fmt::format("proving {}: {}", operation_name(original.operation), original.title));
    Judged judged{.proposal = original};
    if (!options_.dry_run) {
      OE_TRY(judged.proposal, minimise(judge_, basis_, original));
    }
    judged.fingerprint = fingerprint(judged.proposal, base_.workflow);
    OE_TRY(const bool known, recognise(judged));
    if (known) return judged;
    OE_CHECK(prove(judged));
    return judged;
  }

 private:
  Result<std::vector<ledger::ProposalRecord>> earlier_proposals() const {
    OE_TRY(auto records, context_.ledger.proposals());
    std::erase_if(records, [&](const auto& record) { return record.made.workflow != base_.workflow; });
    return records;
  }

  Result<void> passes_checks(const Proposal& proposal) const {
    OE_TRY(const Patch patch, render(context_.repository, base_, proposal.operation));
    OE_CHECK(check(judge_, base_, proposal.operation, patch));
    return {};
  }

  // Once, and only when there is something to try.
  Result<void> ask_for_consent() {
    if (!has_consent_) OE_CHECK(check_consent(context_, judge_, base_));
    has_consent_ = true;
    return {};
  }

  // What is open or was rejected is not made again; nor is another value of what was rejected, as long as it is the same
  // kind of evidence that speaks for it.
  Result<bool> recognise(Judged& judged) {
    using ledger::ProposalStatus;
    OE_TRY(auto records, context_.ledger.proposals());
    memory_.emplace(std::move(records));
    const auto* same = memory_->same(judged.fingerprint);
    if (same != nullptr && same->status == ProposalStatus::rejected) return is_rejected(judged, *same);
    if (same != nullptr && same->status == ProposalStatus::open) return is_open(judged, *same);
    const auto relative = [&](ProposalStatus status) {
      return memory_->relative(judged.proposal, judged.fingerprint, base_.workflow, status);
    };
    if (const auto* rejected = relative(ProposalStatus::rejected)) {
      if (rejected->made.rule == judged.proposal.finding.rule) return is_rejected(judged, *rejected);
      judged.proposal.rationale += fmt::format(" An earlier proposal of this kind, on other evidence ({}), was rejected: {}.",
                                               rejected->made.rule, one_line(rejected->reason));
    }
    if (const auto* open = relative(ProposalStatus::open)) OE_CHECK(supersede(judged, *open));
    return false;
  }

  static bool is_rejected(Judged& judged, const ledger::ProposalRecord& record) {
    judged.fate = Fate::rejected_before;
    judged.reason = record.fingerprint == judged.fingerprint
                        ? "was rejected: " + record.reason
                        : fmt::format("another of its kind ({}) was rejected: {}", record.fingerprint.text.substr(0, 8),
                                      record.reason);
    return true;
  }

  // Another value of what is open goes onto the same branch, unless somebody else has worked there.
  Result<void> supersede(Judged& judged, const ledger::ProposalRecord& open) {
    OE_TRY(const auto tip, context_.repository.branch(open.branch));
    if (tip && made_by_oe(open, *tip)) judged.supersedes = open;
    return {};
  }

  Result<bool> is_open(Judged& judged, const ledger::ProposalRecord& record) {
    OE_TRY(const auto tip, context_.repository.branch(record.branch));
    if (!tip) return false;
    const bool is_ours = made_by_oe(record, *tip);
    OE_TRY(const bool is_stale, is_ours ? is_outdated(record, *tip) : Result<bool>(false));
    if (is_stale) return false;
    judged.fate = Fate::unchanged;
    judged.reason = is_ours ? "is open already" : "is open already, and its branch has commits that oe did not make";
    judged.branch = record.branch;
    judged.commit = tip->text;
    judged.effect = record.effect;
    judged.diff = record.made.diff;
    return true;
  }

  // An open proposal whose files changed at HEAD since is made again, on the same branch.
  Result<bool> is_outdated(const ledger::ProposalRecord& record, const git::Oid& tip) {
    if (tip.text != record.commit) return true;  // killed before the branch moved
    const nlohmann::json& change = record.made.change.json();
    for (const std::string& path : change.value("touches", std::vector<std::string>())) {
      OE_TRY(const auto then, context_.repository.read(git::Oid{record.made.base}, path));
      OE_TRY(const auto now, context_.repository.read(base_.commit, path));
      if (then.has_value() != now.has_value() || (then && then->id != now->id)) return true;
    }
    return false;
  }

  Result<void> prove(Judged& judged) {
    auto patch = render(context_.repository, base_, judged.proposal.operation);
    if (!patch) return give_up(judged, Fate::refused, patch.error());
    auto checked = check(judge_, base_, judged.proposal.operation, *patch);
    if (!checked) return give_up(judged, Fate::refused, checked.error());
    judged.diff = checked->diff;
    if (options_.dry_run) return {};
    const auto tip = free_branch(judged);
    if (!tip) return give_up(judged, Fate::refused, tip.error());
    if (!options_.sandbox && is_code_of_a_model(judged.proposal)) {
      return give_up(judged, Fate::refused,
                     Error(ErrorKind::failed, "code that a model wrote is tried in a sandbox only"));
    }
    OE_CHECK(record(judged, made(judged, *patch)));
    auto proven = validate(judge_, basis_, judged.proposal, *checked);
    if (!proven) return give_up(judged, Fate::unproven, proven.error());
    judged.effect = proven->effect();
    OE_CHECK(record(judged, ledger::PatchAccepted{judged.effect}));
    return commit(judged, *proven, *tip);
  }

  std::string branch_of(const Judged& judged) const {
    const auto* same = memory_->same(judged.fingerprint);
    if (same != nullptr && !same->branch.empty()) return same->branch;
    return judged.supersedes ? judged.supersedes->branch : branch_name(judged.proposal, judged.fingerprint);
  }

  // Where the branch is now, if it may move: one that is checked out, or that has commits of somebody else, stays as it
  // is.
  Result<std::optional<git::Oid>> free_branch(const Judged& judged) const {
    const std::string name = branch_of(judged);
    OE_TRY(const git::Head head, context_.repository.head());
    if (head.branch == name) {
      return fail(ErrorKind::failed, fmt::format("the branch {} is checked out", name),
                  "switch to another branch first: git switch -");
    }
    OE_TRY(auto tip, context_.repository.branch(name));
    const auto* same = memory_->same(judged.fingerprint);
    const auto is_ours = [&](const ledger::ProposalRecord& record) { return made_by_oe(record, *tip); };
    if (!tip || (same != nullptr && is_ours(*same)) || (judged.supersedes && is_ours(*judged.supersedes))) return tip;
    return fail(ErrorKind::failed, fmt::format("the branch {} has commits that oe did not make", name),
                fmt::format("look at it (git log {0}) and delete it: git branch -D {0}", name));
  }

  // The record comes before the ref: whatever a kill leaves on the branch is known to be ours.
  Result<void> commit(Judged& judged, const ValidatedPatch& proven, const std::optional<git::Oid>& tip) {
    const std::string name = branch_of(judged);
    OE_TRY(const git::Oid commit, write_proposal_commit(judge_, base_, judged.proposal, judged.fingerprint, proven));
    OE_CHECK(record(judged, ledger::ProposalCommitted{name, commit.text}));
    const auto moved = context_.repository.set_branch(name, commit, tip);
    if (!moved) return give_up(judged, Fate::unproven, moved.error());
    judged.branch = name;
    judged.commit = commit.text;
    judged.fate = Fate::committed;
    if (!judged.supersedes) return {};
    const std::string by = "superseded by " + judged.fingerprint.text.substr(0, 8);
    return context_.ledger.record({judged.supersedes->fingerprint, context_.clock.now(), ledger::PatchRejected{by}});
  }

  // What is wrong with one proposal, or with the file that it is about, is no reason to drop the others.
  Result<void> give_up(Judged& judged, Fate fate, const Error& error) {
    if (error.kind() != ErrorKind::failed && error.kind() != ErrorKind::input) return fail(error);
    judged.fate = fate;
    judged.reason = error.to_string();
    if (options_.dry_run || fate == Fate::refused) return {};
    return record(judged, ledger::PatchRejected{judged.reason});
  }

  Result<void> record(const Judged& judged, ledger::ProposalBody body) {
    return context_.ledger.record({judged.fingerprint, context_.clock.now(), std::move(body)});
  }

  ledger::ProposalMade made(const Judged& judged, const Patch& patch) const {
    const Proposal& proposal = judged.proposal;
    nlohmann::json change = to_value(proposal.operation).json();
    for (const git::FileChange& file : patch.files) change["touches"].push_back(file.path);
    for (const Citation& citation : proposal.finding.citations) {
      change["evidence"].push_back({{"run", citation.run.text}, {"event", citation.event}});
    }
    return {.operation = std::string(operation_name(proposal.operation)),
            .target = target_name(proposal.operation),
            .title = proposal.title,
            .rationale = proposal.rationale,
            .confidence = std::string(to_string(proposal.confidence)),
            .rule = proposal.finding.rule,
            .workflow = base_.workflow,
            .runs = cited_runs(proposal.finding),
            .change = Value(std::move(change)),
            .diff = judged.diff,
            .base = base_.commit.text};
  }

  static std::vector<RunId> cited_runs(const Finding& finding) {
    std::vector<RunId> runs;
    for (const Citation& citation : finding.citations) {
      if (std::find(runs.begin(), runs.end(), citation.run) == runs.end()) runs.push_back(citation.run);
    }
    return runs;
  }

  const EvolveContext& context_;
  const EvolveOptions& options_;
  const Base& base_;
  TrialBasis basis_;
  Purse purse_;
  JudgeContext judge_;
  std::optional<Memory> memory_;  ///< as of the newest recognise()
  bool has_consent_ = false;
};

Result<void> write_markdown(const EvolveContext& context, const Evolution& evolution, const Base& base,
                            EvolveReport& report) {
  const std::filesystem::path directory = context.ledger.directory() / "evolution";
  report.markdown = directory / markdown_name(report.runs);
  OE_CHECK(sys::make_directories(directory));
  return sys::write_file(report.markdown, to_markdown(report, stack_diffs(evolution.judge(), base, report.proposals)));
}

}  // namespace

Result<EvolveReport> evolve(const EvolveContext& context, const EvolveOptions& options) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_CHECK(git::remove_leftover_worktrees(context.place, context.ledger.directory() / "worktrees"));
  OE_TRY(const git::Head head, context.repository.head());
  if (!head.commit)
    return fail(ErrorKind::input, "there is no commit yet", "commit the workflow: git add . && git commit");
  OE_TRY(Selection selection, select_runs(context.ledger, options, context.place));
  OE_TRY(const Base base, read_base(context.repository, *head.commit, selection.workflow));
  OE_TRY(Evidence evidence, gather(context.ledger, context.repository, base, selection));
  std::vector<RecordedRun> holdout = options.runs.empty() ? hold_out(evidence) : std::vector<RecordedRun>();

  EvolveReport report{
      .workflow = selection.workflow, .runs = selection.runs, .base = base.commit, .notes = selection.notes};
  OE_TRY(Policy policy, read_policy(context.repository, base.commit, context.place.main_root));
  Evolution evolution(context, options, base, evidence, std::move(holdout), std::move(policy));
  OE_TRY(Advice advice, evolution.advice());
  evolution.share_alpha(std::min(options.most, advice.proposals.size()));
  std::ranges::move(advice.notes, std::back_inserter(report.notes));
  report.spend = std::move(advice.spend);
  std::size_t taken = 0;  // what was rejected must not keep others out
  for (const Proposal& proposal : advice.proposals) {
    report.findings.push_back(proposal.finding);
    if (taken == options.most) continue;
    OE_TRY(Judged judged, evolution.carry(proposal));
    if (judged.fate != Fate::rejected_before) ++taken;
    report.proposals.push_back(std::move(judged));
  }
  report.trials = evolution.spent();
  if (!options.dry_run) OE_CHECK(write_markdown(context, evolution, base, report));
  return report;
}

}  // namespace oe::evolve
