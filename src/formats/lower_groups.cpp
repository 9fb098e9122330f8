#include <algorithm>
#include <fmt/core.h>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "oe/graph/expression.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

/// Names, each once, in the order of their first mention.
class FieldSet {
 public:
  void add(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (seen_.insert(name).second) names_.push_back(name);
    }
  }
  void add_condition(const std::optional<std::string>& text) {
    if (!text) return;
    if (const auto condition = graph::Expression::parse(*text)) add(condition->fields());
  }
  std::vector<std::string> take() && { return std::move(names_); }

 private:
  std::unordered_set<std::string> seen_;
  std::vector<std::string> names_;
};

graph::Graph& body_of(Group& group) {
  if (auto* each = std::get_if<graph::Each>(&group.node.work)) return *each->body;
  return *std::get<graph::Repeat>(group.node.work).body;
}

bool is_plain(const graph::Edge& edge) {
  return edge.on == graph::EdgeOn::success && !edge.when && !edge.otherwise;
}

class Lowering {
 public:
  Lowering(std::vector<Group> groups, graph::Graph& graph, Notes& notes)
      : groups_(std::move(groups)), graph_(graph), notes_(notes), places_(groups_.size()) {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t m = 0; m < groups_[g].members.size(); ++m) seats_.emplace(groups_[g].members[m].id, Seat{g, m});
    }
  }

  void run() {
    move_nodes();
    move_edges();
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      if (groups_[g].is_pipeline()) make_chain(groups_[g]);
      name_fields(groups_[g]);
      graph_.nodes[*places_[g]] = std::move(groups_[g].node);
    }
  }

 private:
  struct Seat {
    std::size_t group;
    std::size_t member;
  };

  const Seat* seat(const NodeId& id) const {
    const auto found = seats_.find(id.text);
    return found == seats_.end() ? nullptr : &found->second;
  }
  std::size_t position(const NodeId& id) const { return seat(id)->member; }
  /// Where an edge to this node ends, seen from outside.
  const NodeId& outside(const NodeId& id) const {
    const Seat* in = seat(id);
    return in ? groups_[in->group].node.id : id;
  }

  // A group stands where its first member stood.
  void move_nodes() {
    std::vector<graph::Node> rest;
    for (graph::Node& node : graph_.nodes) {
      const Seat* in = seat(node.id);
      if (!in) {
        rest.push_back(std::move(node));
        continue;
      }
      if (!places_[in->group]) {
        places_[in->group] = rest.size();
        rest.emplace_back();
      }
      body_of(groups_[in->group]).nodes.push_back(std::move(node));
    }
    graph_.nodes = std::move(rest);
  }

  void move_edges() {
    std::vector<graph::Edge> rest;
    for (graph::Edge& edge : graph_.edges) {
      const Seat *from = seat(edge.from), *to = seat(edge.to);
      if (from && to && from->group == to->group) {
        put_inside(std::move(edge), groups_[from->group]);
      } else {
        edge.from = NodeId(outside(edge.from));
        edge.to = NodeId(outside(edge.to));
        rest.push_back(std::move(edge));
      }
    }
    graph_.edges = std::move(rest);
  }

  void put_inside(graph::Edge edge, Group& group) {
    const std::size_t from = position(edge.from), to = position(edge.to);
    if (group.is_pipeline() && from >= to) {
      return notes_.error(edge.where,
                          fmt::format("edge {} -> {} goes against the order of the stages of '{}'", edge.from.text,
                                      edge.to.text, group.node.id.text),
                          "a pipeline is a chain: take the edge out, or use a loop");
    }
    const bool is_implied = group.is_pipeline() && to > from + 1 && is_plain(edge);
    if (!is_implied) body_of(group).edges.push_back(std::move(edge));
  }

  // The stages one after the other, with the edges that the file has between them in place of the implied ones.
  void make_chain(Group& group) {
    graph::Graph& body = body_of(group);
    const auto stage = [&](const graph::Node& node) { return position(node.id); };
    std::ranges::stable_sort(body.nodes, {}, stage);
    for (std::size_t i = 1; i < group.members.size(); ++i) {
      const NodeId from{group.members[i - 1].id}, to{group.members[i].id};
      const bool is_there =
          std::ranges::any_of(body.edges, [&](const graph::Edge& edge) { return edge.from == from && edge.to == to; });
      if (!is_there) body.edges.push_back({.from = from, .to = to, .where = notes_.locate(group.members[i].spot)});
    }
    std::ranges::stable_sort(
        body.edges, {}, [&](const graph::Edge& edge) { return std::tuple(position(edge.from), position(edge.to)); });
  }

  static void name_fields(Group& group) {
    const graph::Graph& body = body_of(group);
    FieldSet reads;
    reads.add(fields_read_by(body));
    if (const auto* repeat = std::get_if<graph::Repeat>(&group.node.work)) reads.add_condition(repeat->until);
    group.node.reads = std::move(reads).take();
    group.node.writes = fields_written_by(body);
  }

  std::vector<Group> groups_;
  graph::Graph& graph_;
  Notes& notes_;
  std::unordered_map<std::string, Seat> seats_;
  std::vector<std::optional<std::size_t>> places_;  ///< of the groups, in graph_.nodes
};

}  // namespace

std::vector<std::string> fields_read_by(const graph::Graph& body) {
  FieldSet fields;
  for (const graph::Node& node : body.nodes) {
    fields.add(node.reads);
    fields.add(graph::fields_of(graph::arguments(node)));
    if (const auto* each = std::get_if<graph::Each>(&node.work)) fields.add(graph::fields_of(Value::of(each->source)));
  }
  for (const graph::Edge& edge : body.edges) fields.add_condition(edge.when);
  return std::move(fields).take();
}

std::vector<std::string> fields_written_by(const graph::Graph& body) {
  FieldSet fields;
  for (const graph::Node& node : body.nodes) fields.add(node.writes);
  return std::move(fields).take();
}

void lower_groups(std::vector<Group> groups, graph::Graph& graph, Notes& notes) {
  if (!groups.empty()) Lowering(std::move(groups), graph, notes).run();
}

}  // namespace oe::formats
