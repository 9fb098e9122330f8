#include "evolve/gauges.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "oe/graph/expression.hpp"
#include "oe/llm/schema.hpp"

namespace oe::evolve {

namespace {

using ledger::Outcome;
using ledger::RunState;
using Kind = Expectation::Kind;

// What a faster run must at least save; less could be noise of the machine.
constexpr double kLeastTimeSaved = 0.2;
// A fix may cost time; a run that takes twice as long for nothing is no fix.
constexpr double kMostTimeLost = 0.5;
constexpr double kCostThatMatters = 0.1;
// Of counts: any difference.
constexpr double kOne = 1;

const ledger::NodeState* node_in(const RunState& run, const NodeId& id) {
  const auto node = run.nodes.find(id);
  return node == run.nodes.end() ? nullptr : &node->second;
}

// A fan-out over nothing fails on nothing, which shows nothing.
Measured success_of(const RunState& run, const NodeId& id) {
  const ledger::NodeState* node = node_in(run, id);
  if (node == nullptr || !node->outcome || node->items == std::uint64_t{0}) return std::nullopt;
  if (node->outcome == Outcome::skipped && node->skip_cause == ledger::SkipCause::condition) return std::nullopt;
  return node->outcome == Outcome::succeeded ? 1.0 : 0.0;
}

Measured failed_items_of(const RunState& run, const NodeId& id) {
  const ledger::NodeState* node = node_in(run, id);
  if (node == nullptr || node->items.value_or(0) == 0 || node->outcome == Outcome::skipped) return std::nullopt;
  return static_cast<double>(failed_items(run, id));
}

Measured seconds_of(const RunState& run, const NodeId& id) {
  const auto time = wall_time(run, id);
  if (time == std::chrono::microseconds::max()) return std::nullopt;
  return std::chrono::duration<double>(time).count();
}

// Nodes and items that failed, and nodes that could not begin because of it.
Measured failures_of(const RunState& run) {
  double failures = 0;
  for (const auto& [id, node] : run.nodes) {
    const bool is_cut_off = node.outcome == Outcome::skipped && node.skip_cause != ledger::SkipCause::condition;
    if (is_failure(node.outcome) || is_cut_off) ++failures;
    failures += static_cast<double>(failed_items(run, id));
  }
  return failures;
}

Measured success_of_run(const RunState& run) {
  return run.status == ledger::RunStatus::success ? 1.0 : 0.0;
}

// Of a run that succeeds: one that fails at once is neither quick nor cheap.
Measured seconds_of_success(const RunState& run) {
  return run.status == ledger::RunStatus::success ? seconds_of(run, {}) : std::nullopt;
}

Measured cost_of_success(const RunState& run) {
  std::optional<double> usd;
  if (run.status != ledger::RunStatus::success) return usd;
  for (const auto& [id, node] : run.nodes)
    for (const ledger::Attempt& attempt : node.attempts)
      if (const auto spent = exec::spend_of(attempt.metrics).usd; spent && !attempt.cache_hit)
        usd = usd.value_or(0) + *spent;
  return usd;
}

// Of a run that succeeds: one that fails early has not tried what comes later.
template <class Counted>
Measured attempts_of_success(const RunState& run, const Counted& is_counted) {
  if (run.status != ledger::RunStatus::success) return std::nullopt;
  double count = 0;
  for (const auto& [id, node] : run.nodes) {
    std::set<std::pair<std::optional<std::uint64_t>, std::vector<std::uint64_t>>> tried;
    for (const ledger::Attempt& attempt : node.attempts) {
      const bool is_retry = !tried.insert({attempt.index, attempt.scope}).second;
      if (is_counted(id, attempt, is_retry)) ++count;
    }
  }
  return count;
}

// The attempts after the first of nodes and items. Of the node that is to succeed they are the price of the remedy.
Gauge retries_gauge(const Expectation& expectation) {
  const bool may_retry = expectation.kind == Kind::node_succeeds || expectation.kind == Kind::fewer_failed_items;
  return {{"retries", Direction::lower, Role::guard, Scale::absolute, kOne},
          [but = may_retry ? expectation.node : NodeId()](const RunState& run) {
            return attempts_of_success(run, [&](const NodeId& node, const ledger::Attempt&, bool is_retry) {
              return is_retry && (but.empty() || node != but);
            });
          }};
}

Gauge violations_gauge() {
  return {{"schema violations", Direction::lower, Role::guard, Scale::absolute, kOne}, [](const RunState& run) {
            return attempts_of_success(run, [](const NodeId&, const ledger::Attempt& attempt, bool) {
              return attempt.outcome == Outcome::failed && attempt.error.find(llm::kUnfit) != std::string::npos;
            });
          }};
}

Measured declared_value(const RunState& run, const graph::Graph& graph, const graph::Expression& source) {
  const graph::Lookup lookup = [&](std::string_view name) -> std::optional<Value> {
    const auto writes = run.writes.find(std::string(name));
    const graph::StateField* field = graph::find_field(graph, name);
    if (writes == run.writes.end() || field == nullptr) return std::nullopt;
    return ledger::merged(writes->second, static_cast<ledger::FieldMerge>(field->merge), UINT64_MAX);
  };
  const auto value = source.value(lookup);
  if (!value) return std::nullopt;
  if (value->json().is_boolean()) return value->json().get<bool>() ? 1.0 : 0.0;
  return value->json().is_number() ? std::optional(value->json().get<double>()) : std::nullopt;
}

Gauge success_gauge(const NodeId& node, Role role) {
  if (node.empty()) return {{"success", Direction::higher, role, Scale::yes_no}, success_of_run};
  return {{"success of " + node.text, Direction::higher, role, Scale::yes_no},
          [node](const RunState& run) { return success_of(run, node); }};
}

Gauge time_gauge(const NodeId& node) {
  const std::string name = node.empty() ? "time of the run" : "time of " + node.text;
  return {{name, Direction::lower, Role::goal, Scale::relative, kLeastTimeSaved, "s"},
          [node](const RunState& run) { return seconds_of(run, node); }};
}

Gauge success_time_gauge(Role role) {
  const double margin = role == Role::goal ? kLeastTimeSaved : kMostTimeLost;
  return {{"time of a success", Direction::lower, role, Scale::relative, margin, "s"}, seconds_of_success};
}

Gauge failed_items_gauge(const NodeId& node, Role role) {
  return {{"failed items of " + node.text, Direction::lower, role, Scale::absolute, kOne},
          [node](const RunState& run) { return failed_items_of(run, node); }};
}

Gauge declared_gauge(const graph::Graph& graph, const graph::Metric& metric, bool may_be_goal) {
  const auto source = graph::Expression::parse(metric.source);
  Gauge gauge{{.name = metric.name,
               .direction = metric.is_higher_better ? Direction::higher : Direction::lower,
               .role = metric.is_goal && may_be_goal ? Role::goal : Role::guard,
               .scale = Scale::absolute,
               .margin = metric.margin},
              [](const RunState&) { return Measured(); }};
  if (source) gauge.read = [&graph, source = *source](const RunState& run) { return declared_value(run, graph, source); };
  return gauge;
}

std::vector<Gauge> goals_of(const Expectation& expectation) {
  switch (expectation.kind) {
    case Kind::node_succeeds:
      return {success_gauge(expectation.node, Role::goal)};
    case Kind::fewer_failed_items:
      return {failed_items_gauge(expectation.node, Role::goal)};
    case Kind::shorter_wall_time:
      return {time_gauge(expectation.node)};
    case Kind::no_worse:
    case Kind::case_reproduces:
      break;
  }
  return {};
}

}  // namespace

std::vector<Gauge> gauges_for(const Expectation& expectation, const graph::Graph& graph) {
  std::vector<Gauge> gauges = goals_of(expectation);
  const bool only_covers_more = expectation.kind == Kind::no_worse && expectation.before > 0;
  const bool is_open = gauges.empty() && !only_covers_more;
  const Role role = is_open ? Role::goal : Role::guard;
  gauges.push_back(success_gauge({}, role));
  // One more case takes its time and its money.
  if (expectation.kind != Kind::shorter_wall_time && !only_covers_more) gauges.push_back(success_time_gauge(role));
  if (!only_covers_more)
    gauges.push_back({{"cost", Direction::lower, role, Scale::relative, kCostThatMatters, "$"}, cost_of_success});
  gauges.push_back({{"failures", Direction::lower, Role::guard, Scale::absolute, kOne}, failures_of});
  // One more case may need a second try, too.
  if (!only_covers_more) {
    gauges.push_back(retries_gauge(expectation));
    gauges.push_back(violations_gauge());
  }
  for (const graph::Metric& metric : graph.metrics) gauges.push_back(declared_gauge(graph, metric, is_open));
  return gauges;
}

std::vector<Measured> readings(const std::vector<Gauge>& gauges, const Result<ledger::RunState>& run) {
  std::vector<Measured> values(gauges.size());
  for (std::size_t i = 0; run && i < gauges.size(); ++i) values[i] = gauges[i].read(*run);
  return values;
}

std::uint64_t failed_items(const RunState& run, const NodeId& node) {
  const ledger::NodeState* found = node_in(run, node);
  if (found == nullptr) return 0;
  std::map<std::uint64_t, bool> failed;
  for (const ledger::Attempt& attempt : found->attempts)
    if (attempt.index && attempt.outcome) failed[*attempt.index] = *attempt.outcome != Outcome::succeeded;
  return static_cast<std::uint64_t>(std::ranges::count_if(failed, [](const auto& item) { return item.second; }));
}

std::chrono::microseconds wall_time(const RunState& run, const NodeId& node) {
  if (node.empty()) return run.duration;
  const ledger::NodeState* found = node_in(run, node);
  const bool ran = found != nullptr && found->ready != 0 && found->ended != 0;
  return ran ? found->ended_at - found->ready_at : std::chrono::microseconds::max();
}

}  // namespace oe::evolve
