#include "evolve/realised_runs.hpp"

#include <algorithm>

#include "evolve/gather.hpp"
#include "evolve/history_runs.hpp"

namespace oe::evolve {

namespace {

bool came_to_its_end(ledger::RunStatus status) {
  return status == ledger::RunStatus::success || status == ledger::RunStatus::failed ||
         status == ledger::RunStatus::partial;
}

}  // namespace

Result<OneMeasure> MetricReader::read(const RunId& run) {
  OE_TRY(const ledger::RunState state, ledger_.state(run));
  OneMeasure measure{run, state.start.args.dump(), state.start.content, {}};
  std::unique_ptr<Kept>& kept = by_digest_[state.start.workflow_digest];
  if (!kept) {
    kept = std::make_unique<Kept>();
    if (auto graph = recorded_graph(ledger_, state.start, files_of_nobody())) kept->graph = std::move(*graph);
    kept->gauges = gauges_for(expectation_, kept->graph);
  }
  for (const Gauge& gauge : kept->gauges)
    if (gauge.metric.name == metric_) measure.value = gauge.read(state);
  return measure;
}

Measured MetricReader::value_of(const ledger::RunState& run, const graph::Graph& graph) const {
  for (const Gauge& gauge : gauges_for(expectation_, graph))
    if (gauge.metric.name == metric_) return gauge.read(run);
  return std::nullopt;
}

std::vector<RunId> runs_of_content(const std::vector<ledger::RunRow>& rows, const std::string& workflow,
                                   const std::string& sha256) {
  std::vector<RunId> runs;
  for (const ledger::RunRow& row : rows)
    if (row.workflow == workflow && row.workflow_digest == sha256 && came_to_its_end(row.status)) runs.push_back(row.id);
  return runs;
}

Matched match(const std::vector<OneMeasure>& before, const std::vector<OneMeasure>& after) {
  Matched matched;
  std::vector<bool> is_taken(before.size(), false);
  for (const OneMeasure& late : after) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (is_taken[i] || before[i].args != late.args) continue;
      is_taken[i] = true;
      matched.pairs.push_back({.case_name = late.run.text, .base = {before[i].value}, .candidate = {late.value}});
      matched.runs.insert(matched.runs.end(), {before[i].run, late.run});
      break;
    }
  }
  return matched;
}

}  // namespace oe::evolve
