#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/exec/content.hpp"
#include "oe/exec/sandbox.hpp"
#include "oe/ledger/trust.hpp"

#include "cli/commands.hpp"
#include "cli/drive.hpp"
#include "cli/dry_run.hpp"
#include "cli/inputs.hpp"
#include "cli/needs.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;

struct Ended {
  RunId id;
  std::string directory;  ///< of the workflow
  int code = 0;           ///< the exit code of the run
};

// The newest run of the workflow that succeeded, else the newest that has ended.
Result<RunId> base_run(const ledger::Ledger& ledger, const Workflow& workflow) {
  OE_TRY(const auto rows, ledger.runs());
  const ledger::RunRow* newest = nullptr;
  for (const ledger::RunRow& row : rows) {
    if (row.workflow != workflow.relative || row.status == ledger::RunStatus::running) continue;
    if (row.status == ledger::RunStatus::success) return row.id;
    if (newest == nullptr) newest = &row;
  }
  if (newest != nullptr) return newest->id;
  return fail(ErrorKind::input, fmt::format("there is no earlier run of {} to take results from", workflow.relative),
              "run all of it once: oe run " + workflow.relative);
}

/// The part of an earlier run that --only or --from take over.
struct Taken {
  RunId base;
  Part part;
  engine::Past past;
};

Result<std::optional<Taken>> take_over(const RunOptions& options, const Session& session, const Workflow& workflow,
                                       const engine::Plan& plan) {
  if (options.only.empty() && options.from.empty()) return std::optional<Taken>();
  const bool onward = options.only.empty();
  OE_TRY(Part part, part_of(plan, onward ? options.from : options.only, onward));
  OE_TRY(RunId base, base_run(session.ledger, workflow));
  Result<void> read;
  engine::Past past = engine::Past::of_other_run(
      [&](const std::function<void(const ledger::Event&)>& each) { read = session.ledger.read(base, each); },
      part.taken);
  OE_CHECK(read);
  return std::optional(Taken{std::move(base), std::move(part), std::move(past)});
}

Value options_of(const RunOptions& options, const std::optional<Taken>& taken) {
  nlohmann::json json = nlohmann::json::object();
  if (!options.only.empty()) json["only"] = options.only;
  if (!options.from.empty()) json["from"] = options.from;
  if (taken) json["base_run"] = taken->base.text;
  if (options.sandbox) json["sandbox"] = true;
  if (options.budget) json["budget_usd"] = *options.budget;
  if (!options.models.llm.empty()) json["llm"] = options.models.llm;
  return Value(std::move(json));
}

// Typing `oe run` is consent, as with make. A machine without a home has nowhere to remember it, and runs all the same.
Result<void> remember(const std::string& content) {
  auto store = ledger::TrustStore::open();
  return store ? store->add(content, "run") : Result<void>();
}

Result<Ended> start(Io& io, const RunOptions& options, Session& session, RunWorld& world, const Workflow& workflow,
                    const engine::Plan& plan) {
  if (options.sandbox || asks_for_sandbox(workflow.graph)) OE_CHECK(exec::sandbox_works());
  OE_TRY(std::optional<Taken> taken, take_over(options, session, workflow, plan));
  DriveSpec spec{
      .sandbox = options.sandbox, .no_cache = options.no_cache, .models = options.models, .json = options.json};
  if (taken) spec.only = taken->part.run;
  OE_TRY(spec.secrets, secrets_of(workflow.graph, spec.only));
  OE_TRY(const std::string content, exec::content_digest(workflow.graph, workflow.text, workflow.directory()));
  OE_CHECK(remember(content));
  OE_TRY(spec.start, start_of(workflow, session));
  spec.start.content = content;
  spec.start.options = options_of(options, taken);
  OE_TRY(spec.recorder, session.ledger.start_run());
  if (taken) spec.past = &taken->past;
  if (taken && !options.json) io.line(fmt::format("what is not run again comes from {}", taken->base.text));
  Ended ended{.id = spec.recorder->id(), .directory = workflow.directory().string()};
  OE_TRY(ended.code, drive(io, session, world, workflow, plan, std::move(spec)));
  return ended;
}

Result<Ended> run_recorded(Io& io, const RunOptions& options, const InputSources& sources) {
  OE_TRY(const std::string found, formats::find_workflow(options.path));
  OE_TRY(Session session, open_session(io, fs::absolute(found).parent_path()));
  OE_TRY(Workflow workflow, read_workflow(io, options.path, session.place));
  if (options.budget) workflow.graph.runtime.budget.usd = options.budget;
  OE_TRY(const Value args, bind_inputs(workflow.graph, sources));
  RunWorld world;
  OE_CHECK(world.open(io, session, workflow, options.models, !options.json));
  OE_TRY(const engine::Plan plan, engine::make_plan(workflow.graph, {args, options.concurrency}, world.executors));
  return start(io, options, session, world, workflow, plan);
}

// A run that nobody can learn from yet: it waits, or was interrupted.
bool is_unfinished(const Ended& run) {
  return run.code == exit_code(ErrorKind::waiting) || run.code == exit_code(ErrorKind::interrupted);
}

// What failed teaches the most, so every status will do. The exit code stays that of the run.
Result<int> learn_from(Io& io, const RunOptions& options, const Ended& run) {
  if (is_unfinished(run)) return run.code;
  io.line("");
  const Result<int> evolved = evolve(io, {.directory = run.directory, .runs = {run.id.text}, .models = options.models});
  if (!evolved) io.note("oe: " + evolved.error().to_string());
  return run.code;
}

}  // namespace

Result<int> run(Io& io, const RunOptions& options) {
  OE_TRY(const InputSources sources, read_inputs(options.input_file, options.args, options.inputs));
  if (options.dry_run) return dry_run(io, options, sources);
  OE_TRY(const Ended ended, run_recorded(io, options, sources));
  return options.evolve ? learn_from(io, options, ended) : ended.code;
}

}  // namespace oe::cli
