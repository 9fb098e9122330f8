#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "oe/base/ids.hpp"
#include "oe/base/result.hpp"
#include "oe/base/time.hpp"
#include "oe/base/value.hpp"

namespace oe::ledger {

// One immutable fact of a run. In the journal an event is one line of JSON:
// {"v":1,"n":7,"type":"node.started","run_id":...,"ts":...} and the fields of its body. Type and field names
// are those of OpenExpertise v0.1.0 where it has them; ours are added beside them. A name is never reused for
// another meaning; fields that a reader does not know are ignored.

/// How an attempt or a node ended.
enum class Outcome { succeeded, failed, timed_out, cancelled, skipped, waiting };
/// What was cancelled or skipped, or has not ended, has not failed.
constexpr bool is_failure(std::optional<Outcome> outcome) {
  return outcome == Outcome::failed || outcome == Outcome::timed_out;
}
/// waiting: suspended until a human has answered.
enum class RunStatus { running, success, failed, partial, cancelled, interrupted, waiting };
/// Why a node did not run: only `failure` and `cancelled` spoil the status of the run.
enum class SkipCause { condition, failure, cancelled };

std::string_view to_string(Outcome outcome);
std::string_view to_string(RunStatus status);
std::string_view to_string(SkipCause cause);

using Microseconds = std::chrono::microseconds;

/// Always the first event.
struct RunStarted {
  Value args = Value::object();
  std::string workflow;         ///< the file, relative to the root of the working tree, with "/"
  std::string workflow_digest;  ///< sha256 of its bytes; Ledger::source gives the bytes back
  std::string content;          ///< exec::content_digest: the workflow and the files that it runs; empty: not known
  std::string name;
  std::string head;    ///< commit id, empty on an unborn branch
  bool dirty = false;  ///< the file's bytes are not those of HEAD
  std::uint32_t concurrency = 1;
  std::uint64_t nodes = 0;
  std::string oe_version;
  Value options = Value::object();  ///< of the command line that change what runs: only, from, base_run, sandbox
  std::map<std::string, std::string> merges;  ///< how each state field is merged; a field without an entry: last_wins
  friend bool operator==(const RunStarted&, const RunStarted&) = default;
};
/// The last event of a run, or of a part of it that was resumed later. A journal that ends in another way belongs to a
/// run that goes on or was killed.
struct RunFinished {
  RunStatus status = RunStatus::success;
  Microseconds duration{0};      ///< of the run so far, without the time between suspension and resumption
  std::string reason;            ///< why a run was cut short; empty otherwise
  std::optional<Value> outputs;  ///< the declared outputs that are set
  friend bool operator==(const RunFinished&, const RunFinished&) = default;
};

/// The same run goes on. What was cut off is open again; with `failed` so is what failed and what was skipped because
/// of it. What succeeded stays.
struct RunResumed {
  bool failed = false;
  std::uint32_t concurrency = 1;
  std::string oe_version;
  friend bool operator==(const RunResumed&, const RunResumed&) = default;
};

/// The place of a fact inside the run. A node of an experience that runs as node "a" has the id "a/<its own id>".
struct At {
  NodeId node;
  std::optional<std::uint64_t> index;  ///< the item of a for_each, missing for the node itself
  std::string phase;
  std::vector<std::uint64_t> scope;  ///< item of a pipeline or round of a loop around the node, outermost first
  friend bool operator==(const At&, const At&) = default;
};

/// The node may start: its inputs are there. `order` is its position in topological order, `items` the length
/// of an Each's list.
struct NodeReady {
  At at;
  std::uint64_t order = 0;
  std::optional<std::uint64_t> items;
  friend bool operator==(const NodeReady&, const NodeReady&) = default;
};
struct NodeStarted {
  At at;
  std::uint32_t attempt = 1;
  std::string input_digest;  ///< of everything the attempt was given; equal digests, equal inputs
  std::string cache_key;     ///< of the replay store, where the node uses it
  friend bool operator==(const NodeStarted&, const NodeStarted&) = default;
};
/// What the world saw of one attempt.
struct AttemptFacts {
  std::uint32_t attempt = 1;
  Microseconds duration{0};
  std::optional<int> exit_code;
  std::optional<int> signal;
  std::string output;  ///< the end of what it printed (stderr, else stdout), at most 4 KiB
  friend bool operator==(const AttemptFacts&, const AttemptFacts&) = default;
};
/// A success. For an item, and once without `index` for the node as a whole.
struct NodeFinished {
  At at;
  AttemptFacts facts;
  bool cache_hit = false;   ///< nothing was run; the metrics are those of the run that paid for them
  std::string reused_from;  ///< that run
  std::optional<Value> metrics;
  std::optional<Value> edge_output;
  friend bool operator==(const NodeFinished&, const NodeFinished&) = default;
};
/// An attempt that failed and will be tried again after `delay`.
struct NodeRetrying {
  At at;
  AttemptFacts facts;
  Outcome outcome = Outcome::failed;
  std::string error;
  std::chrono::milliseconds delay{0};
  std::optional<Value> metrics;  ///< what the failed attempt has spent
  friend bool operator==(const NodeRetrying&, const NodeRetrying&) = default;
};
/// The last attempt failed. For an item, and once without `index` for the node as a whole (error says how
/// many items).
struct NodeFailed {
  At at;
  AttemptFacts facts;
  Outcome outcome = Outcome::failed;
  std::string error;
  std::optional<Value> item;  ///< the item's value, where there is one of at most 64 KiB
  std::optional<Value> metrics;  ///< what the failed attempt has spent
  friend bool operator==(const NodeFailed&, const NodeFailed&) = default;
};
struct NodeSkipped {
  At at;
  SkipCause cause = SkipCause::condition;
  std::string reason;
  friend bool operator==(const NodeSkipped&, const NodeSkipped&) = default;
};
/// What a successful attempt gave to a field, before merging; comes before its NodeFinished and counts only
/// with it.
struct StateWrite {
  At at;
  std::uint32_t attempt = 1;
  std::string field;  ///< of an experience with a state of its own: "<node>/<field>"
  Value value;
  std::string digest;  ///< short_digest of value.dump()
  /// Where the write stands in the order of merging when that is not (order of the node, index): position, item,
  /// position, item, ... from the outermost construct in.
  std::vector<std::uint64_t> place;
  friend bool operator==(const StateWrite&, const StateWrite&) = default;
};
/// Free text for people: log lines of tools, warnings about undeclared writes.
struct NodeActivity {
  At at;
  std::string activity;
  friend bool operator==(const NodeActivity&, const NodeActivity&) = default;
};

/// What a human is asked.
struct Question {
  std::string kind;  ///< "approve", "choose" or "form"
  std::string text;
  std::vector<std::string> choices;
  Value schema;                        ///< of a form
  std::optional<Value> otherwise;      ///< the answer when the deadline passes
  std::optional<Timestamp> deadline;
  friend bool operator==(const Question&, const Question&) = default;
};
/// The node waits for a human. When nothing else can go on, the run ends as `waiting`.
struct NodeWaiting {
  At at;
  Question question;
  friend bool operator==(const NodeWaiting&, const NodeWaiting&) = default;
};
/// A human has answered; the node ends when the run goes on.
struct NodeAnswered {
  At at;
  Value answer;     ///< approve: true or false; choose: the choice; form: an object
  std::string who;  ///< "Name <mail>" as git knows the user
  std::string via;  ///< "terminal", "oe answer" or "deadline"
  std::string note;
  friend bool operator==(const NodeAnswered&, const NodeAnswered&) = default;
};

using RunEvent = std::variant<RunStarted, RunFinished, NodeReady, NodeStarted, NodeFinished, NodeRetrying, NodeFailed,
                              NodeSkipped, StateWrite, NodeActivity, RunResumed, NodeWaiting, NodeAnswered>;

struct Event {
  std::uint64_t number = 0;  ///< from 1, without gaps, in the order of the journal
  RunId run;
  Timestamp time;
  RunEvent body;
  friend bool operator==(const Event&, const Event&) = default;
};

/// One journal line without its newline.
std::string to_json_line(const Event& event);
/// Reads what to_json_line writes. Errors: kind input, saying which field of which event is wrong. An unknown type is
/// an error too: the caller decides whether to go on.
Result<Event> parse_event(std::string_view line);

/// Takes the events of one run as they happen. An Error (a full disk) means that the run must stop.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// Numbers and dates the event and keeps it. It may hold it back until something can depend on it: see flush().
  virtual Result<void> record(RunEvent body) = 0;
  /// Puts what was held back where it stays. To be called before an attempt starts and before waiting for anything.
  virtual Result<void> flush() { return {}; }
};

}  // namespace oe::ledger
