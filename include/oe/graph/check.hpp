#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "oe/graph/graph.hpp"

namespace oe::graph {

/// Everything that can be said against a graph without its files: duplicate ids, edges to nowhere, cycles and
/// self-loops, predicates that do not parse, paths and reads of fields that are not declared or that nobody
/// writes, arity of writes, unreachable nodes, placeholders that nothing fills, for_each over a field that
/// cannot be a list. Errors stop a plan; warnings do not. In file order.
/// The path of a problem goes below the path of the node or edge, named as an experience.yaml does
/// ("/graph/nodes/2/reads/0"); its line and column stay those of the node or edge.
Problems check(const Graph& graph);

/// What can fill the placeholders of a node's text (section 5.2 of the reference): its reads, its arguments, the
/// nodes right before it, and with for_each $item and $index. Keeps a reference to the graph.
class Fillers {
 public:
  explicit Fillers(const Graph& graph);

  /// A placeholder without its braces ("row.id") and what to do about it.
  struct Unfilled {
    std::string name;
    std::string hint;
    friend bool operator==(const Unfilled&, const Unfilled&) = default;
  };
  /// The placeholders of `text` that nothing fills, each once, in order.
  std::vector<Unfilled> unfilled(const Node& node, std::string_view text) const;

 private:
  std::vector<std::string> names_for(const Node& node) const;
  std::string hint_for(const std::string& name, const std::vector<std::string>& names) const;

  const Graph& graph_;
  std::unordered_map<std::string_view, std::vector<std::string>> predecessors_;
};

/// What differs between two graphs, by node id and by name; positions and file order do not count.
struct Difference {
  std::vector<NodeId> added;
  std::vector<NodeId> removed;
  std::vector<NodeId> changed;  ///< nodes in both that are not equal
  std::vector<Edge> added_edges;
  std::vector<Edge> removed_edges;
  bool rest_changed = false;  ///< name, state, phases, runtime or unsupported constructs
  friend bool operator==(const Difference&, const Difference&) = default;
};
Difference difference(const Graph& before, const Graph& after);

}  // namespace oe::graph
