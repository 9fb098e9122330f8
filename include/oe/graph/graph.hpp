#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "oe/base/box.hpp"
#include "oe/base/ids.hpp"
#include "oe/base/problem.hpp"
#include "oe/base/value.hpp"

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

enum class ErrorPolicy { skip, fail_run, retry };
enum class Backoff { linear, exponential };

/// What happens when an attempt fails. A retry that is used up ends like `skip` (OpenExpertise v0.1.0,
/// section 3.4 of the reference).
struct OnError {
  ErrorPolicy policy = ErrorPolicy::skip;
  std::uint32_t attempts = 1;  ///< with retry: all attempts, the first included
  Backoff backoff = Backoff::linear;
  std::chrono::milliseconds base{100};  ///< linear: base * k, exponential: base * 2^(k-1) after failure k
  friend bool operator==(const OnError&, const OnError&) = default;
};

/// An ES module with a default export, or any executable; relative to the workflow's directory.
struct Tool {
  std::string impl;
  Value args = Value::object();
  friend bool operator==(const Tool&, const Tool&) = default;
};

enum class CaptureAs { text, lines, json };

/// A shell line or an argument list. Exit status 0 is success; standard output goes to `writes` as `output`
/// says.
struct Command {
  std::variant<std::string, std::vector<std::string>> run;
  CaptureAs output = CaptureAs::text;
  Value args = Value::object();
  friend bool operator==(const Command&, const Command&) = default;
};

enum class RowFormat { json, jsonl, csv, tsv };

struct FileSource {
  std::string uri;  ///< relative to the workflow's directory
  RowFormat format = RowFormat::json;
  friend bool operator==(const FileSource&, const FileSource&) = default;
};
struct SqliteSource {
  std::string uri;
  std::string query;
  friend bool operator==(const SqliteSource&, const SqliteSource&) = default;
};
struct HttpSource {
  std::string url;
  std::string method = "GET";
  Value body;
  friend bool operator==(const HttpSource&, const HttpSource&) = default;
};
struct McpSource {
  std::string server;
  std::string uri;
  friend bool operator==(const McpSource&, const McpSource&) = default;
};

/// Rows into the one field that the node writes.
struct Dataset {
  std::variant<FileSource, SqliteSource, HttpSource, McpSource> source;
  friend bool operator==(const Dataset&, const Dataset&) = default;
};

struct Agent {
  std::string prompt;  ///< a file relative to the workflow's directory
  std::string model;
  Value schema;
  Value args = Value::object();
  friend bool operator==(const Agent&, const Agent&) = default;
};
struct CliAgent {
  std::string provider;
  std::string prompt;  ///< the text itself
  std::string model;
  std::string workdir;
  CaptureAs output = CaptureAs::text;
  Value schema;
  std::vector<std::string> extra_args;
  Value args = Value::object();
  friend bool operator==(const CliAgent&, const CliAgent&) = default;
};
struct Skill {
  std::string impl;
  std::string model;
  Value inputs = Value::object();
  Value schema;
  friend bool operator==(const Skill&, const Skill&) = default;
};
enum class StateScope { isolated, shared };
struct Subgraph {
  std::string impl;
  Value args = Value::object();
  StateScope scope = StateScope::isolated;
  friend bool operator==(const Subgraph&, const Subgraph&) = default;
};

struct Graph;

/// Runs its body once for each item of a list. The body holds the one node, with the same id, that does the
/// work.
struct Each {
  std::string source;  ///< a path such as "$.items"
  std::uint32_t concurrency = 1;
  Box<Graph> body;
  friend bool operator==(const Each& a, const Each& b);
};

/// Something that the format allows and this engine does not run yet. Planning refuses it by reason and
/// place.
struct Unsupported {
  std::string reason;
  Where where;
  friend bool operator==(const Unsupported&, const Unsupported&) = default;
};

using Work = std::variant<Tool, Command, Dataset, Agent, CliAgent, Skill, Subgraph, Each, Unsupported>;

/// A unit of work. On an Each node reads, writes, on_error and timeout are those of the node in its body.
struct Node {
  NodeId id;
  std::string phase;
  std::vector<std::string> reads;
  std::vector<std::string> writes;
  OnError on_error;
  std::optional<std::chrono::milliseconds> timeout;
  Work work;
  Where where;
  friend bool operator==(const Node&, const Node&) = default;
};

struct Edge {
  NodeId from;
  NodeId to;
  std::optional<std::string> when;
  Where where;
  friend bool operator==(const Edge&, const Edge&) = default;
};

struct Runtime {
  std::uint32_t concurrency = 1;  ///< attempts in flight in the whole run
  friend bool operator==(const Runtime&, const Runtime&) = default;
};

struct Graph {
  std::string name;
  std::string version;
  std::string description;
  std::vector<StateField> state;
  std::vector<Phase> phases;
  std::vector<Node> nodes;  ///< in the order of the file
  std::vector<Edge> edges;
  Runtime runtime;
  std::vector<Unsupported> unsupported;  ///< constructs that belong to no single node
  friend bool operator==(const Graph&, const Graph&) = default;
};

/// The node that does the work: the node itself, or the one in the body of its Each.
const Node& leaf(const Node& node);
/// The Each of a node, or nullptr.
const Each* each(const Node& node);
/// The word of the format for what a (leaf) node is: "tool", "command", "dataset", "agent", "cli-agent",
/// "skill", "experience".
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
