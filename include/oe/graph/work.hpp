#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "oe/base/box.hpp"
#include "oe/base/problem.hpp"
#include "oe/base/value.hpp"

namespace oe::graph {

// What a node does, one struct a kind, and on which terms.

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

}  // namespace oe::graph
