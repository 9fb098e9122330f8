#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "oe/base/ids.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"
#include "oe/ledger/event.hpp"
#include "oe/llm/client.hpp"
#include "oe/sys/loop.hpp"
#include "oe/sys/process.hpp"

namespace oe::exec {

/// Names of environment variables and their values; nothing takes the variable away.
using EnvironmentChanges = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// Everything that one attempt is given. Borrowed pointers stay valid until `done` was called.
struct AttemptSpec {
  RunId run;
  NodeId node;
  std::optional<std::uint64_t> index;
  std::uint32_t attempt = 1;
  const graph::Node* work = nullptr;  ///< the leaf
  /// What a tool is called with (section 5.1 of the reference): the resolved args at top level, $item and
  /// $index where there are any, _state (the reads) and _edge_inputs (predecessor id -> its edge_output).
  Value input = Value::object();
  std::filesystem::path directory;   ///< of the workflow; relative paths and children start here
  std::vector<std::uint64_t> scope;  ///< as in ledger::At
  /// The same for every try of the same work in the same run ("<run>/<node>[/<scope>...][/<index>]"): the children see
  /// it as OE_IDEMPOTENCY_KEY.
  std::string idempotency_key;
  /// The limit of this attempt: the node's timeout, or what its deadline and time budget leave when that is less.
  std::optional<std::chrono::milliseconds> timeout;
  const EnvironmentChanges* environment = nullptr;  ///< secrets granted and taken away; nullptr: none
  const graph::Sandbox* sandbox = nullptr;          ///< nullptr: not sandboxed
};

/// What an attempt has spent. Unknown is not zero.
struct Spend {
  std::optional<std::uint64_t> tokens;
  std::optional<double> usd;
};
/// From the metrics of a report: tokens_in and tokens_out, cost_usd.
Spend spend_of(const std::optional<Value>& metrics);

/// How an attempt ended; `state_delta` counts only when it succeeded.
struct AttemptReport {
  ledger::Outcome outcome = ledger::Outcome::succeeded;
  std::string error;  ///< one or a few lines for people; empty on success
  std::map<std::string, Value> state_delta;
  std::optional<Value> edge_output;
  std::optional<Value> metrics;
  std::chrono::microseconds duration{0};
  std::optional<int> exit_code;
  std::optional<int> signal;
  std::optional<int> http_status;
  std::string output;  ///< the end of what it printed, at most 4 KiB
  /// The configuration or the machine is at fault, not the node (no key, no server): the whole run stops, can be
  /// resumed, and oe ends with exit code 4.
  bool is_environment = false;
  std::optional<ledger::Question> question;    ///< with Outcome::waiting
  std::optional<ledger::NodeAnswered> answer;  ///< of a human who was asked in place; `at` is left empty
};

/// What a human's answer (NodeAnswered::answer) makes of a human node: the delta of its writes, or why the answer does
/// not fit the question. approve: false fails the node.
AttemptReport answered(const graph::Node& node, const ledger::Question& question, const Value& answer);

using Done = std::function<void(AttemptReport)>;
/// A log line of a running attempt.
using Activity = std::function<void(std::string_view)>;

/// Carries out single attempts of some kinds of node. Knows nothing of the graph: when, where and how often
/// is the engine's business.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Starts an attempt and returns a handle for cancel(). `done` is called exactly once, from the loop, never
  /// from inside start().
  virtual std::uint64_t start(const AttemptSpec& spec, Done done, Activity activity) = 0;
  /// Ends an attempt and all that it started; `done` follows with Outcome::cancelled. Unknown handles are
  /// ignored.
  virtual void cancel(std::uint64_t attempt) = 0;
  /// The most that this attempt can spend, where that is known before it starts: a budget sets it aside. A member
  /// without a value is not known.
  virtual Spend at_most(const AttemptSpec&) { return {}; }
};

/// One executor for each leaf kind, by kind_name(). Kinds that are not in it cannot be planned.
class Executors {
 public:
  void add(std::string_view kind, std::shared_ptr<Executor> executor);
  Executor* find(std::string_view kind) const;

 private:
  std::map<std::string, std::shared_ptr<Executor>, std::less<>> by_kind_;
};

/// Asks the human who sits in front of oe. Borrowed by the executor of human nodes.
class Asker {
 public:
  virtual ~Asker() = default;
  /// Puts the question, behind those that are open, and gives its number. `answer` is called at most once, from the
  /// loop; with nothing when the human does not want to answer now: then the node waits. Gives nothing when nobody can
  /// be asked here: then it waits, too.
  virtual std::optional<std::uint64_t> ask(const NodeId& node, const ledger::Question& question,
                                           std::function<void(std::optional<ledger::NodeAnswered>)> answer) = 0;
  /// Takes a question back (a cancelled attempt, a deadline): no answer follows. Unknown numbers are ignored.
  virtual void withdraw(std::uint64_t question) = 0;
};

struct Services {
  sys::EventLoop& loop;
  sys::ProcessHost& processes;
  std::filesystem::path root;  ///< of the repository; what a sandbox shows read-only
  Asker* asker = nullptr;
  std::shared_ptr<llm::Client> models;  ///< nullptr: nodes that ask a model fail and say so
};

/// tool, command, dataset, agent, cli-agent, skill and human. The registry must die before the loop and the process
/// host.
Executors standard_executors(Services services);

// Adding a kind: one file with its class and one of these factories, one row in standard_executors().
std::shared_ptr<Executor> make_tool_executor(Services services);
std::shared_ptr<Executor> make_command_executor(Services services);
std::shared_ptr<Executor> make_dataset_executor(Services services);
std::shared_ptr<Executor> make_human_executor(Services services);
std::shared_ptr<Executor> make_agent_executor(Services services);  ///< also skill
std::shared_ptr<Executor> make_cli_agent_executor(Services services);

}  // namespace oe::exec
