#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "oe/graph/check.hpp"
#include "oe/graph/expression.hpp"
#include "oe/graph/graph.hpp"

namespace oe::graph {

/// A place where the workflow reads a state field.
struct Mention {
  enum class Use { reads, args, source, when, until, output } use = Use::reads;
  std::string field;
  std::optional<std::size_t> node;  ///< position of the reading node; nothing for an edge or an output
  const Where* where = nullptr;     ///< of the node, edge or output
  std::string below;                ///< JSON pointer from there
};

/// Look-ups that the checks share, made once in linear time: of the graph, and of the bodies of its pipelines and
/// loops, which live among the same fields. Views and pointers go into the graph, which must outlive the index.
struct Index {
  explicit Index(const Graph& source) : Index(source, nullptr, 0) {}
  Index(const Graph& source, const Index* outer, std::size_t owner);
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  const Graph& graph;
  const Index* outer = nullptr;
  const Index& root;
  Fillers fillers;
  std::unordered_map<std::string_view, std::size_t> nodes;  ///< positions; the first of duplicates
  std::vector<std::string> node_names;
  std::vector<std::vector<std::size_t>> outgoing;  ///< per node, positions of edges to known nodes
  std::vector<std::vector<std::size_t>> incoming;  ///< per node, positions of edges from known nodes
  std::vector<Result<Expression>> conditions;      ///< per edge; `true` where there is no `when`
  std::map<std::size_t, Result<Expression>> untils;            ///< of the loops that have one, by position
  std::vector<Mention> mentions;                               ///< in the order of the file
  std::map<std::size_t, std::unique_ptr<Index>> bodies;            ///< of pipelines and loops, by position

  // Of the root only.
  std::unordered_map<std::string_view, const StateField*> fields;
  std::vector<std::string> field_names;
  std::unordered_set<std::string_view> written;  ///< fields that some node writes, also one in a body

  std::optional<std::size_t> position(const NodeId& id) const;
  const StateField* field(std::string_view name) const;
  /// What an expression may name that is looked at before the node `reader` begins.
  Scope scope(std::string_view reader) const;
  /// What `until` of a loop may name.
  Scope until_scope(std::size_t loop) const;
};

/// The JSON pointer from a node to the source of its items.
std::string_view source_key(const Node& node);
/// The place `below` a node or edge.
Location place_below(const Where& where, std::string_view below);

// The parts of check(); each adds its problems in the order of the file. Those of the second group look at the whole
// tree and take the root.
void check_ids(const Index& index, Problems& problems);
void check_edges(const Index& index, Problems& problems);
void check_else(const Index& index, Problems& problems);
void check_conditions(const Index& index, Problems& problems);
void check_cycles(const Index& index, Problems& problems);
void check_work(const Index& index, Problems& problems);
void check_answers(const Index& index, Problems& problems);
void check_fan_outs(const Index& index, Problems& problems);
void check_gates(const Index& index, Problems& problems);
void check_limits(const Index& index, Problems& problems);
void check_names(const Index& index, Problems& problems);
void check_children(const Index& index, Problems& problems);
void check_never(const Index& index, Problems& problems);

void check_fields(const Index& root, Problems& problems);
void check_interface(const Index& root, Problems& problems);
void check_metrics(const Index& root, Problems& problems);
void check_company(const Index& root, Problems& problems);

}  // namespace oe::graph
