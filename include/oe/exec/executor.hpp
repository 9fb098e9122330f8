#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "oe/base/ids.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"
#include "oe/ledger/event.hpp"
#include "oe/sys/loop.hpp"
#include "oe/sys/process.hpp"

namespace oe::exec {

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
  std::filesystem::path directory;  ///< of the workflow; relative paths and children start here
};

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
  std::string output;  ///< the end of what it printed, at most 4 KiB
};

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
};

/// One executor for each leaf kind, by kind_name(). Kinds that are not in it cannot be planned.
class Executors {
 public:
  void add(std::string_view kind, std::shared_ptr<Executor> executor);
  Executor* find(std::string_view kind) const;

 private:
  std::map<std::string, std::shared_ptr<Executor>, std::less<>> by_kind_;
};

struct Services {
  sys::EventLoop& loop;
  sys::ProcessHost& processes;
};

/// tool, command and dataset. The registry must die before the loop and the process host.
Executors standard_executors(Services services);

// Adding a kind: one file with its class and one of these factories, one row in standard_executors().
std::shared_ptr<Executor> make_tool_executor(Services services);
std::shared_ptr<Executor> make_command_executor(Services services);
std::shared_ptr<Executor> make_dataset_executor(Services services);

}  // namespace oe::exec
