#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <tuple>

#include "oe/graph/check.hpp"

namespace oe::graph {

namespace {

std::map<NodeId, const Node*> nodes_by_id(const Graph& graph) {
  std::map<NodeId, const Node*> nodes;
  for (const Node& node : graph.nodes) nodes.emplace(node.id, &node);
  return nodes;
}

bool edge_before(const Edge& a, const Edge& b) {
  return std::tie(a.from, a.to, a.on, a.otherwise, a.when) < std::tie(b.from, b.to, b.on, b.otherwise, b.when);
}

std::vector<Edge> sorted_edges(const Graph& graph) {
  std::vector<Edge> edges = graph.edges;
  std::ranges::stable_sort(edges, edge_before);
  return edges;
}

// Edges of `a` that `b` lacks; of several equal ones as many as it has too few.
std::vector<Edge> edges_without(const std::vector<Edge>& a, const std::vector<Edge>& b) {
  std::vector<Edge> rest;
  std::ranges::set_difference(a, b, std::back_inserter(rest), edge_before);
  return rest;
}

template <class Item, class Key>
bool same_items(std::vector<Item> a, std::vector<Item> b, Key key) {
  std::ranges::stable_sort(a, {}, key);
  std::ranges::stable_sort(b, {}, key);
  return a == b;
}

bool same_rest(const Graph& a, const Graph& b) {
  return std::tie(a.name, a.version, a.description, a.runtime, a.models) ==
             std::tie(b.name, b.version, b.description, b.runtime, b.models) &&
         same_items(a.inputs, b.inputs, &Input::name) && same_items(a.outputs, b.outputs, &Output::name) &&
         same_items(a.metrics, b.metrics, &Metric::name) && same_items(a.secrets, b.secrets, std::identity{}) &&
         same_items(a.state, b.state, &StateField::name) && same_items(a.phases, b.phases, &Phase::id) &&
         same_items(a.unsupported, b.unsupported, &Unsupported::reason);
}

}  // namespace

Difference difference(const Graph& before, const Graph& after) {
  Difference result;
  const auto old_nodes = nodes_by_id(before), new_nodes = nodes_by_id(after);
  for (const auto& [id, node] : old_nodes) {
    const auto twin = new_nodes.find(id);
    if (twin == new_nodes.end())
      result.removed.push_back(id);
    else if (*twin->second != *node)
      result.changed.push_back(id);
  }
  for (const auto& [id, node] : new_nodes) {
    if (!old_nodes.contains(id)) result.added.push_back(id);
  }
  const std::vector<Edge> old_edges = sorted_edges(before), new_edges = sorted_edges(after);
  result.added_edges = edges_without(new_edges, old_edges);
  result.removed_edges = edges_without(old_edges, new_edges);
  result.rest_changed = !same_rest(before, after);
  return result;
}

}  // namespace oe::graph
