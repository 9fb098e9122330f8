#include "cli/drive.hpp"

#include <array>
#include <csignal>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

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

int code_of(ledger::RunStatus status) {
  if (status == ledger::RunStatus::success) return 0;
  if (status == ledger::RunStatus::waiting) return exit_code(ErrorKind::waiting);
  return exit_code(status == ledger::RunStatus::cancelled ? ErrorKind::interrupted : ErrorKind::failed);
}

}  // namespace

Result<void> RunWorld::open(Io& io, const git::Place& place, const graph::Graph& graph, bool may_ask) {
  if (may_ask && asks_humans(graph) && somebody_is_there()) {
    OE_TRY(const git::Identity identity, git::user_identity(place));
    OE_TRY(asker, TerminalAsker::open(io, loop, 0, fmt::format("{} <{}>", identity.name, identity.email)));
  }
  executors = exec::standard_executors({loop, processes, place.root, asker.get()});
  return {};
}

Result<int> drive(Io& io, Session& session, RunWorld& world, const Workflow& workflow, const engine::Plan& plan,
                  DriveSpec spec) {
  ledger::ReplayStore* replay = nullptr;
  if (!spec.no_cache) {
    OE_TRY(replay, session.ledger.replay_store());
  }
  const RunId id = spec.recorder->id();
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
  return code_of(summary.status);
}

}  // namespace oe::cli
