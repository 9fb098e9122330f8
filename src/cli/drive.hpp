#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "oe/engine/run.hpp"

#include "cli/asker.hpp"
#include "cli/models.hpp"
#include "cli/waiting.hpp"
#include "cli/workflow.hpp"

namespace oe::cli {

/// What a run has of the machine, in the order in which it must die.
struct RunWorld {
  /// The executors of the workflow, and the models that it may ask; with `may_ask` human nodes ask in place when
  /// somebody is there. Adds the models of the configuration to those of the workflow: what a result is found again by
  /// must know them.
  Result<void> open(Io& io, const Session& session, Workflow& workflow, const ModelFlags& flags, bool may_ask);

  sys::EventLoop loop;
  sys::ProcessHost processes{loop};
  std::unique_ptr<exec::Asker> asker;
  std::shared_ptr<LateRecorder> calls = std::make_shared<LateRecorder>();
  std::vector<std::string> keys;  ///< to the APIs of models, for masking
  exec::Executors executors;
};

/// One drive of a plan, new or resumed.
struct DriveSpec {
  std::unique_ptr<ledger::RunRecorder> recorder;
  ledger::RunStarted start;
  const engine::Past* past = nullptr;
  std::map<std::string, std::string> secrets;
  std::optional<std::set<NodeId>> only;
  bool sandbox = false;
  bool no_cache = false;
  ModelFlags models;  ///< as the world was opened with
  bool json = false;
  bool resumed = false;
  OpenQuestions open;  ///< from before
};

/// Drives the plan to its end, prints what happens and gives the exit code of the run.
Result<int> drive(Io& io, Session& session, RunWorld& world, const Workflow& workflow, const engine::Plan& plan,
                  DriveSpec spec);

/// What --only NODE or --from NODE mean in a plan.
struct Part {
  std::set<NodeId> run;    ///< the nodes to run
  std::set<NodeId> taken;  ///< those whose results come from an earlier run
};
/// With `onward` also everything that comes after the node, by edge or by what it reads. Errors: usage: no such node.
Result<Part> part_of(const engine::Plan& plan, const std::string& node, bool onward);

}  // namespace oe::cli
