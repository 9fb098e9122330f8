#include <fmt/core.h>

#include "graph/index.hpp"

namespace oe::graph {

namespace {

constexpr std::size_t kIndent = 8;

struct Condition {
  const Result<Expression>& parsed;
  std::string_view text;
  std::string name;  ///< "the condition of a -> b"
  Location where;
};

void report_syntax(const Condition& condition, Problems& problems) {
  const Error& error = condition.parsed.error();
  const std::size_t at = error.location().column - 1;
  problems.push_back({.where = condition.where,
                      .message = fmt::format("{} does not parse: column {}: {}\n{}", condition.name, at + 1,
                                             error.message(), pointed_out(condition.text, at, at + 1, kIndent)),
                      .hint = error.hint()});
}

void check_condition(const Condition& condition, const Scope& scope, Problems& problems) {
  if (!condition.parsed) return report_syntax(condition, problems);
  for (Fault& fault : condition.parsed->faults(scope)) {
    problems.push_back({.severity = fault.severity,
                        .where = condition.where,
                        .message = fmt::format("{}\n{}", fault.message,
                                               pointed_out(condition.text, fault.begin, fault.end, kIndent)),
                        .hint = std::move(fault.hint)});
  }
}

}  // namespace

void check_conditions(const Index& index, Problems& problems) {
  for (std::size_t i = 0; i < index.graph.edges.size(); ++i) {
    const Edge& edge = index.graph.edges[i];
    if (!edge.when) continue;
    check_condition({index.conditions[i], *edge.when,
                     fmt::format("the condition of {} -> {}", edge.from.text, edge.to.text),
                     place_below(edge.where, "/when")},
                    index.scope(edge.to.text), problems);
  }
  for (const auto& [position, until] : index.untils) {
    const Node& node = index.graph.nodes[position];
    check_condition({until, *std::get<Repeat>(node.work).until, fmt::format("'until' of '{}'", node.id.text),
                     place_below(node.where, "/until")},
                    index.until_scope(position), problems);
  }
}

}  // namespace oe::graph
