#include <algorithm>
#include <fmt/core.h>

#include "graph/index.hpp"

namespace oe::graph {

namespace {

bool is_always_false(const Result<Expression>& condition) {
  const Lookup nothing = [](std::string_view) { return std::optional<Value>(); };
  return condition && condition->is_constant() && !condition->holds(nothing);
}

// Nodes that can never run, because of conditions that never hold. In topological order, so that each node is settled
// before what waits for it.
class NeverRuns {
 public:
  NeverRuns(const Index& index, Problems& problems)
      : index_(index), problems_(problems), dead_(index.graph.nodes.size(), false) {}

  void run() {
    for (const std::size_t node : topological_order(index_.graph)) {
      const std::vector<std::size_t>& edges = index_.incoming[node];
      const auto fires_never = [this](std::size_t edge) { return is_dead(edge); };
      const bool all = index_.graph.nodes[node].join == JoinMode::all;
      dead_[node] = all ? std::ranges::any_of(edges, fires_never)
                        : !edges.empty() && std::ranges::all_of(edges, [&](std::size_t edge) { return blocks(node, edge); });
      if (dead_[node]) report(*std::ranges::find_if(edges, fires_never));
    }
  }

 private:
  bool is_dead(std::size_t position) const {
    const Edge& edge = index_.graph.edges[position];
    const bool from_dead = dead_[*index_.position(edge.from)] && edge.on != EdgeOn::end;
    return from_dead || is_always_false(index_.conditions[position]);
  }

  // With none_failed a node that was skipped by a condition counts like one that fires.
  bool blocks(std::size_t node, std::size_t position) const {
    const bool takes_skips = index_.graph.nodes[node].join == JoinMode::none_failed;
    const bool skipped = dead_[*index_.position(index_.graph.edges[position].from)];
    return is_dead(position) && !(takes_skips && skipped);
  }

  void report(std::size_t position) {
    const Edge& edge = index_.graph.edges[position];
    const bool never = is_always_false(index_.conditions[position]);
    const Node& target = index_.graph.nodes[*index_.position(edge.to)];
    const std::string reason =
        never ? fmt::format("the condition of {} -> {} is always false", edge.from.text, edge.to.text)
              : fmt::format("it waits for '{}', which never runs", edge.from.text);
    problems_.push_back({.severity = Severity::warning,
                         .where = never ? place_below(edge.where, "/when") : Location(target.where),
                         .message = fmt::format("node '{}' never runs: {}", edge.to.text, reason)});
  }

  const Index& index_;
  Problems& problems_;
  std::vector<bool> dead_;
};

using FieldSet = std::unordered_set<std::string_view>;

void collect_read(const Index& index, FieldSet& fields) {
  for (const Mention& mention : index.mentions) fields.insert(mention.field);
  for (const auto& [position, body] : index.bodies) collect_read(*body, fields);
}

void collect_written_by(const Node& node, FieldSet& fields) {
  fields.insert(node.writes.begin(), node.writes.end());
  const Graph* inner = std::holds_alternative<Subgraph>(node.work) ? nullptr : body(node);
  for (std::size_t i = 0; inner && i < inner->nodes.size(); ++i) collect_written_by(inner->nodes[i], fields);
}

// Nodes that share fields with others are part of the workflow even without an edge. In doubt a node is taken to
// share.
class Company {
 public:
  explicit Company(const Index& root) : root_(root), reads_(root.graph.nodes.size()), writes_(reads_.size()) {
    for (const Mention& mention : root.mentions) {
      if (mention.node)
        reads_[*mention.node].insert(mention.field);
      else
        ++readers_[mention.field];
    }
    for (const auto& [position, body] : root.bodies) collect_read(*body, reads_[position]);
    for (std::size_t i = 0; i < writes_.size(); ++i) collect_written_by(root.graph.nodes[i], writes_[i]);
    for (const Edge& edge : root.graph.edges) ends_.insert({edge.from.text, edge.to.text});
    for (const FieldSet& fields : reads_) count(fields, readers_);
    for (const FieldSet& fields : writes_) count(fields, writers_);
  }

  bool stands_alone(std::size_t node) const {
    return !ends_.contains(root_.node_names[node]) &&
           !is_shared(reads_[node], writers_, writes_[node]) && !is_shared(writes_[node], readers_, reads_[node]);
  }

 private:
  using Counts = std::unordered_map<std::string_view, std::size_t>;

  static void count(const FieldSet& fields, Counts& counts) {
    for (const std::string_view field : fields) ++counts[field];
  }
  // Whether another node is on the other side of one of the fields.
  static bool is_shared(const FieldSet& fields, const Counts& others, const FieldSet& own) {
    return std::ranges::any_of(fields, [&](std::string_view field) {
      const auto found = others.find(field);
      return found != others.end() && found->second > own.count(field);
    });
  }

  const Index& root_;
  std::unordered_set<std::string_view> ends_;  ///< nodes that an edge names
  std::vector<FieldSet> reads_;
  std::vector<FieldSet> writes_;
  Counts readers_;
  Counts writers_;
};

}  // namespace

void check_never(const Index& index, Problems& problems) {
  NeverRuns(index, problems).run();
}

void check_company(const Index& root, Problems& problems) {
  if (root.graph.edges.empty()) return;
  const Company company(root);
  for (std::size_t i = 0; i < root.graph.nodes.size(); ++i) {
    const Node& node = root.graph.nodes[i];
    const bool repeated = root.position(node.id) != i;
    if (repeated || !company.stands_alone(i)) continue;
    problems.push_back(
        {.severity = Severity::warning,
         .where = node.where,
         .message = fmt::format("node '{}' stands alone: no edge, and no field shared with another node", node.id.text),
         .hint = "connect it with an edge, or remove it"});
  }
}

}  // namespace oe::graph
