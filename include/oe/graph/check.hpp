#pragma once

#include "oe/graph/graph.hpp"

namespace oe::graph {

/// Everything that can be said against a graph without its files: duplicate ids, edges to nowhere, cycles and
/// self-loops, predicates that do not parse, paths and reads of fields that are not declared or that nobody
/// writes, arity of writes, unreachable nodes, placeholders that nothing fills, for_each over a field that
/// cannot be a list. Errors stop a plan; warnings do not. In file order.
Problems check(const Graph& graph);

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
