#include "graph/index.hpp"

#include <fmt/core.h>

namespace oe::graph {

namespace {

void collect_mentions(const Node& node, std::size_t position, std::vector<Mention>& mentions) {
  for (std::size_t i = 0; i < node.reads.size(); ++i) {
    mentions.push_back({Mention::Use::reads, node.reads[i], position, &node.where, fmt::format("/reads/{}", i)});
  }
  for (const std::string& field : fields_of(arguments(node))) {
    mentions.push_back({Mention::Use::args, field, position, &node.where, "/args"});
  }
  const Each* loop = each(node);
  const auto path = loop ? parse_path(loop->source) : std::nullopt;
  if (path && !path->front().starts_with('$')) {
    mentions.push_back({Mention::Use::for_each, path->front(), position, &node.where, "/for_each/source"});
  }
}

}  // namespace

Index::Index(const Graph& source) : graph(source), outgoing(source.nodes.size()) {
  for (const StateField& field : graph.state) {
    fields.emplace(field.name, &field);
    field_names.push_back(field.name);
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    nodes.emplace(node.id.text, i);
    node_names.push_back(node.id.text);
    for (const std::string& field : node.writes) ++writers[field];
    collect_mentions(node, i, mentions);
  }
  for (std::size_t i = 0; i < graph.edges.size(); ++i) {
    const Edge& edge = graph.edges[i];
    const auto from = position(edge.from);
    if (from && position(edge.to)) outgoing[*from].push_back(i);
    conditions.push_back(Expression::parse(edge.when.value_or("true")));
    if (!conditions.back()) continue;
    for (const std::string& field : conditions.back()->fields()) {
      mentions.push_back({Mention::Use::when, field, std::nullopt, &edge.where, "/when"});
    }
  }
  for (const Mention& mention : mentions) ++mentioned[mention.field];
}

std::optional<std::size_t> Index::position(const NodeId& id) const {
  const auto found = nodes.find(id.text);
  return found == nodes.end() ? std::nullopt : std::optional(found->second);
}

Location place_below(const Where& where, std::string_view below) {
  Location place = where;
  if (!place.path.empty()) place.path += below;
  return place;
}

}  // namespace oe::graph
