#include "oe/evolve/bisect.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/git/exchange.hpp"

#include "evolve/bisect_states.hpp"
#include "evolve/judge_for.hpp"
#include "evolve/needed_paths.hpp"

namespace oe::evolve {

namespace {

/// A metric by its name, and what has to be expected for it to be among the gauges.
struct NamedMetric {
  Expectation expectation;
  Metric metric;
};

std::vector<Expectation> expectations_of(const graph::Graph& graph) {
  using Kind = Expectation::Kind;
  std::vector<Expectation> all = {{.kind = Kind::no_worse}, {.kind = Kind::shorter_wall_time}};
  for (const graph::Node& node : graph.nodes)
    for (const Kind kind : {Kind::node_succeeds, Kind::shorter_wall_time, Kind::fewer_failed_items})
      all.push_back({.kind = kind, .node = node.id});
  return all;
}

Result<NamedMetric> find_metric(const graph::Graph& graph, const std::string& name) {
  std::vector<std::string> names;
  for (const Expectation& expectation : expectations_of(graph)) {
    for (const Gauge& gauge : gauges_for(expectation, graph)) {
      if (gauge.metric.name == name) return NamedMetric{expectation, gauge.metric};
      if (std::ranges::find(names, gauge.metric.name) == names.end()) names.push_back(gauge.metric.name);
    }
  }
  const std::string near = did_you_mean(name, names);
  return fail(ErrorKind::input, fmt::format("there is no metric '{}'", name),
              near.empty() ? "there are: " + join(names, ", ") : near);
}

Result<std::string> newest_workflow(const ledger::Ledger& ledger) {
  OE_TRY(const auto rows, ledger.ended_runs({}, {}, 1));
  if (rows.empty()) return fail(ErrorKind::input, "there are no runs to compare", "start one: oe run");
  return rows.front().workflow;
}

Result<void> check_order(const git::Place& place, const BisectOptions& options) {
  if (!options.good) return {};
  OE_TRY(const bool is_before, git::is_ancestor(place, *options.good, options.bad));
  if (is_before) return {};
  return fail(ErrorKind::input, fmt::format("{} is no ancestor of {}", options.good->text.substr(0, 12),
                                            options.bad.text.substr(0, 12)),
              "--good names a commit before that of --bad");
}

BisectStep step_of(const BisectSearch::Step& step, const std::vector<PastCommit>& commits) {
  return {.commit = commits[step.state],
          .verdict = step.verdict,
          .stored_pairs = step.stored_pairs,
          .new_pairs = step.new_pairs,
          .level = step.level,
          .sentence = step.sentence};
}

}  // namespace

std::string_view to_string(BisectStep::Verdict verdict) {
  switch (verdict) {
    case BisectStep::Verdict::worse:
      return "worse";
    case BisectStep::Verdict::not_worse:
      return "not worse yet";
    case BisectStep::Verdict::unclear:
      return "unclear";
  }
  return "unclear";
}

Result<BisectReport> bisect(const EvolveContext& context, const BisectOptions& asked) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  BisectOptions options = asked;
  if (options.workflow.empty()) {
    OE_TRY(options.workflow, newest_workflow(context.ledger));
  }
  OE_CHECK(check_order(context.place, options));
  OE_TRY(const Base base, read_base(context.repository, options.bad, options.workflow));
  OE_TRY(const NamedMetric named, find_metric(base.reading.graph, options.metric));
  OE_TRY(auto paths, needed_paths(context.repository, base));
  if (paths.empty()) paths.push_back(".");
  OE_TRY(const StatesOfWorkflow states, states_of({context.place, context.ledger}, options, paths));
  BisectReport report{.workflow = options.workflow, .metric = named.metric};
  if (states.commits.size() < 2) {
    report.ended_by = "no commit on the way touched the workflow since anything was run";
    return report;
  }
  report.commits.assign(states.commits.begin() + 1, states.commits.end());

  Purse purse(options.limits, context.clock.monotonic());
  OE_TRY(const JudgeContext judge, judge_for(context, base, purse, options.sandbox));
  MetricReader reader(context.ledger, named.expectation, named.metric.name);
  StateSamples samples(context, judge, options, states, reader, named.metric.unit == "s");
  OE_CHECK(samples.load());
  OE_TRY(const BisectSearch::Found found, BisectSearch(named.metric, samples).run());
  for (const BisectSearch::Step& step : found.steps) report.steps.push_back(step_of(step, states.commits));
  for (const std::size_t state : found.suspects) report.suspects.push_back(states.commits[state]);
  report.new_runs = purse.runs();
  report.ended_by = found.ended_by;
  return report;
}

}  // namespace oe::evolve
