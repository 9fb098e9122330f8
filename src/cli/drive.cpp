#include "cli/drive.hpp"

#include <array>
#include <csignal>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/formats/models.hpp"

#include "cli/needs.hpp"
#include "cli/progress.hpp"
#include "cli/story.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;

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

Json to_json(const RunId& id, const engine::RunSummary& summary, const std::vector<OpenQuestion>& waiting) {
  Json state = Json::object();
  for (const auto& [field, value] : summary.state) state[field] = Json::parse(value.dump());
  Json json = {{"v", 1},
               {"run_id", id.text},
               {"status", ledger::to_string(summary.status)},
               {"duration_ms", static_cast<double>(summary.duration.count()) / 1000.0}};
  if (summary.outputs) json["outputs"] = Json::parse(summary.outputs->dump());
  if (!spent_text(summary.spent).empty()) json["spent"] = spent_json(summary.spent);
  for (const OpenQuestion& open : waiting) json["waiting"].push_back(to_json(id, open));
  json["state"] = std::move(state);
  return json;
}

int code_of(const engine::RunSummary& summary) {
  if (summary.status == ledger::RunStatus::success) return 0;
  if (summary.status == ledger::RunStatus::waiting) return exit_code(ErrorKind::waiting);
  if (summary.status == ledger::RunStatus::cancelled) return exit_code(ErrorKind::interrupted);
  return exit_code(summary.is_environment ? ErrorKind::environment : ErrorKind::failed);
}

Redactor redactor_of(const RunWorld& world, const DriveSpec& spec) {
  std::vector<std::string> hidden = world.keys;
  for (const auto& [name, value] : spec.secrets) hidden.push_back(value);
  return Redactor(hidden);
}

// What is replayed is asked for again, and what a result is found again by does not hold a provider of --llm.
bool uses_cache(const DriveSpec& spec) {
  return !spec.no_cache && !spec.models.replay && spec.models.llm.empty();
}

}  // namespace

Result<void> RunWorld::open(Io& io, const Session& session, Workflow& workflow, const ModelFlags& flags, bool may_ask) {
  if (may_ask && asks_humans(workflow.graph) && somebody_is_there()) {
    OE_TRY(const git::Identity identity, git::user_identity(session.place));
    OE_TRY(asker, TerminalAsker::open(io, loop, 0, fmt::format("{} <{}>", identity.name, identity.email)));
  }
  OE_TRY(const ModelSource source, ModelSource::open(session, flags, calls));
  workflow.graph.models = formats::merged(std::move(workflow.graph.models), source.configured);
  auto models = source.client(loop, processes, workflow.graph.models, workflow.directory());
  keys = models->keys();
  executors = exec::standard_executors({loop, processes, session.place.root, asker.get(), std::move(models)});
  return {};
}

Result<int> drive(Io& io, Session& session, RunWorld& world, const Workflow& workflow, const engine::Plan& plan,
                  DriveSpec spec) {
  ledger::ReplayStore* replay = nullptr;
  if (uses_cache(spec)) {
    OE_TRY(replay, session.ledger.replay_store());
  }
  const RunId id = spec.recorder->id();
  world.calls->open(calls_file(session.ledger, id.text), redactor_of(world, spec));
  Progress progress(io, *spec.recorder, plan, {.quiet = spec.json, .resumed = spec.resumed}, std::move(spec.open));
  engine::Run run(plan, {.loop = world.loop,
                         .executors = world.executors,
                         .sink = progress,
                         .clock = sys::system_clock(),
                         .directory = workflow.directory(),
                         .start = std::move(spec.start),
                         .id = id,
                         .past = spec.past,
                         .replay = replay,
                         .secrets = std::move(spec.secrets),
                         .hidden = world.keys,
                         .sandbox = spec.sandbox ? std::optional(graph::Sandbox{}) : std::nullopt,
                         .only = std::move(spec.only)});
  cancel_on_signals(world.loop, run);
  OE_TRY(const engine::RunSummary summary, run.run());
  if (replay != nullptr) OE_CHECK(replay->flush());
  OE_CHECK(spec.recorder->close());
  if (spec.json)
    io.json(to_json(id, summary, progress.waiting()));
  else
    progress.finish(summary);
  return code_of(summary);
}

}  // namespace oe::cli
