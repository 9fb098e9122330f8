#include "cli/dry_run.hpp"

#include <filesystem>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/engine/forecast.hpp"

#include "cli/drive.hpp"
#include "cli/run_view.hpp"

namespace oe::cli {

namespace {

using engine::Fate;
using engine::Forecast;
using engine::NodeForecast;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRuns = 20;
/// What is read for an estimate: 0.05 s of it.
constexpr std::uint64_t kMostEvents = 10'000;

// The newest ones, at least one of them. Makes no ledger where there is none yet.
Result<std::vector<ledger::RunState>> past_runs(const git::Place& place, const std::string& workflow) {
  std::vector<ledger::RunState> past;
  OE_TRY(const auto ledger, ledger::Ledger::open_existing(place.main_root, sys::system_clock()));
  if (!ledger) return past;
  OE_TRY(const auto rows, ledger->ended_runs(workflow, {}, kMostRuns));
  std::uint64_t events = 0;
  for (const ledger::RunRow& row : rows) {
    events += row.events;
    if (!past.empty() && events > kMostEvents) break;
    OE_TRY(ledger::RunState run, ledger->state(row.id));
    past.push_back(std::move(run));
  }
  return past;
}

std::string_view word_of(Fate fate) {
  return fate == Fate::runs ? "runs" : fate == Fate::depends ? "depends" : "skipped";
}

std::string times_of(const NodeForecast& node) {
  if (node.items) return counted(*node.items, "item");
  return node.rounds ? counted(*node.rounds, "round") : "";
}

std::string figures_of(const NodeForecast& node) {
  if (node.fate == Fate::skipped) return "";
  if (!node.work) return "no past run";
  const std::string spent = spent_text({node.tokens, node.usd});
  return human_duration(*node.work / node.lanes) + (spent.empty() ? "" : ", " + spent);
}

std::string totals_of(const Forecast& forecast, const engine::Plan& plan) {
  if (!forecast.duration) return "no past run tells how long this takes";
  const std::string spent = spent_text({forecast.tokens, forecast.usd});
  std::string text = fmt::format("about {} at -j {}{}, going by {}", human_duration(*forecast.duration),
                                 plan.concurrency(), spent.empty() ? "" : ", " + spent,
                                 counted(forecast.past_runs, "past run"));
  std::vector<std::string> unknown;
  for (const NodeId& id : forecast.unknown) unknown.push_back(id.text);
  if (!unknown.empty()) text += "; not counting " + ellipsis(join(unknown, ", "), 200);
  return text;
}

void print_human(Io& io, const Forecast& forecast, const engine::Plan& plan) {
  Table table;
  for (const NodeForecast& node : forecast.nodes) {
    const std::string why = node.fate == Fate::skipped ? node.reason
                            : node.conditions.empty()  ? ""
                                                       : "if " + join(node.conditions, "; ");
    table.row({node.id.text, node.kind, std::string(word_of(node.fate)), times_of(node), figures_of(node),
               ellipsis(why, 160)});
  }
  table.print(io, "  ");
  io.line(totals_of(forecast, plan));
}

template <class T, class Convert>
void put(Json& json, const char* name, const std::optional<T>& value, Convert convert) {
  if (value) json[name] = convert(*value);
}

double to_ms(std::chrono::microseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

Json to_json(const NodeForecast& node) {
  const auto same = [](auto value) { return value; };
  Json json = {{"id", node.id.text},
               {"kind", node.kind},
               {"fate", word_of(node.fate)},
               {"conditions", node.conditions},
               {"reason", node.reason},
               {"runs", node.runs},
               {"lanes", node.lanes},
               {"counted", node.counted}};
  put(json, "items", node.items, same);
  put(json, "rounds", node.rounds, same);
  put(json, "work_ms", node.work, to_ms);
  put(json, "tokens", node.tokens, same);
  put(json, "usd", node.usd, same);
  return json;
}

Json to_json(const Forecast& forecast, const engine::Plan& plan) {
  const auto same = [](auto value) { return value; };
  Json nodes = Json::array();
  for (const NodeForecast& node : forecast.nodes) nodes.push_back(to_json(node));
  Json unknown = Json::array();
  for (const NodeId& id : forecast.unknown) unknown.push_back(id.text);
  Json json = {{"v", 1},
               {"name", plan.graph().name},
               {"concurrency", plan.concurrency()},
               {"past_runs", forecast.past_runs},
               {"nodes", std::move(nodes)},
               {"unknown", std::move(unknown)}};
  put(json, "duration_ms", forecast.duration, to_ms);
  put(json, "tokens", forecast.tokens, same);
  put(json, "usd", forecast.usd, same);
  return json;
}

Result<std::optional<std::set<NodeId>>> restriction_of(const RunOptions& options, const engine::Plan& plan) {
  if (options.only.empty() && options.from.empty()) return std::optional<std::set<NodeId>>();
  const bool onward = options.only.empty();
  OE_TRY(Part part, part_of(plan, onward ? options.from : options.only, onward));
  return std::optional(std::move(part.run));
}

}  // namespace

Result<int> dry_run(Io& io, const RunOptions& options, const InputSources& sources) {
  OE_TRY(const std::string found, formats::find_workflow(options.path));
  OE_TRY(const git::Place place, git::find_place(std::filesystem::absolute(found).parent_path()));
  OE_TRY(const Workflow workflow, read_workflow(io, options.path, place));
  OE_TRY(const Value args, bind_inputs(workflow.graph, sources));
  RunWorld world;
  world.executors = exec::standard_executors({world.loop, world.processes, place.root});
  OE_TRY(const engine::Plan plan, engine::make_plan(workflow.graph, {args, options.concurrency}, world.executors));
  OE_TRY(const auto only, restriction_of(options, plan));
  OE_TRY(const auto past, past_runs(place, workflow.relative));
  const Forecast forecast = engine::forecast(plan, past, only);
  if (options.json)
    io.json(to_json(forecast, plan));
  else
    print_human(io, forecast, plan);
  return 0;
}

}  // namespace oe::cli
