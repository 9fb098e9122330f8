#pragma once

#include <fmt/core.h>
#include <optional>
#include <string>
#include <vector>

#include "oe/graph/check.hpp"

namespace oe::graph {

using Names = std::vector<std::string>;

// A graph as a reader would make it: node i stands in line 10 + i, edge i in line 100 + i.
struct Sketch {
  Graph graph;

  Sketch& field(const std::string& name, FieldType type = FieldType::any) {
    graph.state.push_back({.name = name, .type = type});
    return *this;
  }
  Sketch& node(const std::string& id, Work work = Tool{}, Names reads = {}, Names writes = {}) {
    Node node;
    node.id = {id};
    node.work = std::move(work);
    node.reads = std::move(reads);
    node.writes = std::move(writes);
    node.where = place("nodes", graph.nodes.size(), 10);
    graph.nodes.push_back(std::move(node));
    return *this;
  }
  Sketch& loop(const std::string& source) {
    Node& node = graph.nodes.back();
    Each each{.source = source};
    each.body->nodes.push_back(node);
    node.work = std::move(each);
    return *this;
  }
  Sketch& edge(const std::string& from, const std::string& to, std::optional<std::string> when = std::nullopt) {
    graph.edges.push_back({.from = {from}, .to = {to}, .when = std::move(when), .where = place("edges", graph.edges.size(), 100)});
    return *this;
  }
  /// A pipeline over `source` with the stages of `body`, one after the other.
  Sketch& pipeline(const std::string& id, const std::string& source, const Sketch& body) {
    Each each{.source = source};
    *each.body = body.graph;
    return node(id, std::move(each));
  }
  Sketch& repeat(const std::string& id, std::optional<std::string> until, const Sketch& body) {
    Repeat repeat{.until = std::move(until)};
    *repeat.body = body.graph;
    return node(id, std::move(repeat));
  }
  Sketch& input(const std::string& name, FieldType type = FieldType::any) {
    graph.inputs.push_back({.name = name, .type = type, .where = place("inputs", graph.inputs.size(), 1)});
    return *this;
  }
  Node& last() { return graph.nodes.back(); }
  Edge& last_edge() { return graph.edges.back(); }
  static Location place(const char* list, std::size_t index, std::size_t first_line) {
    return {"w", static_cast<std::uint32_t>(first_line + index), 5, fmt::format("/graph/{}/{}", list, index)};
  }
};

inline Names problems_of(const Sketch& sketch) {
  Names lines;
  for (const Problem& problem : check(sketch.graph)) lines.push_back(to_string(problem));
  return lines;
}

inline Work dataset() {
  return Dataset{.source = FileSource{.uri = "x.json"}};
}
inline Work command(const std::string& run, CaptureAs output = CaptureAs::text) {
  return Command{.run = run, .output = output};
}

}  // namespace oe::graph
