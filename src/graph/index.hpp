#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "oe/graph/expression.hpp"
#include "oe/graph/graph.hpp"

namespace oe::graph {

/// A place where the workflow reads a state field.
struct Mention {
  enum class Use { reads, args, for_each, when } use = Use::reads;
  std::string field;
  std::optional<std::size_t> node;  ///< position of the reading node; nothing for the condition of an edge
  const Where* where = nullptr;     ///< of the node or edge
  std::string below;                ///< JSON pointer from there
};

/// Look-ups that the checks share, made once in linear time. Views and pointers go into the graph, which must
/// outlive the index.
struct Index {
  explicit Index(const Graph& source);

  const Graph& graph;
  std::unordered_map<std::string_view, std::size_t> nodes;  ///< positions; the first of duplicates
  std::unordered_map<std::string_view, const StateField*> fields;
  std::vector<std::string> node_names;
  std::vector<std::string> field_names;
  std::vector<std::vector<std::size_t>> outgoing;               ///< per node, positions of edges to known nodes
  std::vector<Result<Expression>> conditions;                   ///< per edge; `true` where there is no `when`
  std::vector<Mention> mentions;                                ///< in the order of the file
  std::unordered_map<std::string_view, std::size_t> writers;    ///< how many nodes write a field
  std::unordered_map<std::string_view, std::size_t> mentioned;  ///< how many mentions a field has

  std::optional<std::size_t> position(const NodeId& id) const;
};

/// The place `below` a node or edge.
Location place_below(const Where& where, std::string_view below);

// The parts of check(); each adds its problems in the order of the file.
void check_ids(const Index& index, Problems& problems);
void check_edges(const Index& index, Problems& problems);
void check_cycles(const Index& index, Problems& problems);
void check_fields(const Index& index, Problems& problems);
void check_work(const Index& index, Problems& problems);
void check_reach(const Index& index, Problems& problems);

}  // namespace oe::graph
