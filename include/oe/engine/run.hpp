#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "oe/engine/plan.hpp"
#include "oe/ledger/run_state.hpp"
#include "oe/sys/clock.hpp"

namespace oe::engine {

/// What a run needs of the world. All are borrowed for the length of run().
struct RunContext {
  sys::EventLoop& loop;
  exec::Executors& executors;
  ledger::EventSink& sink;
  const sys::Clock& clock;
  std::filesystem::path directory;  ///< of the workflow
  ledger::RunStarted start;         ///< recorded first; args, concurrency, nodes and merges come from the plan
  RunId id;
};

struct RunSummary {
  ledger::RunStatus status = ledger::RunStatus::success;
  std::chrono::microseconds duration{0};
  std::map<std::string, Value> state;  ///< the fields that are set, merged
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
  /// Ends all attempts and lets run() return with status `cancelled`. May be called from a signal handler of
  /// the loop, more than once.
  void cancel(std::string reason);

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace oe::engine
