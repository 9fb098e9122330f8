#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "oe/graph/expression.hpp"
#include "oe/graph/graph.hpp"

namespace oe::graph {

/// Everything that can be said against a graph without its files: duplicate ids, edges to nowhere, cycles and
/// self-loops, predicates that do not parse or that can never hold, paths and reads of fields that are not declared or
/// that nobody writes, arity of writes, unreachable nodes, placeholders that nothing fills, for_each over a field that
/// cannot be a list, inputs, outputs, secrets, budgets and gates that make no sense. Bodies of pipelines and loops are
/// checked with it; that of an experience is a graph of its own. Errors stop a plan; warnings do not. In file order.
/// The path of a problem goes below the path of the node or edge, named as an experience.yaml does
/// ("/graph/nodes/2/reads/0"); its line and column stay those of the node or edge.
Problems check(const Graph& graph);

class Upstream;

/// What the nodes of a graph may name: fills the placeholders of a node's text (section 5.2 of the reference) with its
/// reads, its arguments, the nodes right before it, the variables that it has ($item and the like, also by their names
/// without "$"), $run, and $nodes.<id> of a node upstream. Keeps a reference to the graph.
class Fillers {
 public:
  explicit Fillers(const Graph& graph);
  /// For the body of a pipeline or loop of this graph. This object must outlive the result.
  Fillers inside(const Node& owner) const;

  /// A placeholder without its braces ("row.id") and what to do about it.
  struct Unfilled {
    std::string name;
    std::string hint;
    std::size_t begin = 0;  ///< byte of the text where it first stands
    friend bool operator==(const Unfilled&, const Unfilled&) = default;
  };
  /// The placeholders of `text` that nothing fills, each once, in order.
  std::vector<Unfilled> unfilled(const Node& node, std::string_view text) const;

  /// The variables that the place gives to every node of the graph.
  std::vector<std::string> variables() const;
  /// Whether the node with this id has always ended when the other one, of this graph, begins; also one outside.
  bool is_upstream(std::string_view id, std::string_view of) const;
  /// The graph whose fields, inputs and secrets count here: the outermost one.
  const Graph& root() const { return outer_ ? outer_->root() : *graph_; }
  /// Whether there is a node with this id, here or outside.
  bool has_node(std::string_view id) const;

 private:
  Fillers(const Graph& body, const Fillers* outer, const Node* owner);
  const std::vector<std::string>& right_before(const Node& node) const;
  std::vector<std::string> names_for(const Node& node) const;
  bool is_filled(const Node& node, const Placeholder& placeholder, const std::vector<std::string>& names) const;
  std::string hint_for(const Placeholder& placeholder, const std::vector<std::string>& names) const;

  const Graph* graph_;
  const Fillers* outer_ = nullptr;
  const Node* owner_ = nullptr;
  std::shared_ptr<const Upstream> upstream_;
  std::unordered_map<std::string_view, std::vector<std::string>> predecessors_;
};

/// What differs between two graphs, by node id and by name; positions and file order do not count.
struct Difference {
  std::vector<NodeId> added;
  std::vector<NodeId> removed;
  std::vector<NodeId> changed;  ///< nodes in both that are not equal
  std::vector<Edge> added_edges;
  std::vector<Edge> removed_edges;
  bool rest_changed = false;  ///< everything else: name, inputs, outputs, secrets, state, phases, runtime ...
  friend bool operator==(const Difference&, const Difference&) = default;
};
Difference difference(const Graph& before, const Graph& after);

}  // namespace oe::graph
