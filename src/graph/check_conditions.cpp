#include <fmt/core.h>

#include "oe/base/text.hpp"

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

void check_metric(const Metric& metric, const Index& root, Problems& problems) {
  const Result<Expression> source = Expression::parse(metric.source);
  check_condition({source, metric.source, fmt::format("the source of metric '{}'", metric.name),
                   place_below(metric.where, "/source")},
                  root.scope(""), problems);
  if (!source) return;
  for (const std::string& field : source->fields()) {
    if (root.field(field)) continue;
    problems.push_back({.where = place_below(metric.where, "/source"),
                        .message = fmt::format("metric '{}' reads '{}', which is no state field", metric.name, field),
                        .hint = did_you_mean(field, root.field_names)});
  }
}

}  // namespace

void check_metrics(const Index& root, Problems& problems) {
  std::unordered_set<std::string_view> names;
  for (const Metric& metric : root.graph.metrics) {
    check_metric(metric, root, problems);
    if (names.insert(metric.name).second) continue;
    problems.push_back({.where = place_below(metric.where, "/name"),
                        .message = fmt::format("there are two metrics with the name '{}'", metric.name),
                        .hint = "rename one of them"});
  }
}

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
