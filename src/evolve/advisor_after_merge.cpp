#include "evolve/advisor_after_merge.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/evolve/realised.hpp"

#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kMostCitedRuns = 20;

// Only what the newest look has seen: more pairs say nothing until the next one.
Revert revert_of(const AfterMerge& merge) {
  const auto end = merge.pairs.begin() + static_cast<std::ptrdiff_t>(merge.realised.looked_at);
  return {.proposal = merge.record.fingerprint,
          .commit = merge.commit,
          .target = merge.record.made.target,
          .diff = merge.record.made.diff,
          .metric = merge.promise->metric,
          .promised = merge.promise->gain,
          .runs = {merge.pairs.begin(), end}};
}

std::string rationale_of(const AfterMerge& merge) {
  const ledger::ProposalRecord& record = merge.record;
  std::string text =
      fmt::format("Proposal {} ({}) is in the history since {}. {}. Its trial had shown: {}. The interval of what the "
                  "runs show excludes the promise and does not exclude that nothing was gained, so the change is not "
                  "worth keeping for what it was made for.",
                  record.fingerprint.text.substr(0, 8), one_line(record.made.title), merge.commit.text.substr(0, 12),
                  merge.realised.sentence, one_line(record.effect));
  if (merge.together > 0)
    text += fmt::format(" Nothing was run between it and {} other change{} of the file: the runs are about all.",
                        merge.together, merge.together == 1 ? "" : "s");
  return text + " Taking it back puts its lines back as they were; whatever else it was good for goes, too.";
}

// A gain that is shown to be a loss is sure; one that is only not there is less so.
Proposal proposal_of(const AfterMerge& merge) {
  const ledger::ProposalRecord& record = merge.record;
  Proposal proposal{.operation = revert_of(merge),
                    .finding = {.rule = std::string(kBrokenPromise),
                                .node = merge.expectation->node,
                                .claim = merge.realised.sentence},
                    .title = fmt::format("take back {}: {}", record.fingerprint.text.substr(0, 8), record.made.title),
                    .rationale = rationale_of(merge),
                    .confidence = merge.realised.interval->high <= 0 ? Confidence::high : Confidence::medium,
                    .expectation = *merge.expectation};
  const std::size_t count = std::min(2 * merge.realised.looked_at, merge.runs.size());
  for (std::size_t i = count - std::min(count, kMostCitedRuns); i < count; ++i)
    proposal.finding.citations.push_back({merge.runs[i], 1});
  return proposal;
}

bool was_taken_back(const std::vector<ledger::ProposalRecord>& records, const AfterMerge& merge) {
  return std::ranges::any_of(records, [&](const ledger::ProposalRecord& record) {
    return record.status == ledger::ProposalStatus::accepted && record.made.operation == "revert" &&
           record.made.change.get("commit").string_or("") == merge.commit.text &&
           record.made.change.get("proposal").string_or("") == merge.record.fingerprint.text;
  });
}

class AfterMergeAdvisor : public Advisor {
 public:
  explicit AfterMergeAdvisor(const HistoryContext& context) : context_(context) {}
  std::string_view name() const override { return "after-merge"; }

  Result<Advice> advise(const AdvisorContext& context) override {
    OE_TRY(const auto merges, after_merges(context_));
    Advice advice;
    for (const AfterMerge& merge : merges) {
      const bool is_broken = merge.gap.empty() && merge.realised.fulfilment == Fulfilment::broken;
      if (!is_broken || merge.record.made.workflow != context.base.workflow) continue;
      if (was_taken_back(context.earlier, merge)) continue;
      Proposal proposal = proposal_of(merge);
      if (const auto fits = context.check(proposal); fits)
        advice.proposals.push_back(std::move(proposal));
      else
        advice.notes.push_back(fmt::format("{} did not keep its promise and cannot be taken back by oe: {}",
                                           merge.record.fingerprint.text.substr(0, 8),
                                           one_line(fits.error().message())));
    }
    return advice;
  }

 private:
  const HistoryContext& context_;
};

}  // namespace

std::unique_ptr<Advisor> make_after_merge_advisor(const HistoryContext& context) {
  return std::make_unique<AfterMergeAdvisor>(context);
}

}  // namespace oe::evolve
