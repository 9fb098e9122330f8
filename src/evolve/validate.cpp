#include <algorithm>
#include <fmt/core.h>

#include "evolve/contest.hpp"
#include "evolve/line.hpp"
#include "evolve/probe.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kLongestFailure = 300;

Result<Shown> reproduce(const JudgeContext& context, const TrialBasis& basis, const Finding& finding,
                        const AddDatasetCase& add, const CheckedPatch& checked) {
  OE_TRY(Probe probe, Probe::open(context, basis.base, basis.run_of(finding), add.node, checked.scratch,
                                  "case-" + checked.scratch.text.substr(0, 8)));
  FailuresShown shown{.alpha = context.alpha};
  while (shown.errors.size() < failures_needed(context.alpha)) {
    OE_TRY(const auto failure, probe.fails_on(add.item));
    if (!failure) return fail(ErrorKind::failed, fmt::format("{} succeeds on the case", add.node.text));
    if (!fails_alike(add, *failure, add.item)) {
      return fail(ErrorKind::failed, fmt::format("{} fails on the case in another way: {}", add.node.text, *failure));
    }
    shown.errors.push_back(context.redactor.text(one_line(*failure, kLongestFailure)));
  }
  return shown;
}

Result<Shown> contend(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal,
                      const CheckedPatch& checked, ledger::ContestOutcome& outcome) {
  Contest contest(context, basis, proposal, checked);
  OE_TRY(const Verdict verdict, contest.hold());
  outcome = contest.outcome(verdict);
  // What takes a change back is spoken for by runs, and the trial may only speak against it: effect_of() tells.
  const bool must_gain = !std::holds_alternative<Revert>(proposal.operation);
  if (must_gain && !verdict.opens_branch()) return fail(ErrorKind::failed, verdict.sentence);
  return contest.shown();
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

const RunId& TrialBasis::case_of(const RunId& run) const {
  const auto repeated = repeats.find(run);
  return repeated == repeats.end() ? run : repeated->second;
}

Result<ValidatedPatch> validate(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal,
                                const CheckedPatch& checked, ledger::ContestOutcome& outcome) {
  const bool must_break = proposal.expectation.kind != Expectation::Kind::no_worse;
  const auto* add = must_break ? std::get_if<AddDatasetCase>(&proposal.operation) : nullptr;
  OE_TRY(Shown shown, add != nullptr ? reproduce(context, basis, proposal.finding, *add, checked)
                                     : contend(context, basis, proposal, checked, outcome));
  OE_TRY(std::string effect, effect_of(shown, proposal.operation));
  return ValidatedPatch(checked, std::move(shown), std::move(effect));
}

}  // namespace oe::evolve
