#include "graph/index.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"

namespace oe::graph {

namespace {

bool names_a_variable(const std::vector<std::string>& variables, const std::string& name) {
  return std::ranges::find(variables, "$" + name) != variables.end();
}

class MentionCollector {
 public:
  explicit MentionCollector(Index& index) : index_(index), variables_(index.fillers.variables()) {}

  void node(std::size_t position) {
    const Node& node = index_.graph.nodes[position];
    // What a pipeline or a loop reads stands at the nodes in it.
    const bool has_inner_readers = index_.bodies.contains(position);
    for (std::size_t i = 0; !has_inner_readers && i < node.reads.size(); ++i) {
      add(Mention::Use::reads, node.reads[i], position, node.where, fmt::format("/reads/{}", i));
    }
    for (const std::string& field : fields_of(arguments(node))) {
      // "{{item.x}}" names the variable.
      const bool is_item = each(node) && (field == "item" || field == "index" || field == each(node)->as);
      if (is_item || (!index_.root.field(field) && names_a_variable(variables_, field))) continue;
      add(Mention::Use::args, field, position, node.where, "/args");
    }
    if (const auto* many = std::get_if<Each>(&node.work)) source(position, *many);
    if (const auto until = index_.untils.find(position); until != index_.untils.end()) {
      condition(Mention::Use::until, until->second, position, node.where, "/until");
    }
  }

  void edge(std::size_t position) {
    condition(Mention::Use::when, index_.conditions[position], std::nullopt, index_.graph.edges[position].where,
              "/when");
  }

  void output(const Output& output) {
    const auto path = parse_path(output.value);
    if (!path || path->front().starts_with('$')) return;
    add(Mention::Use::output, path->front(), std::nullopt, output.where, "");
  }

 private:
  void source(std::size_t position, const Each& many) {
    const Node& node = index_.graph.nodes[position];
    const auto path = parse_path(many.source);
    if (!path || path->front().starts_with('$')) return;
    add(Mention::Use::source, path->front(), position, node.where, std::string(source_key(node)));
  }

  void condition(Mention::Use use, const Result<Expression>& condition, std::optional<std::size_t> node,
                 const Where& where, const std::string& below) {
    if (!condition) return;
    for (const std::string& field : condition->fields()) add(use, field, node, where, below);
  }

  void add(Mention::Use use, std::string field, std::optional<std::size_t> node, const Where& where,
           std::string below) {
    index_.mentions.push_back({use, std::move(field), node, &where, std::move(below)});
  }

  Index& index_;
  std::vector<std::string> variables_;
};

// All that is written in a graph and the bodies in it.
void collect_written(const Graph& graph, std::unordered_set<std::string_view>& written) {
  for (const Node& node : graph.nodes) {
    written.insert(node.writes.begin(), node.writes.end());
    const Graph* inner = std::holds_alternative<Subgraph>(node.work) ? nullptr : body(node);
    if (inner) collect_written(*inner, written);
  }
}

}  // namespace

Index::Index(const Graph& source, const Index* around, std::size_t owner)
    : graph(source),
      outer(around),
      root(around ? around->root : *this),
      fillers(around ? around->fillers.inside(around->graph.nodes[owner]) : Fillers(source)),
      outgoing(source.nodes.size()),
      incoming(source.nodes.size()) {
  if (!outer) {
    for (const StateField& field : graph.state) {
      fields.emplace(field.name, &field);
      field_names.push_back(field.name);
    }
    collect_written(graph, written);
  }
  nodes.reserve(graph.nodes.size());
  node_names.reserve(graph.nodes.size());
  conditions.reserve(graph.edges.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    nodes.emplace(node.id.text, i);
    node_names.push_back(node.id.text);
    if (const auto* loop = std::get_if<Repeat>(&node.work); loop && loop->until) {
      untils.emplace(i, Expression::parse(*loop->until));
    }
    const Graph* inner = std::holds_alternative<Subgraph>(node.work) ? nullptr : body(node);
    if (inner) bodies.emplace(i, std::make_unique<Index>(*inner, this, i));
  }
  const Result<Expression> always = Expression::parse("true");
  for (std::size_t i = 0; i < graph.edges.size(); ++i) {
    const Edge& edge = graph.edges[i];
    const auto from = position(edge.from), to = position(edge.to);
    if (from && to) {
      outgoing[*from].push_back(i);
      incoming[*to].push_back(i);
    }
    conditions.push_back(edge.when ? Expression::parse(*edge.when) : always);
  }
  MentionCollector collector(*this);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) collector.node(i);
  for (std::size_t i = 0; i < graph.edges.size(); ++i) collector.edge(i);
  for (const Output& output : graph.outputs) collector.output(output);
}

std::optional<std::size_t> Index::position(const NodeId& id) const {
  const auto found = nodes.find(id.text);
  return found == nodes.end() ? std::nullopt : std::optional(found->second);
}

const StateField* Index::field(std::string_view name) const {
  const auto found = root.fields.find(name);
  return found == root.fields.end() ? nullptr : found->second;
}

Scope Index::scope(std::string_view reader) const {
  const auto type = [this](std::string_view name) {
    const StateField* declared = field(name);
    return declared ? declared->type : FieldType::any;
  };
  const auto reason = [this, reader](std::string_view id) -> std::string {
    if (fillers.is_upstream(id, reader)) return {};
    if (fillers.has_node(id)) return fmt::format("node '{}' need not have ended here: no edges lead from it to '{}'", id, reader);
    const std::string near = did_you_mean(id, node_names);
    return fmt::format("there is no node '{}'{}{}", id, near.empty() ? "" : ", ", near);
  };
  return {.field = type, .variables = fillers.variables(), .inputs = &root.graph.inputs, .node = reason};
}

Scope Index::until_scope(std::size_t loop) const {
  Scope scope = bodies.at(loop)->scope("");
  const auto outside = this->scope(graph.nodes[loop].id.text).node;
  scope.node = [inner = bodies.at(loop).get(), outside](std::string_view id) {
    return inner->nodes.contains(id) ? std::string() : outside(id);
  };
  return scope;
}

std::string_view source_key(const Node& node) {
  return each(node) ? "/for_each/source" : "/items";
}

Location place_below(const Where& where, std::string_view below) {
  Location place = where;
  if (!place.path.empty()) place.path += below;
  return place;
}

}  // namespace oe::graph
