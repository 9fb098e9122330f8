#include "oe/engine/forecast.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/forecast_fates.hpp"
#include "engine/forecast_schedule.hpp"

namespace oe::engine {

namespace {

using std::chrono::microseconds;

template <class T>
std::optional<T> median(std::vector<T> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Ids of a node and of all in its body, as the journal has them.
void collect_ids(const PlannedNode& node, const std::string& prefix, std::vector<NodeId>& ids) {
  const std::string id = prefix + node.node->id.text;
  ids.push_back({id});
  if (!node.body) return;
  const bool is_experience = std::holds_alternative<graph::Subgraph>(node.node->work);
  for (const PlannedNode& inner : node.body->nodes()) {
    if (inner.node->id.text != node.node->id.text || is_experience)
      collect_ids(inner, is_experience ? id + "/" : prefix, ids);
    else if (inner.body)  // an experience under a for_each
      for (const PlannedNode& deep : inner.body->nodes()) collect_ids(deep, id + "/", ids);
  }
}

/// What one past run tells of a node.
struct Observation {
  microseconds work{0};
  std::uint64_t rounds = 0;
  exec::Spend spent;
};

void tally(exec::Spend& total, const exec::Spend& spent) {
  if (spent.tokens) total.tokens = total.tokens.value_or(0) + *spent.tokens;
  if (spent.usd) total.usd = total.usd.value_or(0) + *spent.usd;
}

bool has_body(const graph::Node& node) {
  return graph::body(node) != nullptr || graph::body(graph::leaf(node)) != nullptr;
}

std::optional<Observation> observe(const ledger::RunState& run, const PlannedNode& node,
                                   const std::vector<NodeId>& ids) {
  const auto top = run.nodes.find(node.node->id);
  if (top == run.nodes.end() || top->second.outcome != ledger::Outcome::succeeded) return std::nullopt;
  Observation seen;
  for (const NodeId& id : ids) {
    const auto found = run.nodes.find(id);
    if (found == run.nodes.end()) continue;
    for (const ledger::Attempt& attempt : found->second.attempts) {
      if (attempt.cache_hit || !attempt.reused_from.empty()) continue;
      seen.work += attempt.facts.duration;
      tally(seen.spent, exec::spend_of(attempt.metrics));
      if (!attempt.scope.empty()) seen.rounds = std::max(seen.rounds, attempt.scope.front() + 1);
    }
  }
  if (has_body(*node.node)) seen.work = top->second.ended_at - top->second.ready_at;
  return seen;
}

std::optional<std::uint64_t> items_now(const Plan& plan, const graph::Each& each) {
  const auto path = graph::parse_path(each.source);
  if (!path || path->empty() || path->front() != "$run") return std::nullopt;
  const auto list = graph::resolve_path(*path, [&](std::string_view) -> std::optional<Value> {
    return Value(nlohmann::json{{"inputs", plan.inputs().json()}, {"args", plan.args().json()}});
  });
  if (!list || !list->is_array()) return std::nullopt;
  return (list->size() + each.batch - 1) / each.batch;
}

std::optional<std::uint64_t> items_then(const std::vector<ledger::RunState>& past, const NodeId& id) {
  std::vector<std::uint64_t> counts;
  for (const ledger::RunState& run : past) {
    const auto node = run.nodes.find(id);
    if (node != run.nodes.end() && node->second.items) counts.push_back(*node->second.items);
  }
  return median(std::move(counts));
}

void add_figures(NodeForecast& node, const std::vector<Observation>& seen) {
  std::vector<microseconds> work;
  std::vector<std::uint64_t> tokens, rounds;
  std::vector<double> usd;
  for (const Observation& one : seen) {
    work.push_back(one.work);
    if (one.rounds > 0) rounds.push_back(one.rounds);
    if (one.spent.tokens) tokens.push_back(*one.spent.tokens);
    if (one.spent.usd) usd.push_back(*one.spent.usd);
  }
  node.runs = seen.size();
  node.work = median(std::move(work));
  node.tokens = median(std::move(tokens));
  node.usd = median(std::move(usd));
  node.rounds = median(std::move(rounds));
}

NodeForecast look_at(const Plan& plan, const PlannedNode& planned, FateOf fate,
                     const std::vector<ledger::RunState>& past) {
  const graph::Node& node = *planned.node;
  NodeForecast forecast{.id = node.id,
                        .kind = std::string(graph::kind_name(graph::leaf(node).work)),
                        .fate = fate.fate,
                        .conditions = std::move(fate.conditions),
                        .reason = std::move(fate.reason)};
  std::vector<NodeId> ids;
  collect_ids(planned, "", ids);
  std::vector<Observation> seen;
  for (const ledger::RunState& run : past) {
    if (auto one = observe(run, planned, ids)) seen.push_back(std::move(*one));
  }
  add_figures(forecast, seen);
  if (const auto* each = std::get_if<graph::Each>(&node.work)) {
    forecast.items = items_now(plan, *each);
    if (!forecast.items) forecast.items = items_then(past, node.id);
    if (!has_body(node)) forecast.lanes = std::max(1u, std::min(each->concurrency, plan.concurrency()));
  }
  if (!std::holds_alternative<graph::Repeat>(node.work)) forecast.rounds.reset();
  forecast.counted = fate.fate == Fate::runs || (fate.fate == Fate::depends && !past.empty() && seen.size() * 2 >= past.size());
  return forecast;
}

void add_totals(Forecast& forecast, const Plan& plan) {
  exec::Spend total;
  bool any = false;
  for (const NodeForecast& node : forecast.nodes) {
    if (!node.counted) continue;
    if (!node.work) forecast.unknown.push_back(node.id);
    any = any || node.work;
    tally(total, {node.tokens, node.usd});
  }
  forecast.tokens = total.tokens;
  forecast.usd = total.usd;
  if (any) forecast.duration = expected_duration(plan, forecast.nodes);
}

}  // namespace

Forecast forecast(const Plan& plan, const std::vector<ledger::RunState>& past,
                  const std::optional<std::set<NodeId>>& only) {
  Forecast forecast{.past_runs = past.size()};
  std::vector<FateOf> known = fates(plan, only);
  for (std::size_t position = 0; position < plan.nodes().size(); ++position) {
    forecast.nodes.push_back(look_at(plan, plan.nodes()[position], std::move(known[position]), past));
  }
  add_totals(forecast, plan);
  return forecast;
}

}  // namespace oe::engine
