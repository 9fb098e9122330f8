#include "engine/forecast_fates.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace oe::engine {

namespace {

/// Whether an edge fires when everything before it succeeds.
enum class Fires { yes, maybe, no };

struct LikelyArrival {
  Fires fires = Fires::yes;
  std::string condition;  ///< with maybe
  std::string reason;     ///< with no
};

graph::Lookup run_inputs(const Plan& plan) {
  const Value run(nlohmann::json{{"inputs", plan.inputs().json()}, {"args", plan.args().json()}});
  return [run](std::string_view name) { return name == "$run" ? std::optional(run) : std::nullopt; };
}

Fires firing_of(const std::optional<graph::Expression>& condition, const graph::Lookup& inputs) {
  if (!condition) return Fires::yes;
  if (!condition->fields().empty() || !condition->nodes().empty()) return Fires::maybe;
  return condition->holds(inputs) ? Fires::yes : Fires::no;
}

// `else` fires when no edge of the same node with a condition does.
Fires firing_of_else(const Plan& plan, const graph::Edge& edge, const graph::Lookup& inputs) {
  Fires other = Fires::no;
  for (const PlannedNode& node : plan.nodes()) {
    for (std::size_t i = 0; i < node.edges.size(); ++i) {
      if (node.edges[i]->from != edge.from || !node.edges[i]->when) continue;
      const Fires fires = firing_of(node.conditions[i], inputs);
      if (fires == Fires::yes) return Fires::no;
      if (fires == Fires::maybe) other = Fires::maybe;
    }
  }
  return other == Fires::no ? Fires::yes : Fires::maybe;
}

LikelyArrival arrive(const graph::Edge& edge, Fate from, Fires condition) {
  const std::string& id = edge.from.text;
  const std::string when = edge.otherwise ? "else" : edge.when.value_or("");
  if (edge.on == graph::EdgeOn::end) from = Fate::runs;  // a skip is an end, too
  if (from == Fate::skipped) return {Fires::no, "", id + " is skipped"};
  if (condition == Fires::no) return {Fires::no, "", fmt::format("{}: {} does not hold", id, when)};
  std::string open;
  if (edge.on == graph::EdgeOn::failure) open = id + " fails";
  if (edge.on == graph::EdgeOn::timeout) open = id + " times out";
  if (open.empty() && from == Fate::depends) open = id + " runs";
  if (condition == Fires::maybe) open += (open.empty() ? "" : " and ") + when;
  return open.empty() ? LikelyArrival{} : LikelyArrival{Fires::maybe, std::move(open)};
}

FateOf skip_for(std::string reason) {
  return {Fate::skipped, {}, std::move(reason)};
}

FateOf joined_fate(graph::JoinMode mode, const std::vector<LikelyArrival>& arrivals) {
  const auto is = [](Fires fires) { return [fires](const LikelyArrival& arrival) { return arrival.fires == fires; }; };
  const auto refused = std::find_if(arrivals.begin(), arrivals.end(), is(Fires::no));
  const bool none_open = std::none_of(arrivals.begin(), arrivals.end(), is(Fires::maybe));
  const bool one_fires = std::any_of(arrivals.begin(), arrivals.end(), is(Fires::yes));
  if (mode == graph::JoinMode::all && refused != arrivals.end()) return skip_for(refused->reason);
  if (mode == graph::JoinMode::all && none_open) return {};
  if (mode == graph::JoinMode::any && one_fires) return {};
  if (mode == graph::JoinMode::any && none_open) return skip_for(refused->reason);
  if (mode == graph::JoinMode::none_failed && none_open) return {};
  FateOf open{Fate::depends};
  for (const LikelyArrival& arrival : arrivals) {
    if (arrival.fires == Fires::maybe) open.conditions.push_back(arrival.condition);
  }
  return open;
}

}  // namespace

std::vector<FateOf> fates(const Plan& plan, const std::optional<std::set<NodeId>>& only) {
  const graph::Lookup inputs = run_inputs(plan);
  std::vector<FateOf> fates;
  for (const PlannedNode& node : plan.nodes()) {
    if (only && !only->contains(node.node->id)) {
      fates.push_back(skip_for("is not asked for"));
      continue;
    }
    std::vector<LikelyArrival> arrivals;
    for (std::size_t i = 0; i < node.edges.size(); ++i) {
      const graph::Edge& edge = *node.edges[i];
      const bool is_taken_over = only && !only->contains(edge.from);
      const Fires condition = edge.otherwise ? firing_of_else(plan, edge, inputs) : firing_of(node.conditions[i], inputs);
      arrivals.push_back(arrive(edge, is_taken_over ? Fate::runs : fates[node.predecessors[i]].fate, condition));
    }
    fates.push_back(arrivals.empty() ? FateOf{} : joined_fate(node.node->join, arrivals));
  }
  return fates;
}

}  // namespace oe::engine
