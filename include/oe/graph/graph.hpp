#pragma once

#include <chrono>
#include <cstdint>
#include <map>
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

/// Which failures are worth another attempt; one that says nothing takes them all.
struct RetryOn {
  bool timeout = false;
  bool signal = false;
  std::vector<int> exit_codes;
  std::vector<int> http_statuses;
  std::vector<std::string> output;  ///< RE2 patterns, searched in the error and the end of the output
  bool everything() const {
    return !timeout && !signal && exit_codes.empty() && http_statuses.empty() && output.empty();
  }
  friend bool operator==(const RetryOn&, const RetryOn&) = default;
};

/// What happens when an attempt fails. A retry that is used up ends like `skip` (OpenExpertise v0.1.0,
/// section 3.4 of the reference) unless `then` says fail_run. `then: <node>` is an edge on failure to that node.
struct OnError {
  ErrorPolicy policy = ErrorPolicy::skip;
  std::uint32_t attempts = 1;  ///< with retry: all attempts, the first included
  Backoff backoff = Backoff::linear;
  std::chrono::milliseconds base{100};           ///< linear: base * k, exponential: base * 2^(k-1) after failure k
  std::optional<std::chrono::milliseconds> cap;  ///< no wait is longer
  bool jitter = false;  ///< each wait is drawn evenly between 0 and the computed one ("full jitter")
  RetryOn retry_on;
  bool then_fail_run = false;
  friend bool operator==(const OnError&, const OnError&) = default;
};

/// The most that a node, a loop or a run may spend; what is not set is not limited.
struct Budget {
  std::optional<std::uint64_t> tokens;  ///< in and out together
  std::optional<double> usd;
  std::optional<std::chrono::milliseconds> time;  ///< of all attempts together
  bool unlimited() const { return !tokens && !usd && !time; }
  friend bool operator==(const Budget&, const Budget&) = default;
};

/// What an attempt may touch and use. Everything else is read-only or not there.
struct Sandbox {
  bool network = false;
  std::vector<std::string> write;  ///< paths relative to the workflow's directory
  std::optional<std::uint64_t> memory_mb;
  std::optional<std::uint64_t> processes;
  std::optional<std::uint64_t> output_mb;
  std::optional<std::chrono::milliseconds> cpu;
  friend bool operator==(const Sandbox&, const Sandbox&) = default;
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
  std::string workdir;  ///< where it starts, relative to the workflow's directory; empty: there
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
/// How a service hands its rows out in pages.
struct Paging {
  std::string next;  ///< path to the address of the next page in a body ("$.links.next"); or "link": the Link header
  /// Or the name of a query parameter that counts pages from 1, until one has no rows. With both, `next` is not an
  /// address but the value of this parameter for the next page (a cursor).
  std::string page;
  std::uint32_t most = 100;  ///< pages; one more is an error
  friend bool operator==(const Paging&, const Paging&) = default;
};
struct HttpSource {
  std::string url;
  std::string method = "GET";
  Value body;
  std::map<std::string, std::string> headers;  ///< {{$secrets.NAME}} in a value is a secret that the node lists
  std::string rows;                            ///< path to the list in a body ("$.items"); empty: the body is the list
  std::optional<Paging> paging;
  std::uint32_t max_mb = 64;  ///< of one body, in MiB
  friend bool operator==(const HttpSource&, const HttpSource&) = default;
};
struct McpSource {
  std::string server;  ///< a name in mcp.json beside the workflow
  std::string uri;
  std::string directory;  ///< where mcp.json is and the server starts, relative to the workflow's; empty: there
  friend bool operator==(const McpSource&, const McpSource&) = default;
};

/// Rows into the one field that the node writes.
struct Dataset {
  std::variant<FileSource, SqliteSource, HttpSource, McpSource> source;
  friend bool operator==(const Dataset&, const Dataset&) = default;
};

/// What a node wants of a model.
struct Asking {
  std::string model;     ///< an alias of Models, "provider/model", or a provider's own name for it; empty: the standard
  std::string provider;  ///< empty: that of the alias, or the one whose model it is
  std::optional<double> temperature;
  std::optional<std::uint32_t> max_tokens;  ///< of one answer
  std::uint32_t repair = 1;  ///< how often an answer that does not fit the schema is asked for again: 0 or 1
  Value schema;              ///< JSON Schema of a structured answer; null: text
  friend bool operator==(const Asking&, const Asking&) = default;
};

struct Agent {
  std::string prompt;  ///< a file relative to the workflow's directory
  Asking ask;
  Value args = Value::object();
  /// What the placeholders in that file name ("$run.inputs.topic"), each once, as the reader has found them.
  std::vector<std::string> names;
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
  std::string impl;  ///< SKILL.md, relative to the workflow's directory
  Asking ask;
  Value inputs = Value::object();
  friend bool operator==(const Skill&, const Skill&) = default;
};
/// A gate: the node waits for a human.
struct Human {
  enum class Ask { approve, choose, form };
  Ask ask = Ask::approve;
  std::string question;              ///< with {{placeholders}}
  std::vector<std::string> choices;  ///< with choose
  Value schema;                      ///< with form: a JSON Schema object with flat properties
  std::optional<Value> otherwise;    ///< the answer when nobody gave one before the node's deadline
  Value args = Value::object();
  friend bool operator==(const Human&, const Human&) = default;
};

struct Graph;

/// isolated: a state of its own; shared: the fields of the caller with the same names.
enum class StateScope { isolated, shared };

/// Runs another workflow as one node. `args` become its inputs.
struct Subgraph {
  std::string impl;  ///< relative to the workflow's directory
  Value args = Value::object();
  StateScope scope = StateScope::isolated;
  /// Field of this graph -> output (or, where the child declares none, state field) of the child. Empty: each
  /// field in `writes` takes the output with its own name.
  std::map<std::string, std::string> outputs;
  Box<Graph> body;
  friend bool operator==(const Subgraph& a, const Subgraph& b);
};

/// Runs its body once for each item. Of a for_each: the body holds the one node, with the same id, that does the
/// work. Of a pipeline: the stages, a chain, under an id of its own.
struct Each {
  std::string source;           ///< a path such as "$.items"; empty with `rows`
  std::optional<Dataset> rows;  ///< items that are read one at a time while they are worked on
  std::string as;               ///< another name for $item, without the dollar; "item" always works
  std::uint32_t concurrency = 1;
  std::optional<std::uint32_t> max_failed;  ///< items that may fail while the node still succeeds
  std::uint32_t batch = 1;                  ///< above 1 an item is a list of up to so many elements
  /// Of a pipeline: how many items may be in one stage at once. Every item sees the state before the pipeline and
  /// what its own earlier stages wrote.
  std::optional<std::uint32_t> lanes;
  Box<Graph> body;
  friend bool operator==(const Each& a, const Each& b);
};

/// Runs its body again and again. Before each round `until` is looked at (section 3.7 of the reference); a round
/// that fails ends the loop with that failure.
struct Repeat {
  std::optional<std::string> until;
  std::uint32_t max_rounds = 100;
  Budget budget;  ///< when it is spent, no further round begins
  Box<Graph> body;
  friend bool operator==(const Repeat& a, const Repeat& b);
};

/// Something that the format allows and this engine does not run yet. Planning refuses it by reason and
/// place.
struct Unsupported {
  std::string reason;
  Where where;
  friend bool operator==(const Unsupported&, const Unsupported&) = default;
};

using Work = std::variant<Tool, Command, Dataset, Agent, CliAgent, Skill, Human, Subgraph, Each, Repeat, Unsupported>;

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

/// US dollars for a million tokens.
struct ModelPrice {
  double input = 0;
  double output = 0;
  std::optional<double> cache_read;   ///< nothing: as input
  std::optional<double> cache_write;  ///< nothing: as input
  friend bool operator==(const ModelPrice&, const ModelPrice&) = default;
};

/// One entry of `models:`, under the alias that nodes use.
struct Model {
  std::string name;                  ///< the alias
  std::string provider;              ///< a row of llm::providers()
  std::string model;                 ///< as the provider calls it
  std::string base_url;              ///< empty: the provider's own
  std::string key_env;               ///< environment variable with the API key; empty: the provider's usual one
  std::vector<std::string> command;  ///< of provider "command"
  std::string file;                  ///< cassette of provider "replay", relative to the workflow's directory
  std::map<std::string, std::string> headers;  ///< sent along; never a secret
  std::optional<double> temperature;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> max_tokens;           ///< of one answer
  std::optional<std::uint64_t> context;              ///< tokens that prompt and answer may have together
  std::optional<std::uint32_t> concurrency;          ///< calls on their way at once
  std::optional<std::uint32_t> retries;              ///< after the first try; nothing: 2
  std::optional<std::chrono::milliseconds> timeout;  ///< of one call
  std::optional<ModelPrice> price;                   ///< nothing: unknown, which is never 0
  std::vector<std::string> fallback;  ///< aliases that are asked, in order, when this one cannot be reached
  Where where;
  friend bool operator==(const Model&, const Model&) = default;
};

struct Models {
  std::string standard;  ///< `default`: alias for nodes that name no model; empty: the provider whose key is there
  std::string advisor;   ///< alias for `oe evolve`; empty: the standard
  std::vector<Model> all;
  friend bool operator==(const Models&, const Models&) = default;
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
