#include "oe/evolve/history.hpp"

#include "evolve/history_runs.hpp"

namespace oe::evolve {

namespace {

/// What is read of the runs of one commit.
constexpr std::size_t kMostMeasured = 50;

Result<void> measure(RunMeter& meter, PastStep& step, std::vector<RunPlaces::Found> found) {
  for (RunPlaces::Found& one : found) {
    if (step.runs.size() == kMostMeasured) {
      ++step.unread_runs;
      continue;
    }
    OE_TRY(auto metrics, meter.read(one.row.id));
    step.runs.push_back({std::move(one.row), one.is_uncommitted, std::move(metrics)});
  }
  return {};
}

}  // namespace

Result<std::vector<PastStep>> history(const HistoryContext& context, const HistoryOptions& options) {
  std::vector<PastStep> steps;
  if (!context.place.head) return steps;
  OE_TRY(auto records, context.ledger.proposals());
  Landings landings(std::move(records));
  OE_TRY(RunPlaces runs, RunPlaces::open(context, options.path));
  RunMeter meter(context.ledger);
  Result<void> read;
  OE_CHECK(walk_back(context.place, *context.place.head, {}, [&](const PastCommit& commit) {
    PastStep step{.commit = commit, .proposals = landings.of(commit)};
    std::erase_if(step.proposals, [&](const LandedProposal& one) { return !is_below(one.workflow, options.path); });
    auto found = runs.at(commit);
    if (step.proposals.empty() && found.empty()) return true;
    read = measure(meter, step, std::move(found));
    steps.push_back(std::move(step));
    return read.has_value() && steps.size() != options.most;
  }));
  OE_CHECK(read);
  return steps;
}

}  // namespace oe::evolve
