#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/formats/edit.hpp"
#include "oe/graph/field_type.hpp"

#include "evolve/line.hpp"
#include "evolve/plain.hpp"
#include "evolve/prompt.hpp"

namespace oe::evolve {

namespace {

std::string budget_text(const graph::Budget& budget) {
  std::string text;
  if (budget.tokens) text += fmt::format(" {} tokens", *budget.tokens);
  if (budget.usd) text += fmt::format(" {} usd", *budget.usd);
  if (budget.time) text += fmt::format(" {} ms", budget.time->count());
  return text;
}

std::string on_error_text(const graph::OnError& on_error) {
  switch (on_error.policy) {
    case graph::ErrorPolicy::skip:
      return "on_error skip";
    case graph::ErrorPolicy::fail_run:
      return "on_error fail_run";
    case graph::ErrorPolicy::retry:
      break;
  }
  return fmt::format("on_error retry, {} attempts, {} backoff from {} ms", on_error.attempts,
                     on_error.backoff == graph::Backoff::linear ? "linear" : "exponential", on_error.base.count());
}

std::string each_text(const graph::Each& each) {
  std::string text = fmt::format("for_each {}, concurrency {}", each.rows ? "over a dataset of its own" : each.source,
                                 each.concurrency);
  if (each.batch > 1) text += fmt::format(", batch {}", each.batch);
  if (each.max_failed) text += fmt::format(", max_failed {}", *each.max_failed);
  return text;
}

std::string work_text(const graph::Node& node) {
  if (const auto* repeat = std::get_if<graph::Repeat>(&node.work)) {
    return fmt::format("loop until {}, at most {} rounds", repeat->until.value_or("-"), repeat->max_rounds);
  }
  std::string text(graph::kind_name(graph::leaf(node).work));
  if (const graph::Each* each = graph::each(node)) text += ", " + each_text(*each);
  if (const auto* pipeline = std::get_if<graph::Each>(&node.work); pipeline && graph::body(node)) {
    return "pipeline, " + each_text(*pipeline);
  }
  return text;
}

std::string fields_text(std::string_view word, const std::vector<std::string>& fields) {
  return fields.empty() ? std::string() : fmt::format("; {} {}", word, join(fields, ", "));
}

std::string node_text(const graph::Node& node, std::size_t depth) {
  std::string text = fmt::format("{}node {} (line {}): {}", std::string(2 * depth, ' '), node.id.text, node.where.line,
                                 work_text(node));
  text += fields_text("reads", node.reads) + fields_text("writes", node.writes);
  if (node.join != graph::JoinMode::all)
    text += node.join == graph::JoinMode::any ? "; join any" : "; join none_failed";
  const graph::Node& leaf = graph::leaf(node);
  text += "; " + on_error_text(leaf.on_error);
  if (leaf.timeout) text += fmt::format("; timeout_ms {}", leaf.timeout->count());
  if (leaf.deadline) text += fmt::format("; deadline_ms {}", leaf.deadline->count());
  if (!leaf.budget.unlimited()) text += "; budget" + budget_text(leaf.budget);
  return text + "\n";
}

void add_nodes(std::vector<std::string>& pieces, const graph::Graph& graph, std::size_t depth) {
  for (const graph::Node& node : graph.nodes) {
    pieces.push_back(node_text(node, depth));
    const graph::Graph* body = graph::body(node);
    if (body != nullptr && !std::holds_alternative<graph::Subgraph>(node.work)) add_nodes(pieces, *body, depth + 1);
  }
  for (const graph::Edge& edge : graph.edges) {
    pieces.push_back(fmt::format("{}edge {}\n", std::string(2 * depth, ' '), formats::edge_value(edge).dump()));
  }
}

}  // namespace

Section graph_section(const graph::Graph& graph) {
  Section section{.title = "The graph as oe understands it, with the settings in force",
                  .unit = "nodes and edges",
                  .rank = 3,
                  .share = 0.12,
                  .is_data = true};
  std::string run = fmt::format("runtime: concurrency {}", graph.runtime.concurrency);
  if (graph.runtime.deadline) run += fmt::format(", deadline_ms {}", graph.runtime.deadline->count());
  if (!graph.runtime.budget.unlimited()) run += ", budget" + budget_text(graph.runtime.budget);
  section.pieces.push_back(run + "\n");
  for (const graph::StateField& field : graph.state) {
    section.pieces.push_back(fmt::format("field {} {}\n", field.name, formats::field_value(field).dump()));
  }
  add_nodes(section.pieces, graph, 0);
  return section;
}

}  // namespace oe::evolve
