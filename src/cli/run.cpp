#include "oe/engine/run.hpp"

#include <array>
#include <csignal>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/digest.hpp"
#include "oe/formats/reader.hpp"

#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "cli/version.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;

// The workflow file as this run sees it.
struct Workflow {
  fs::path file;         ///< absolute
  std::string relative;  ///< to the root of the working tree, with "/"
  std::string text;
  formats::Reading reading;
};

Result<Workflow> read(const std::string& path, const git::Place& place) {
  OE_TRY(const std::string found, formats::find_workflow(path));
  std::error_code error;
  const fs::path file = fs::canonical(found, error);
  const fs::path relative = file.lexically_relative(fs::canonical(place.root, error));
  if (relative.empty() || *relative.begin() == "..") {
    return fail(ErrorKind::input, fmt::format("{} leads outside the repository at {}", found, place.root.string()),
                "move the workflow into the repository");
  }
  OE_TRY(std::string text, sys::read_file(file, doc::Limits{}.bytes));
  OE_TRY(auto reading, formats::read_workflow(text, found, formats::files_below(file.parent_path().string())));
  return Workflow{file, relative.generic_string(), std::move(text), std::move(reading)};
}

Result<Value> run_args(const RunOptions& options) {
  nlohmann::json args = nlohmann::json::object();
  if (!options.args.empty()) {
    const Result<Value> parsed = Value::parse(options.args);
    if (!parsed || !parsed->is_object()) {
      return fail(ErrorKind::usage, "--args takes a JSON object" + (parsed ? "" : ": " + parsed.error().message()),
                  R"(e.g. --args '{"name": "value"}')");
    }
    args = parsed->json();
  }
  for (const std::string& input : options.inputs) {
    const std::size_t equals = input.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(ErrorKind::usage, fmt::format("--input takes name=value, not '{}'", input));
    }
    const std::string text = input.substr(equals + 1);
    const Result<Value> value = Value::parse(text);
    args[input.substr(0, equals)] = value ? value->json() : nlohmann::json(text);
  }
  return Value(std::move(args));
}

Result<ledger::RunStarted> start_of(const Workflow& workflow, Session& session) {
  ledger::RunStarted start{.workflow = workflow.relative, .name = workflow.reading.graph.name, .oe_version = kVersion};
  OE_TRY(start.workflow_digest, session.ledger.keep_source(workflow.text));
  OE_TRY(const auto committed, git::head_bytes(session.place, workflow.relative));
  start.dirty = committed != workflow.text;
  if (session.place.head) start.head = session.place.head->text;
  return start;
}

void warn_of(Io& io, const Problems& problems) {
  for (const Problem& problem : problems) {
    if (problem.severity == Severity::warning) io.note(to_string(problem));
  }
}

// The first signal ends the run in order, with a proper last event; a second one ends the program at once.
void cancel_on_signals(sys::EventLoop& loop, engine::Run& run) {
  static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};
  loop.on_signal(kSignals, [&run, asked = false](int signal) mutable {
    if (asked) {
      std::signal(signal, SIG_DFL);
      std::raise(signal);
    }
    asked = true;
    run.cancel(fmt::format("signal {}", signal));
  });
}

nlohmann::ordered_json to_json(const RunId& id, const engine::RunSummary& summary) {
  nlohmann::ordered_json state = nlohmann::ordered_json::object();
  for (const auto& [field, value] : summary.state) state[field] = nlohmann::ordered_json::parse(value.dump());
  return {{"v", 1},
          {"run_id", id.text},
          {"status", ledger::to_string(summary.status)},
          {"duration_ms", static_cast<double>(summary.duration.count()) / 1000.0},
          {"state", std::move(state)}};
}

int code_of(ledger::RunStatus status) {
  if (status == ledger::RunStatus::success) return 0;
  return exit_code(status == ledger::RunStatus::cancelled ? ErrorKind::interrupted : ErrorKind::failed);
}

Result<int> drive(Io& io, const RunOptions& options, const Workflow& workflow, Session& session,
                  const engine::Plan& plan, sys::EventLoop& loop, exec::Executors& executors) {
  OE_TRY(ledger::RunStarted start, start_of(workflow, session));
  OE_TRY(const auto recorder, session.ledger.start_run());
  Progress progress(io, *recorder, plan, options.json);
  engine::Run run(plan, {.loop = loop,
                         .executors = executors,
                         .sink = progress,
                         .clock = sys::system_clock(),
                         .directory = workflow.file.parent_path(),
                         .start = std::move(start),
                         .id = recorder->id()});
  cancel_on_signals(loop, run);
  OE_TRY(const engine::RunSummary summary, run.run());
  OE_CHECK(recorder->close());
  if (options.json)
    io.json(to_json(recorder->id(), summary));
  else
    progress.finish(summary);
  return code_of(summary.status);
}

}  // namespace

Result<int> run(Io& io, const RunOptions& options) {
  OE_TRY(const Value args, run_args(options));
  OE_TRY(const std::string found, formats::find_workflow(options.path));
  OE_TRY(Session session, open_session(io, fs::absolute(found).parent_path()));
  OE_TRY(Workflow workflow, read(options.path, session.place));
  if (!workflow.reading.usable()) {
    return fail(Error(ErrorKind::input, found + " cannot be run").with(std::move(workflow.reading.problems)));
  }
  warn_of(io, workflow.reading.problems);
  sys::EventLoop loop;
  sys::ProcessHost processes(loop);
  exec::Executors executors = exec::standard_executors({loop, processes});
  OE_TRY(const engine::Plan plan, engine::make_plan(workflow.reading.graph, {args, options.concurrency}, executors));
  return drive(io, options, workflow, session, plan, loop, executors);
}

}  // namespace oe::cli
