#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/exec/sandbox.hpp"

#include "cli/commands.hpp"
#include "cli/drive.hpp"
#include "cli/needs.hpp"
#include "cli/waiting.hpp"

namespace oe::cli {

namespace {

using ledger::RunStatus;

// Whether what failed is to be done again. Nothing of a success is.
Result<bool> does_failed_again(const ledger::RunState& run) {
  switch (run.status) {
    case RunStatus::failed:
    case RunStatus::partial:
      return true;
    case RunStatus::interrupted:
    case RunStatus::cancelled:
    case RunStatus::waiting:
      return false;
    case RunStatus::running:
      return fail(ErrorKind::environment, fmt::format("run {} is still going on", run.id.text),
                  "wait until it has ended");
    case RunStatus::success:
      break;
  }
  return fail(ErrorKind::usage, fmt::format("run {} has succeeded: there is nothing to go on with", run.id.text),
              "start a new one: oe run " + run.start.workflow);
}

struct Reopened {
  std::unique_ptr<ledger::RunRecorder> recorder;
  OpenQuestions open;
  engine::Past past;
};

// One reading of the journal for all three, under its lock.
Result<Reopened> reopen(Session& session, const RunId& run, bool again) {
  OpenQuestions open;
  Result<std::unique_ptr<ledger::RunRecorder>> recorder;
  engine::Past past = engine::Past::of_same_run(
      [&](const std::function<void(const ledger::Event&)>& each) {
        recorder = session.ledger.resume_run(run, [&](const ledger::Event& event) {
          open.add(event.body);
          each(event);
        });
      },
      again);
  if (!recorder) return fail(std::move(recorder).error());
  return Reopened{std::move(*recorder), std::move(open), std::move(past)};
}

ModelFlags models_as_before(ModelFlags flags, const ledger::RunStarted& start) {
  if (flags.llm.empty()) flags.llm = start.options.get("llm").string_or("");
  return flags;
}

// The part that the run was restricted to when it began.
Result<std::optional<std::set<NodeId>>> restriction_of(const ledger::RunStarted& start, const engine::Plan& plan) {
  const std::string only = start.options.get("only").string_or("");
  const std::string from = start.options.get("from").string_or("");
  if (only.empty() && from.empty()) return std::optional<std::set<NodeId>>();
  OE_TRY(Part part, part_of(plan, only.empty() ? from : only, only.empty()));
  return std::optional(std::move(part.run));
}

}  // namespace

Result<int> resume(Io& io, const ResumeOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(const RunId id, session.ledger.resolve(options.run));
  OE_TRY(const ledger::RunState run, session.ledger.state(id));
  OE_TRY(const bool again, does_failed_again(run));
  OE_TRY(Workflow workflow, recorded_workflow(io, run.start, session));
  const Value budget = run.start.options.get("budget_usd");
  if (!budget.is_null()) workflow.graph.runtime.budget.usd = budget.json().get<double>();
  const ModelFlags models = models_as_before(options.models, run.start);
  RunWorld world;
  OE_CHECK(world.open(io, session, workflow, models, !options.json));
  OE_TRY(const engine::Plan plan,
         engine::make_plan(workflow.graph, {run.start.args, options.concurrency.value_or(run.start.concurrency)},
                           world.executors));
  DriveSpec spec{.start = run.start,
                 .sandbox = run.start.options.get("sandbox") == Value::of(true),
                 .no_cache = options.no_cache,
                 .models = models,
                 .json = options.json,
                 .resumed = true};
  if (spec.sandbox || asks_for_sandbox(workflow.graph)) OE_CHECK(exec::sandbox_works());
  OE_TRY(spec.only, restriction_of(run.start, plan));
  OE_TRY(spec.secrets, secrets_of(workflow.graph, spec.only));
  OE_TRY(Reopened reopened, reopen(session, id, again));
  spec.recorder = std::move(reopened.recorder);
  spec.open = std::move(reopened.open);
  spec.past = &reopened.past;
  return drive(io, session, world, workflow, plan, std::move(spec));
}

}  // namespace oe::cli
