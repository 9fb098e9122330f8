#include "oe/engine/plan.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <unordered_map>

#include "oe/base/box.hpp"
#include "oe/graph/check.hpp"

#include "engine/hazards.hpp"

namespace oe::engine {

namespace {

constexpr const char* kRunnableInstead = "do this work in a tool or command node to run the workflow now";

/// The word of the format for a dataset source that is read by nobody yet; empty for those that are.
std::string_view unread_source(const graph::Dataset& dataset) {
  return std::visit(overloaded{[](const graph::HttpSource&) { return std::string_view("http"); },
                               [](const graph::McpSource&) { return std::string_view("mcp-resource"); },
                               [](const auto&) { return std::string_view(); }},
                    dataset.source);
}

void refuse_node(const graph::Node& node, const exec::Executors& executors, Problems& problems) {
  const graph::Work& work = graph::leaf(node).work;
  const auto refuse = [&](Location where, std::string message) {
    problems.push_back({Severity::error, std::move(where), std::move(message), kRunnableInstead});
  };
  if (const auto* unsupported = std::get_if<graph::Unsupported>(&work)) {
    refuse(unsupported->where, unsupported->reason);
  } else if (executors.find(graph::kind_name(work)) == nullptr) {
    refuse(node.where, fmt::format("node '{}': kind '{}' is not run yet", node.id.text, graph::kind_name(work)));
  } else if (const auto* dataset = std::get_if<graph::Dataset>(&work); dataset && !unread_source(*dataset).empty()) {
    refuse(node.where, fmt::format("node '{}': a dataset source of type '{}' is not read yet", node.id.text,
                                   unread_source(*dataset)));
  }
}

Problems reasons_to_refuse(const graph::Graph& graph, const exec::Executors& executors) {
  Problems problems = graph::check(graph);
  std::erase_if(problems, [](const Problem& problem) { return problem.severity != Severity::error; });
  for (const graph::Unsupported& construct : graph.unsupported)
    problems.push_back({Severity::error, construct.where, construct.reason, kRunnableInstead});
  for (const graph::Node& node : graph.nodes) refuse_node(node, executors, problems);
  return problems;
}

using Positions = std::unordered_map<NodeId, std::size_t>;

Result<void> add_edge(const graph::Edge& edge, const Positions& positions, std::vector<PlannedNode>& nodes) {
  PlannedNode& planned = nodes[positions.at(edge.to)];
  std::optional<graph::Expression> condition;
  if (edge.when) {
    auto parsed = graph::Expression::parse(*edge.when);
    if (!parsed) return fail(std::move(parsed.error()).at(edge.where));
    condition = std::move(*parsed);
  }
  planned.predecessors.push_back(positions.at(edge.from));
  planned.conditions.push_back(std::move(condition));
  planned.edges.push_back(&edge);
  return {};
}

Result<std::vector<PlannedNode>> place_nodes(const graph::Graph& graph) {
  std::vector<PlannedNode> nodes;
  Positions positions;
  for (const std::size_t index : graph::topological_order(graph)) {
    positions.emplace(graph.nodes[index].id, nodes.size());
    nodes.push_back({.node = &graph.nodes[index]});
  }
  if (nodes.size() != graph.nodes.size()) return fail(ErrorKind::input, "the graph has a cycle", "run 'oe validate'");
  for (const graph::Edge& edge : graph.edges) OE_CHECK(add_edge(edge, positions, nodes));
  return nodes;
}

void add_successors(std::vector<PlannedNode>& nodes, std::vector<Join>& joins) {
  const auto follow = [&](std::size_t before, std::size_t after) {
    auto& successors = before < nodes.size() ? nodes[before].successors : joins[before - nodes.size()].successors;
    successors.push_back(after);
  };
  for (std::size_t position = 0; position < nodes.size(); ++position) {
    for (const std::size_t before : nodes[position].predecessors) follow(before, position);
    for (const std::size_t before : nodes[position].waits_for) follow(before, position);
  }
  for (std::size_t join = 0; join < joins.size(); ++join)
    for (const std::size_t before : joins[join].waits_for) follow(before, nodes.size() + join);
}

}  // namespace

Result<Plan> make_plan(graph::Graph graph, const PlanOptions& options, const exec::Executors& executors) {
  if (!options.args.is_object())
    return fail(ErrorKind::usage, "the arguments of a run are not a JSON object", "for example --args '{\"name\": 1}'");
  if (options.concurrency == 0u)
    return fail(ErrorKind::usage, "a concurrency of 0 can run nothing", "use -j 1 or more");
  if (Problems problems = reasons_to_refuse(graph, executors); !problems.empty())
    return fail(
        Error(ErrorKind::input, fmt::format("workflow '{}' cannot be run", graph.name)).with(std::move(problems)));

  Plan plan;
  plan.graph_ = std::make_shared<const graph::Graph>(std::move(graph));
  OE_TRY(plan.nodes_, place_nodes(*plan.graph_));
  plan.joins_ = link_hazards(*plan.graph_, plan.nodes_);
  add_successors(plan.nodes_, plan.joins_);
  plan.concurrency_ = std::max(1u, options.concurrency.value_or(plan.graph_->runtime.concurrency));
  plan.args_ = options.args;
  return plan;
}

std::vector<std::string> fields_needed(const graph::Graph& graph, const graph::Node& node) {
  std::vector<std::optional<graph::Expression>> conditions;
  for (const graph::Edge& edge : graph.edges) {
    if (edge.to != node.id || !edge.when) continue;
    if (auto parsed = graph::Expression::parse(*edge.when)) conditions.emplace_back(std::move(*parsed));
  }
  return fields_needed(node, conditions);
}

}  // namespace oe::engine
