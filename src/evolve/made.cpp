#include "evolve/made.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oe::evolve {

namespace {

std::vector<RunId> cited_runs(const Finding& finding) {
  std::vector<RunId> runs;
  for (const Citation& citation : finding.citations) {
    if (std::find(runs.begin(), runs.end(), citation.run) == runs.end()) runs.push_back(citation.run);
  }
  return runs;
}

Value change_of(const Proposal& proposal, const Patch& patch) {
  nlohmann::json change = to_value(proposal.operation).json();
  for (const git::FileChange& file : patch.files) change["touches"].push_back(file.path);
  for (const Citation& citation : proposal.finding.citations) {
    change["evidence"].push_back({{"run", citation.run.text}, {"event", citation.event}});
  }
  return Value(std::move(change));
}

}  // namespace

ledger::ProposalMade made(const Judged& judged, const Base& base, const Patch& patch) {
  const Proposal& proposal = judged.proposal;
  return {.operation = std::string(operation_name(proposal.operation)),
          .target = target_name(proposal.operation),
          .title = proposal.title,
          .rationale = proposal.rationale,
          .confidence = std::string(to_string(proposal.confidence)),
          .rule = proposal.finding.rule,
          .workflow = base.workflow,
          .runs = cited_runs(proposal.finding),
          .change = change_of(proposal, patch),
          .diff = judged.diff,
          .base = base.commit.text,
          .parent = judged.descent.parent,
          .generation = judged.descent.generation,
          .arm = judged.descent.arm,
          .advisor = proposal.finding.rule == kModelRule ? "model" : "rules"};
}

}  // namespace oe::evolve
