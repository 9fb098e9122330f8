#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/ids.hpp"
#include "oe/base/problem.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/models.hpp"
#include "oe/graph/work.hpp"

namespace oe::graph {

// The format-neutral form of a workflow: plain values that compare by content. Where a value was written
// (Where) rides along and never counts in a comparison. Readers fill it in; checks, engine and evolve read
// it.

enum class FieldType { any, string, number, boolean, object, array, null };
enum class Merge { last_wins, set_once, array_append };

struct StateField {
  std::string name;
  FieldType type = FieldType::any;
  Merge merge = Merge::last_wins;
  std::string description;
  Where where;
  friend bool operator==(const StateField&, const StateField&) = default;
};

struct Phase {
  std::string id;
  std::string title;
  Where where;
  friend bool operator==(const Phase&, const Phase&) = default;
};

/// Which edges into a node must fire. `all`: every one. `any`: at least one. `none_failed`: none comes from a failure,
/// and at least one fires or comes from a node that was skipped by a condition. Every mode waits until all nodes
/// before it have ended, so the choice never depends on speed.
enum class JoinMode { all, any, none_failed };

/// A unit of work. On the Each of a for_each everything but the join is that of the node in its body. On a pipeline or
/// a loop reads and writes are what its body reads from outside and writes.
struct Node {
  NodeId id;
  std::string phase;
  JoinMode join = JoinMode::all;
  std::vector<std::string> reads;
  std::vector<std::string> writes;
  OnError on_error;
  std::optional<std::chrono::milliseconds> timeout;   ///< of one attempt
  std::optional<std::chrono::milliseconds> deadline;  ///< of all attempts and the waits between them
  Budget budget;
  std::vector<std::string> secrets;  ///< names of environment variables that this node may see
  std::optional<Sandbox> sandbox;
  std::optional<bool> cache;  ///< nothing: as the kind has it (on for model calls, off for the rest)
  Work work;
  Where where;
  friend bool operator==(const Node&, const Node&) = default;
};

/// The ends of `from` on which an edge fires. `end` is every end, a skip included.
enum class EdgeOn { success, failure, timeout, end };

struct Edge {
  NodeId from;
  NodeId to;
  EdgeOn on = EdgeOn::success;  ///< failure takes timeouts, too
  std::optional<std::string> when;
  bool otherwise = false;  ///< `else: true`: fires when no edge of `from` with a `when` does
  Where where;
  friend bool operator==(const Edge&, const Edge&) = default;
};

/// What a caller must or may give. They are read as $run.inputs.<name>.
struct Input {
  std::string name;
  FieldType type = FieldType::any;
  bool required = true;
  std::optional<Value> otherwise;  ///< the default
  std::string description;
  Where where;
  friend bool operator==(const Input&, const Input&) = default;
};

/// What a run gives back: a value of its final state.
struct Output {
  std::string name;
  std::string value;  ///< a path such as "$.report"
  std::string description;
  Where where;
  friend bool operator==(const Output&, const Output&) = default;
};

/// What tells whether the workflow got better: a number (or true and false) that is read off a run that has ended.
struct Metric {
  std::string name;
  std::string source;             ///< an expression over the final state, such as "length($.findings)"
  bool is_higher_better = false;  ///< direction
  bool is_goal = false;           ///< a change may be made for it; a guard only must not get worse
  double margin = 0;              ///< the least difference that counts
  Where where;
  friend bool operator==(const Metric&, const Metric&) = default;
};

struct Runtime {
  std::uint32_t concurrency = 1;  ///< attempts in flight in the whole run
  std::optional<std::chrono::milliseconds> deadline;
  Budget budget;
  std::optional<Sandbox> sandbox;  ///< of every node that has none of its own
  std::optional<bool> cache;       ///< of every node that says nothing itself
  friend bool operator==(const Runtime&, const Runtime&) = default;
};

/// What starts a run by itself, where the hooks of git are installed: a commit, a merge (also that of a pull).
enum class Trigger { commit, merge };

struct Graph {
  std::string name;
  std::string version;
  std::string description;
  std::vector<Trigger> on;  ///< each once; of an included workflow it means nothing
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Metric> metrics;
  std::vector<std::string> secrets;  ///< names of environment variables; seen only by nodes that list them
  std::vector<StateField> state;
  std::vector<Phase> phases;
  std::vector<Node> nodes;  ///< in the order of the file
  std::vector<Edge> edges;
  Runtime runtime;
  Models models;
  std::vector<Unsupported> unsupported;  ///< constructs that belong to no single node
  friend bool operator==(const Graph&, const Graph&) = default;
};

/// The node that does the work: the node itself, or the one in the body of its for_each.
const Node& leaf(const Node& node);
/// The for_each of a node, or nullptr (also for a pipeline).
const Each* each(const Node& node);
/// The graph that a pipeline, a loop or an experience node owns, or nullptr (also for a for_each).
const Graph* body(const Node& node);
/// The word of the format for what a (leaf) node is: "tool", "command", "dataset", "agent", "cli-agent",
/// "skill", "human", "experience", "pipeline", "loop".
std::string_view kind_name(const Work& work);
/// nullptr when the graph has no such node.
const Node* find(const Graph& graph, const NodeId& id);
const StateField* find_field(const Graph& graph, std::string_view name);
/// The argument tree of a leaf, {} for kinds without one.
Value arguments(const Node& node);

/// Kahn's order: roots in file order, successors in the order of their edges. Positions into graph.nodes.
/// Nodes on or behind a cycle are left out, so the result is shorter than graph.nodes exactly when there is a
/// cycle.
std::vector<std::size_t> topological_order(const Graph& graph);

}  // namespace oe::graph
