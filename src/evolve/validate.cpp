#include <algorithm>
#include <cmath>
#include <fmt/core.h>

#include "evolve/contest.hpp"
#include "evolve/line.hpp"
#include "evolve/probe.hpp"

namespace oe::evolve {

namespace {

// A node that fails on it half of the time by chance does so this often in a row with a probability of at most alpha.
std::size_t failures_needed(double alpha) {
  return static_cast<std::size_t>(std::ceil(-std::log2(alpha)));
}

Result<std::string> reproduce(const JudgeContext& context, const TrialBasis& basis, const Finding& finding,
                              const AddDatasetCase& add, const CheckedPatch& checked) {
  OE_TRY(Probe probe, Probe::open(context, basis.base, basis.run_of(finding), add.node, checked.scratch,
                                  "case-" + checked.scratch.text.substr(0, 8)));
  const std::size_t times = failures_needed(context.alpha);
  std::string newest;
  for (std::size_t i = 0; i < times; ++i) {
    OE_TRY(const auto failure, probe.fails_on(add.item));
    if (!failure) return fail(ErrorKind::failed, fmt::format("{} succeeds on the case", add.node.text));
    if (!fails_alike(add, *failure, add.item)) {
      return fail(ErrorKind::failed, fmt::format("{} fails on the case in another way: {}", add.node.text, *failure));
    }
    newest = *failure;
  }
  return fmt::format("the case makes {} fail, {} times of {}: {}", add.node.text, times, times, one_line(newest, 120));
}

Result<std::string> contend(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal,
                            const CheckedPatch& checked, ledger::ContestOutcome& outcome) {
  Contest contest(context, basis, proposal, checked);
  OE_TRY(const Verdict verdict, contest.hold());
  outcome = contest.outcome(verdict);
  if (!verdict.opens_branch()) return fail(ErrorKind::failed, verdict.sentence);
  return verdict.sentence;
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
  OE_TRY(std::string effect, add != nullptr ? reproduce(context, basis, proposal.finding, *add, checked)
                                            : contend(context, basis, proposal, checked, outcome));
  return ValidatedPatch(checked, std::move(effect));
}

}  // namespace oe::evolve
