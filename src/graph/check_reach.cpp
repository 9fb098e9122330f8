#include <algorithm>
#include <fmt/core.h>

#include "graph/index.hpp"

namespace oe::graph {

namespace {

bool is_always_false(const Result<Expression>& condition) {
  const Lookup nothing = [](std::string_view) { return std::optional<Value>(); };
  return condition && condition->fields().empty() && !condition->holds(nothing);
}

// An edge whose condition is never true ends its target (all edges into a node must hold), and all that waits
// for that. In topological order, so that each node is settled before what waits for it.
void check_conditions(const Index& index, Problems& problems) {
  std::vector<bool> dead(index.graph.nodes.size(), false);
  for (const std::size_t node : topological_order(index.graph)) {
    for (const std::size_t position : index.outgoing[node]) {
      const Edge& edge = index.graph.edges[position];
      const std::size_t target = *index.position(edge.to);
      const bool never = is_always_false(index.conditions[position]);
      if (dead[target] || !(never || dead[node])) continue;
      dead[target] = true;
      const Location place = never ? place_below(edge.where, "/when") : Location(index.graph.nodes[target].where);
      const std::string reason =
          never ? fmt::format("the condition of {} -> {} is always false", edge.from.text, edge.to.text)
                : fmt::format("it waits for '{}', which never runs", edge.from.text);
      problems.push_back({.severity = Severity::warning,
                          .where = place,
                          .message = fmt::format("node '{}' never runs: {}", edge.to.text, reason)});
    }
  }
}

// Nodes that share fields with others are part of the workflow even without an edge. In doubt a node is taken to
// share.
class Company {
 public:
  explicit Company(const Index& index) : index_(index), connected_(index.graph.nodes.size(), false) {
    for (const Edge& edge : index.graph.edges) {
      for (const NodeId& end : {edge.from, edge.to}) {
        if (const auto node = index.position(end)) connected_[*node] = true;
      }
    }
    for (const Mention& mention : index.mentions) {
      if (mention.node && is_written_by_another(mention)) connected_[*mention.node] = true;
    }
  }

  bool stands_alone(std::size_t node) const {
    return !connected_[node] && std::ranges::none_of(index_.graph.nodes[node].writes, [&](const std::string& field) {
      return is_read_by_another(node, field);
    });
  }

 private:
  bool is_written_by_another(const Mention& mention) const {
    const auto writers = index_.writers.find(mention.field);
    if (writers == index_.writers.end()) return false;
    const auto& own = index_.graph.nodes[*mention.node].writes;
    return writers->second > static_cast<std::size_t>(std::ranges::count(own, mention.field));
  }
  bool is_read_by_another(std::size_t node, const std::string& field) const {
    const auto mentions = index_.mentioned.find(field);
    if (mentions == index_.mentioned.end()) return false;
    return mentions->second > static_cast<std::size_t>(std::ranges::count(index_.graph.nodes[node].reads, field));
  }

  const Index& index_;
  std::vector<bool> connected_;
};

void check_company(const Index& index, Problems& problems) {
  // Pipelines and loops connect nodes in a way that the graph does not hold.
  if (index.graph.edges.empty() || !index.graph.unsupported.empty()) return;
  const Company company(index);
  for (std::size_t i = 0; i < index.graph.nodes.size(); ++i) {
    const Node& node = index.graph.nodes[i];
    const bool repeated = index.position(node.id) != i;
    if (repeated || !company.stands_alone(i)) continue;
    problems.push_back(
        {.severity = Severity::warning,
         .where = node.where,
         .message = fmt::format("node '{}' stands alone: no edge, and no field shared with another node", node.id.text),
         .hint = "connect it with an edge, or remove it"});
  }
}

}  // namespace

void check_reach(const Index& index, Problems& problems) {
  check_conditions(index, problems);
  check_company(index, problems);
}

}  // namespace oe::graph
