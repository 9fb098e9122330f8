#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "oe/engine/plan.hpp"
#include "oe/ledger/replay_store.hpp"
#include "oe/ledger/run_state.hpp"
#include "oe/sys/clock.hpp"

namespace oe::engine {

/// What is known before the run begins, from the journal of the same run (resume) or of another one (--only, --from).
/// Work that is finished there is not done again: its writes and outputs are taken over.
class Past {
 public:
  /// Hands each event of a run to the function that it is given, in order.
  using Journal = std::function<void(const std::function<void(const ledger::Event&)>& each)>;

  /// Everything in the journal of the run that goes on. With `again`, what failed and what was skipped because of it
  /// is forgotten.
  static Past of_same_run(const Journal& journal, bool again);
  /// Of another run of the same workflow, only what belongs to the given nodes of its own graph; what is
  /// taken over is recorded with reused_from.
  static Past of_other_run(const Journal& journal, const std::set<NodeId>& nodes);
  Past(Past&&) noexcept;
  Past& operator=(Past&&) noexcept;
  ~Past();

  struct Impl;
  const Impl& impl() const { return *impl_; }  ///< for the other files of this room

 private:
  explicit Past(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// What a run needs of the world. All are borrowed for the length of run().
struct RunContext {
  sys::EventLoop& loop;
  exec::Executors& executors;
  ledger::EventSink& sink;
  const sys::Clock& clock;
  std::filesystem::path directory;  ///< of the workflow
  ledger::RunStarted start;         ///< recorded first; args, concurrency, nodes and merges come from the plan
  RunId id;
  const Past* past = nullptr;
  ledger::ReplayStore* replay = nullptr;        ///< nullptr: nothing is looked up or stored (--no-cache)
  std::map<std::string, std::string> secrets;   ///< declared name -> value; masked in everything that is recorded
  std::vector<std::string> hidden;              ///< API keys; masked likewise, and left in the environment
  std::optional<graph::Sandbox> sandbox;        ///< of every node that has none of its own (--sandbox)
  std::optional<std::set<NodeId>> only;         ///< nodes to run; what is neither here nor in the past is skipped
};

struct RunSummary {
  ledger::RunStatus status = ledger::RunStatus::success;
  std::chrono::microseconds duration{0};
  std::map<std::string, Value> state;  ///< the fields that are set, merged
  std::optional<Value> outputs;        ///< the declared outputs that are set
  std::vector<NodeId> waiting;         ///< human nodes without an answer
  exec::Spend spent;                   ///< by this run; cache hits and reused work are not in it
  bool is_environment = false;         ///< it was stopped by a fault of the configuration or the machine
};

/// Drives a plan on the loop until every node has ended, recording each event. Returns when RunFinished is
/// recorded. One rule for the status at every concurrency: success when nothing failed (skips by condition do
/// not matter), failed when the run was aborted or nothing succeeded, else partial; cancelled after cancel().
/// At concurrency 1 nodes run strictly one after the other in topological order, retries and their delays included.
/// At any other concurrency the attempts, their inputs and the state are the same, as long as nodes write only what
/// they list in `writes`: an unlisted write is seen for certain only by nodes that an edge path leads to.
/// Errors: only when the sink fails; what was running has been ended then.
class Run {
 public:
  Run(const Plan& plan, RunContext context);
  ~Run();
  Result<RunSummary> run();
  /// For several runs on one loop, which somebody else drives: `ended` is called once, when RunFinished is recorded, and
  /// then result() is there.
  void start(std::function<void()> ended);
  Result<RunSummary> result() const;
  /// Ends all attempts and lets run() return with status `cancelled`. May be called from a signal handler of
  /// the loop, more than once.
  void cancel(std::string reason);

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace oe::engine
