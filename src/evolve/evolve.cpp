#include "oe/evolve/evolve.hpp"

#include <algorithm>
#include <iterator>

#include "oe/evolve/judge.hpp"
#include "oe/evolve/policy.hpp"
#include "oe/stats/sequential.hpp"
#include "oe/sys/file.hpp"

#include "evolve/carrier.hpp"
#include "evolve/consent.hpp"
#include "evolve/counsel.hpp"
#include "evolve/gather.hpp"
#include "evolve/proposal_branch.hpp"
#include "evolve/stack.hpp"
#include "evolve/tree_files.hpp"

namespace oe::evolve {

namespace {

// One invocation: asks the advisors, and sees to it that all that is tried has the user's consent and its part of the
// error that may be made.
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

  Result<Judged> carry(const Proposal& proposal) {
    if (!options_.dry_run) OE_CHECK(ask_for_consent());
    return Carrier(context_, options_, judge_, basis_).carry(proposal);
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

  const EvolveContext& context_;
  const EvolveOptions& options_;
  const Base& base_;
  TrialBasis basis_;
  Purse purse_;
  JudgeContext judge_;
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
    if (judged.fate != Judged::Fate::rejected_before) ++taken;
    report.proposals.push_back(std::move(judged));
  }
  report.trials = evolution.spent();
  if (!options.dry_run) OE_CHECK(write_markdown(context, evolution, base, report));
  return report;
}

}  // namespace oe::evolve
