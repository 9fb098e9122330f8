#include "oe/graph/check.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <tuple>

#include "graph/index.hpp"

namespace oe::graph {

void check_ids(const Index& index, Problems& problems) {
  for (std::size_t i = 0; i < index.graph.nodes.size(); ++i) {
    const Node& node = index.graph.nodes[i];
    const Node& first = index.graph.nodes[index.nodes.at(node.id.text)];
    if (&first == &node) continue;
    problems.push_back({.where = place_below(node.where, "/id"),
                        .message = fmt::format("there are two nodes with the id '{}'", node.id.text),
                        .hint = first.where.line ? fmt::format("the first one is in line {}", first.where.line) : ""});
  }
}

namespace {

void check_everything_in(const Index& index, Problems& problems) {
  for (const auto part : {check_ids, check_edges, check_else, check_conditions, check_cycles, check_work, check_answers,
                          check_fan_outs, check_gates, check_limits, check_names, check_children, check_never}) {
    part(index, problems);
  }
  for (const auto& [position, body] : index.bodies) check_everything_in(*body, problems);
}

}  // namespace

Problems check(const Graph& graph) {
  const Index index(graph);
  Problems problems;
  check_fields(index, problems);
  check_everything_in(index, problems);
  check_interface(index, problems);
  check_metrics(index, problems);
  check_company(index, problems);
  std::ranges::stable_sort(problems, {}, [](const Problem& problem) {
    return std::tuple(problem.where.line, problem.where.column);
  });
  return problems;
}

}  // namespace oe::graph
