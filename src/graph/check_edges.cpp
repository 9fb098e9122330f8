#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "graph/index.hpp"

namespace oe::graph {

namespace {

constexpr std::size_t kMostNamesListed = 30;

std::string listed(const std::vector<std::string>& names) {
  if (names.size() <= kMostNamesListed) return join(names, ", ");
  return fmt::format("{} and {} more", join(std::span(names).first(kMostNamesListed), ", "),
                     names.size() - kMostNamesListed);
}

void check_end(const Index& index, const Edge& edge, const NodeId& end, std::string_view key, Problems& problems) {
  if (index.position(end)) return;
  const std::string near = did_you_mean(end.text, index.node_names);
  problems.push_back(
      {.where = place_below(edge.where, key),
       .message = fmt::format("edge {} -> {}: there is no node '{}'", edge.from.text, edge.to.text, end.text),
       .hint = fmt::format("{}{}Defined nodes: {}", near, near.empty() ? "" : " ", listed(index.node_names))});
}

// Only the kinds whose attempts nothing but a limit of their own can end in time.
bool never_times_out(const Node& node) {
  const Work& work = leaf(node).work;
  const bool plain = std::holds_alternative<Tool>(work) || std::holds_alternative<Command>(work);
  return plain && !node.timeout && !node.deadline && !node.budget.time && !leaf(node).timeout;
}

void check_end_of_node(const Index& index, const Edge& edge, Problems& problems) {
  const auto from = index.position(edge.from);
  if (!from || (edge.on != EdgeOn::failure && edge.on != EdgeOn::timeout)) return;
  const Node& node = index.graph.nodes[*from];
  const auto warn = [&](std::string reason, std::string hint) {
    problems.push_back(
        {.severity = Severity::warning,
         .where = place_below(edge.where, "/on"),
         .message = fmt::format("edge {} -> {} never fires: {}", edge.from.text, edge.to.text, std::move(reason)),
         .hint = std::move(hint)});
  };
  const OnError& policy = node.on_error;
  if (policy.policy == ErrorPolicy::fail_run || (policy.policy == ErrorPolicy::retry && policy.then_fail_run)) {
    warn(fmt::format("a failure of '{}' ends the run", node.id.text), "take fail_run out of its on_error");
  } else if (edge.on == EdgeOn::timeout && never_times_out(node)) {
    warn(fmt::format("'{}' has no limit of time", node.id.text), "give it a timeout_ms");
  }
}

}  // namespace

void check_edges(const Index& index, Problems& problems) {
  for (const Edge& edge : index.graph.edges) {
    check_end(index, edge, edge.from, "/from", problems);
    check_end(index, edge, edge.to, "/to", problems);
    check_end_of_node(index, edge, problems);
  }
}

void check_else(const Index& index, Problems& problems) {
  for (std::size_t node = 0; node < index.outgoing.size(); ++node) {
    const auto& siblings = index.outgoing[node];
    const auto edge_at = [&](std::size_t position) -> const Edge& { return index.graph.edges[position]; };
    const bool decides = std::ranges::any_of(siblings, [&](std::size_t at) { return edge_at(at).when.has_value(); });
    std::unordered_set<std::string_view> targets;
    for (const std::size_t position : siblings) {
      const Edge& edge = edge_at(position);
      if (!edge.otherwise) continue;
      const auto add = [&](std::string_view reason, std::string hint) {
        problems.push_back({.where = place_below(edge.where, "/else"),
                            .message = fmt::format("edge {} -> {} {}", edge.from.text, edge.to.text, reason),
                            .hint = std::move(hint)});
      };
      if (edge.when) {
        add("has both 'else' and 'when'", "an else edge fires when no condition beside it holds; take one of them out");
      } else if (!decides) {
        add("is an else edge, but no edge beside it has a condition",
            fmt::format("give another edge out of '{}' a 'when', or take 'else' out", edge.from.text));
      }
      if (!targets.insert(edge.to.text).second) {
        add("is the second else edge to the same node", "remove one of them");
      }
    }
  }
}

}  // namespace oe::graph
