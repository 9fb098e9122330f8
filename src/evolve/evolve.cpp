#include "oe/evolve/evolve.hpp"

#include "oe/sys/file.hpp"

#include "evolve/consent.hpp"
#include "evolve/gather.hpp"
#include "evolve/ground.hpp"
#include "evolve/judge_for.hpp"
#include "evolve/proposal_branch.hpp"
#include "evolve/search.hpp"
#include "evolve/stack.hpp"

namespace oe::evolve {

namespace {

Result<void> write_markdown(const EvolveContext& context, const JudgeContext& judge, const Base& base,
                            EvolveReport& report) {
  const std::filesystem::path directory = context.ledger.directory() / "evolution";
  report.markdown = directory / markdown_name(report.runs);
  OE_CHECK(sys::make_directories(directory));
  return sys::write_file(report.markdown, to_markdown(report, stack_diffs(judge, base, report.proposals)));
}

}  // namespace

Result<EvolveReport> evolve(const EvolveContext& context, const EvolveOptions& options) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_CHECK(git::remove_leftover_worktrees(context.place, context.ledger.directory() / "worktrees"));
  OE_TRY(const git::Head head, context.repository.head());
  if (!head.commit)
    return fail(ErrorKind::input, "there is no commit yet", "commit the workflow: git add . && git commit");
  if (!options.dry_run) OE_CHECK(git::check_signing(context.place, *head.commit));
  OE_TRY(Selection selection, select_runs(context.ledger, options, context.place));
  OE_TRY(Base base, read_base(context.repository, *head.commit, selection.workflow));
  OE_TRY(Evidence evidence, gather(context.ledger, context.repository, base, selection));
  std::vector<RecordedRun> holdout = options.runs.empty() ? hold_out(evidence) : std::vector<RecordedRun>();
  EvolveReport report{
      .workflow = selection.workflow, .runs = selection.runs, .base = base.commit, .notes = selection.notes};

  Purse purse(options.limits, context.clock.monotonic());
  OE_TRY(JudgeContext judge, judge_for(context, base, purse, options.sandbox));
  const Ground root(
      std::move(base), std::move(evidence), std::move(holdout),
      [&ledger = context.ledger](const RunId& run, const auto& each) { return ledger.read(run, each); });
  Consent consent(context, judge, root.base());
  OE_CHECK(Search(context, options, judge, consent, root, report).run());
  if (!options.dry_run) OE_CHECK(write_markdown(context, judge, root.base(), report));
  return report;
}

}  // namespace oe::evolve
