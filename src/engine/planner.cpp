#include "engine/planner.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "oe/base/box.hpp"

#include "engine/hazards.hpp"

namespace oe::engine {

namespace {

std::vector<std::string> texts_of(const graph::Agent& agent) {
  std::vector<std::string> texts;
  for (const std::string& name : agent.names) texts.push_back("{{" + name + "}}");
  return texts;
}
std::vector<std::string> texts_of(const graph::FileSource& file) {
  return {file.uri};
}
std::vector<std::string> texts_of(const graph::SqliteSource& sqlite) {
  return {sqlite.uri, sqlite.query};
}
std::vector<std::string> texts_of(const graph::HttpSource& http) {
  std::vector<std::string> texts{http.url, http.body.dump()};
  for (const auto& [name, value] : http.headers) texts.push_back(value);
  return texts;
}
std::vector<std::string> texts_of(const graph::McpSource& server) {
  return {server.uri};
}

/// The texts of a leaf in which placeholders are filled in when it runs.
std::vector<std::string> texts_of(const graph::Node& leaf) {
  return std::visit(overloaded{[](const graph::Command& command) {
                                 const auto* line = std::get_if<std::string>(&command.run);
                                 return line ? std::vector{*line} : std::get<std::vector<std::string>>(command.run);
                               },
                               [](const graph::Human& human) { return std::vector{human.question}; },
                               [](const graph::CliAgent& agent) { return std::vector{agent.prompt}; },
                               [](const graph::Agent& agent) { return texts_of(agent); },
                               [](const graph::Dataset& dataset) {
                                 return std::visit([](const auto& source) { return texts_of(source); }, dataset.source);
                               },
                               [](const auto&) { return std::vector<std::string>(); }},
                    leaf.work);
}

/// What the input of an attempt takes of a variable: of $run only a part, as the whole is another in every run.
std::string root_of(const std::vector<std::string>& path) {
  const bool has_parts = path.front() == "$run" || path.front() == "$nodes";
  return has_parts && path.size() > 1 ? path.front() + "." + path[1] : path.front();
}

std::vector<std::string> placeholder_roots(const graph::Node& leaf) {
  std::set<std::string> roots;
  for (const std::string& text : texts_of(leaf))
    for (const graph::Placeholder& placeholder : graph::placeholders(text))
      if (const std::string root = root_of(placeholder.path); root.starts_with("$run") || root.starts_with("$nodes."))
        roots.insert(root);
  return {roots.begin(), roots.end()};
}

std::vector<std::string> nodes_read(const PlannedNode& planned) {
  constexpr std::string_view kNodes = "$nodes.";
  std::set<std::string> ids;
  const auto add = [&](const std::vector<std::string>& names) { ids.insert(names.begin(), names.end()); };
  for (const std::string& root : planned.placeholders)
    if (root.starts_with(kNodes)) ids.insert(root.substr(kNodes.size()));
  add(graph::nodes_of(graph::arguments(*planned.node)));
  if (const auto* each = std::get_if<graph::Each>(&planned.node->work)) add(graph::nodes_of(Value::of(each->source)));
  for (const auto& condition : planned.conditions)
    if (condition) add(condition->nodes());
  if (planned.until) add(planned.until->nodes());
  if (planned.body)
    for (const PlannedNode& inner : planned.body->nodes()) add(inner.nodes_read);
  return {ids.begin(), ids.end()};
}

}  // namespace

Result<Plan> Planner::plan(std::shared_ptr<const graph::Graph> graph, const PlanOptions& options, Value inputs) {
  const graph::Graph& root = *graph;
  OE_TRY(Plan plan, plan_graph(root, {std::move(graph), &root.state, &root.runtime}));
  plan.concurrency_ = std::max(1u, options.concurrency.value_or(root.runtime.concurrency));
  plan.args_ = options.args;
  plan.inputs_ = std::move(inputs);
  return plan;
}

Result<Plan> Planner::plan_graph(const graph::Graph& graph, const Around& around) {
  Plan plan;
  plan.graph_ = std::shared_ptr<const graph::Graph>(around.owner, &graph);
  plan.runtime_ = around.runtime;
  Positions positions;
  positions.reserve(graph.nodes.size());
  for (const std::size_t index : graph::topological_order(graph)) {
    positions.emplace(graph.nodes[index].id, plan.nodes_.size());
    plan.nodes_.push_back({.node = &graph.nodes[index]});
  }
  if (plan.nodes_.size() != graph.nodes.size())
    return fail(ErrorKind::input, "the graph has a cycle", "run 'oe validate'");
  for (const graph::Edge& edge : graph.edges) OE_CHECK(add_edge(edge, positions, plan.nodes_));
  for (PlannedNode& planned : plan.nodes_) OE_CHECK(plan_work(planned, around));
  plan.joins_ = link_hazards(*around.state, plan.nodes_);
  add_successors(plan.nodes_, plan.joins_);
  return plan;
}

Result<void> Planner::add_edge(const graph::Edge& edge, const Positions& positions, std::vector<PlannedNode>& nodes) {
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

Planner::Around Planner::around_body(const graph::Node& node, const Around& around) {
  const auto* subgraph = std::get_if<graph::Subgraph>(&node.work);
  if (subgraph == nullptr) return around;
  const bool shared = subgraph->scope == graph::StateScope::shared;
  return {around.owner, shared ? around.state : &subgraph->body->state, &subgraph->body->runtime};
}

Result<void> Planner::plan_work(PlannedNode& planned, const Around& around) {
  const graph::Node& node = *planned.node;
  if (const auto* repeat = std::get_if<graph::Repeat>(&node.work); repeat && repeat->until) {
    auto parsed = graph::Expression::parse(*repeat->until);
    if (!parsed) return fail(std::move(parsed.error()).at(node.where));
    planned.until = std::move(*parsed);
  }
  const auto* each = std::get_if<graph::Each>(&node.work);
  if (const graph::Graph* body = each ? &*each->body : graph::body(node)) {
    OE_TRY(Plan inner, plan_graph(*body, around_body(node, around)));
    planned.body = std::make_shared<const Plan>(std::move(inner));
  } else {
    planned.placeholders = placeholder_roots(node);
  }
  planned.nodes_read = nodes_read(planned);
  return {};
}

void Planner::add_successors(std::vector<PlannedNode>& nodes, std::vector<Join>& joins) {
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

}  // namespace oe::engine
