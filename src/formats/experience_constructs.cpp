#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

// Pipelines and loops run after the graph, in a way that it cannot say (sections 3.6 and 3.7 of the reference).
class Constructs {
 public:
  Constructs(graph::Graph& graph, Notes& notes) : graph_(graph), notes_(notes) {
    for (const graph::Node& node : graph.nodes) node_names_.push_back(node.id.text);
    for (const graph::StateField& field : graph.state) field_names_.push_back(field.name);
  }

  void pipeline(const Spot& spot) {
    Fields fields(spot, notes_);
    fields.text("id", Need::required);
    fields.text("phase");
    if (const auto items = fields.find("items", Need::required)) check_items(*items);
    const std::vector<Spot> stages = fields.items("stages", Need::required);
    if (const auto list = fields.find("stages"); list && stages.empty() && !notes_.is_spoilt(list->path)) {
      notes_.error(*list, "must hold at least one stage");
    }
    for (const Spot& stage : stages) check_node_name(stage);
    fields.finish(Unknown::error);
    refuse(spot, "pipelines are not run yet");
  }

  void loop(const Spot& spot) {
    Fields fields(spot, notes_);
    fields.text("id", Need::required);
    fields.text("phase");
    fields.integer("budget", 0);
    if (const auto body = fields.find("body", Need::required)) check_node_name(*body);
    const auto until = fields.find("until");
    if (until) check_condition(*until);
    const bool bounded = fields.find("max_iters").has_value();
    fields.integer("max_iters", 1);
    if (fields.usable() && !until && !bounded) {
      notes_.error(spot, "the loop has no end", "add 'until: ...' or 'max_iters: ...'");
    }
    fields.finish(Unknown::error);
    refuse(spot, "loops are not run yet");
  }

 private:
  void check_node_name(const Spot& spot) {
    const auto name = text_at(spot, notes_);
    if (!name || std::ranges::find(node_names_, *name) != node_names_.end()) return;
    notes_.error(spot, fmt::format("there is no node '{}'", *name), did_you_mean(*name, node_names_));
  }

  void check_items(const Spot& spot) {
    const auto text = text_at(spot, notes_);
    if (!text) return;
    const auto path = graph::parse_path(*text);
    if (!path || path->front().starts_with('$')) {
      notes_.error(spot, fmt::format("'{}' is not a path", ellipsis(*text, 60)),
                   "write '$.field' with the name of a list in the state");
    } else {
      check_field(spot, path->front());
    }
  }

  void check_condition(const Spot& spot) {
    const auto text = text_at(spot, notes_);
    if (!text) return;
    const auto condition = graph::Expression::parse(*text);
    if (!condition) {
      const Error& error = condition.error();
      notes_.error(spot,
                   fmt::format("the condition does not parse: column {}: {}", error.location().column, error.message()),
                   error.hint());
      return;
    }
    for (const std::string& field : condition->fields()) check_field(spot, field);
  }

  void check_field(const Spot& spot, const std::string& field) {
    if (graph::find_field(graph_, field) || notes_.is_spoilt("/state/schema")) return;
    notes_.error(spot, fmt::format("'{}' is not declared in state.schema", field), did_you_mean(field, field_names_));
  }

  void refuse(const Spot& spot, std::string reason) {
    graph_.unsupported.push_back({.reason = std::move(reason), .where = notes_.locate(spot)});
  }

  graph::Graph& graph_;
  Notes& notes_;
  std::vector<std::string> node_names_;
  std::vector<std::string> field_names_;
};

}  // namespace

void read_constructs(Fields& graph_fields, graph::Graph& graph) {
  Constructs constructs(graph, graph_fields.notes());
  for (const Spot& pipeline : graph_fields.items("pipelines")) constructs.pipeline(pipeline);
  for (const Spot& loop : graph_fields.items("loops")) constructs.loop(loop);
}

}  // namespace oe::formats
