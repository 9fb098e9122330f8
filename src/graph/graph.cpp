#include "oe/graph/graph.hpp"

#include <algorithm>
#include <unordered_map>

namespace oe::graph {

bool operator==(const Subgraph& a, const Subgraph& b) {
  return a.impl == b.impl && a.args == b.args && a.scope == b.scope && a.outputs == b.outputs && *a.body == *b.body;
}

bool operator==(const Each& a, const Each& b) {
  return a.source == b.source && a.rows == b.rows && a.as == b.as && a.concurrency == b.concurrency &&
         a.max_failed == b.max_failed && a.batch == b.batch && a.lanes == b.lanes && *a.body == *b.body;
}

bool operator==(const Repeat& a, const Repeat& b) {
  return a.until == b.until && a.max_rounds == b.max_rounds && a.budget == b.budget && *a.body == *b.body;
}

namespace {

bool is_for_each(const Node& node, const Each& each) {
  return each.body->nodes.size() == 1 && each.body->nodes.front().id == node.id;
}

}  // namespace

const Each* each(const Node& node) {
  const Each* each = std::get_if<Each>(&node.work);
  return each && is_for_each(node, *each) ? each : nullptr;
}

const Node& leaf(const Node& node) {
  const Each* for_each = each(node);
  return for_each ? for_each->body->nodes.front() : node;
}

const Graph* body(const Node& node) {
  if (each(node)) return nullptr;
  return std::visit(
      [](const auto& work) -> const Graph* {
        if constexpr (requires { work.body; })
          return &*work.body;
        else
          return nullptr;
      },
      node.work);
}

std::string_view kind_name(const Work& work) {
  return std::visit(overloaded{
                        [](const Tool&) -> std::string_view { return "tool"; },
                        [](const Command&) -> std::string_view { return "command"; },
                        [](const Dataset&) -> std::string_view { return "dataset"; },
                        [](const Agent&) -> std::string_view { return "agent"; },
                        [](const CliAgent&) -> std::string_view { return "cli-agent"; },
                        [](const Skill&) -> std::string_view { return "skill"; },
                        [](const Human&) -> std::string_view { return "human"; },
                        [](const Subgraph&) -> std::string_view { return "experience"; },
                        [](const Each&) -> std::string_view { return "pipeline"; },
                        [](const Repeat&) -> std::string_view { return "loop"; },
                        [](const Unsupported&) -> std::string_view { return "unsupported"; },
                    },
                    work);
}

const Node* find(const Graph& graph, const NodeId& id) {
  const auto found = std::ranges::find(graph.nodes, id, &Node::id);
  return found == graph.nodes.end() ? nullptr : &*found;
}

const StateField* find_field(const Graph& graph, std::string_view name) {
  const auto found = std::ranges::find(graph.state, name, &StateField::name);
  return found == graph.state.end() ? nullptr : &*found;
}

Value arguments(const Node& node) {
  return std::visit(
      [](const auto& work) {
        if constexpr (requires { work.args; })
          return work.args;
        else if constexpr (requires { work.inputs; })
          return work.inputs;
        else
          return Value::object();
      },
      leaf(node).work);
}

std::vector<std::size_t> topological_order(const Graph& graph) {
  std::unordered_map<NodeId, std::size_t> position;
  position.reserve(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) position.emplace(graph.nodes[i].id, i);

  std::vector<std::vector<std::size_t>> successors(graph.nodes.size());
  std::vector<std::size_t> waits_for(graph.nodes.size(), 0);
  for (const Edge& edge : graph.edges) {
    const auto from = position.find(edge.from), to = position.find(edge.to);
    if (from == position.end() || to == position.end()) continue;
    successors[from->second].push_back(to->second);
    ++waits_for[to->second];
  }

  std::vector<std::size_t> order;
  order.reserve(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (waits_for[i] == 0) order.push_back(i);
  }
  for (std::size_t done = 0; done < order.size(); ++done) {
    for (const std::size_t next : successors[order[done]]) {
      if (--waits_for[next] == 0) order.push_back(next);
    }
  }
  return order;
}

}  // namespace oe::graph
