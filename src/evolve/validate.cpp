#include <algorithm>
#include <fmt/core.h>

#include "evolve/expectation.hpp"
#include "evolve/line.hpp"
#include "evolve/probe.hpp"
#include "evolve/trial.hpp"

namespace oe::evolve {

namespace {

Result<std::string> reproduce(const JudgeContext& context, const TrialBasis& basis, const Finding& finding,
                              const AddDatasetCase& add, const CheckedPatch& checked) {
  OE_TRY(Probe probe, Probe::open(context, basis.base, basis.run_of(finding), add.node, checked.scratch,
                                  "case-" + checked.scratch.text.substr(0, 8)));
  OE_TRY(const auto failure, probe.fails_on(add.item));
  if (!failure) return fail(ErrorKind::failed, fmt::format("{} succeeds on the case", add.node.text));
  if (!fails_alike(add, *failure, add.item)) {
    return fail(ErrorKind::failed, fmt::format("{} fails on the case in another way: {}", add.node.text, *failure));
  }
  return fmt::format("the case makes {} fail: {}", add.node.text, one_line(*failure, 120));
}

// The unpatched workflow, run once in this invocation however many proposals ask for it.
Result<void> ensure_rerun(const JudgeContext& context, TrialBasis& basis, const RecordedRun& recorded) {
  if (basis.rerun) return {};
  OE_TRY(basis.rerun, run_trial(context, trial_of(recorded, basis.base.commit, "rerun")));
  return {};
}

Result<std::string> run_and_judge(const JudgeContext& context, TrialBasis& basis, const Proposal& proposal,
                                  const CheckedPatch& checked) {
  const RecordedRun& recorded = basis.run_of(proposal.finding);
  const bool compares_times = proposal.expectation.kind == Expectation::Kind::shorter_wall_time;
  if (compares_times) OE_CHECK(ensure_rerun(context, basis, recorded));
  OE_TRY(const ledger::RunState trial,
         run_trial(context, trial_of(recorded, checked.scratch, "trial-" + checked.scratch.text.substr(0, 8))));
  return judge_trial(proposal.expectation, recorded, compares_times ? *basis.rerun : recorded.state, trial);
}

}  // namespace

const RecordedRun& TrialBasis::run_of(const Finding& finding) const {
  const auto cited = [&](const RecordedRun& run) {
    return std::any_of(finding.citations.begin(), finding.citations.end(),
                       [&](const Citation& citation) { return citation.run == run.state.id; });
  };
  const auto newest = std::find_if(evidence.runs.rbegin(), evidence.runs.rend(), cited);
  return newest == evidence.runs.rend() ? evidence.runs.back() : *newest;
}

Result<ValidatedPatch> validate(const JudgeContext& context, TrialBasis& basis, const Proposal& proposal,
                                const CheckedPatch& checked) {
  const bool must_break = proposal.expectation.kind != Expectation::Kind::no_worse;
  const auto* add = must_break ? std::get_if<AddDatasetCase>(&proposal.operation) : nullptr;
  OE_TRY(std::string effect, add != nullptr ? reproduce(context, basis, proposal.finding, *add, checked)
                                            : run_and_judge(context, basis, proposal, checked));
  return ValidatedPatch(checked, std::move(effect));
}

}  // namespace oe::evolve
