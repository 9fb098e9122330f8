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

void check_condition(const Index& index, std::size_t position, Problems& problems) {
  const Result<Expression>& condition = index.conditions[position];
  if (condition) return;
  const Edge& edge = index.graph.edges[position];
  const Error& error = condition.error();
  problems.push_back({.where = place_below(edge.where, "/when"),
                      .message = fmt::format("the condition of {} -> {} does not parse: column {}: {}", edge.from.text,
                                             edge.to.text, error.location().column, error.message()),
                      .hint = error.hint()});
}

}  // namespace

void check_edges(const Index& index, Problems& problems) {
  for (std::size_t i = 0; i < index.graph.edges.size(); ++i) {
    const Edge& edge = index.graph.edges[i];
    check_end(index, edge, edge.from, "/from", problems);
    check_end(index, edge, edge.to, "/to", problems);
    check_condition(index, i, problems);
  }
}

}  // namespace oe::graph
