#include "cli/run_view.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;

Json plain(const Value& value) {
  return Json::parse(value.dump());
}

double milliseconds(std::chrono::microseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

Json to_json(const ledger::Attempt& attempt) {
  Json json = {{"attempt", attempt.facts.attempt},
               {"outcome", attempt.outcome ? ledger::to_string(*attempt.outcome) : "running"},
               {"duration_ms", milliseconds(attempt.facts.duration)},
               {"events", {attempt.started, attempt.ended}}};
  if (attempt.index) json["index"] = *attempt.index;
  if (!attempt.scope.empty()) json["scope"] = attempt.scope;
  if (attempt.cache_hit) json["cache_hit"] = true;
  if (attempt.facts.exit_code) json["exit_code"] = *attempt.facts.exit_code;
  if (attempt.facts.signal) json["signal"] = *attempt.facts.signal;
  if (!attempt.error.empty()) json["error"] = attempt.error;
  if (!attempt.facts.output.empty()) json["output"] = attempt.facts.output;
  if (attempt.item) json["item"] = plain(*attempt.item);
  return json;
}

Json to_json(const ledger::NodeState& node) {
  Json json = {{"id", node.id.text}, {"outcome", outcome_of(node)}, {"duration_ms", milliseconds(duration_of(node))}};
  if (!node.phase.empty()) json["phase"] = node.phase;
  if (node.items) json["items"] = *node.items;
  if (node.skip_cause) json["cause"] = ledger::to_string(*node.skip_cause);
  if (!node.error.empty()) json["error"] = node.error;
  if (node.edge_output) json["edge_output"] = plain(*node.edge_output);
  json["attempts"] = Json::array();
  for (const ledger::Attempt& attempt : node.attempts) json["attempts"].push_back(to_json(attempt));
  return json;
}

void add_story(Json& json, const ledger::RunState& run, const RunStory& story) {
  if (run.start.options.size() != 0) json["options"] = plain(run.start.options);
  if (run.outputs) json["outputs"] = plain(*run.outputs);
  if (!spent_text(story.spent).empty()) json["spent"] = spent_json(story.spent);
  json["cached"] = story.cached;
  json["reused"] = story.reused;
  json["sessions"] = story.sessions.size() + 1;
  json["waiting"] = Json::array();
  for (const OpenQuestion& open : story.open.list()) json["waiting"].push_back(to_json(run.id, open));
  json["answers"] = Json::array();
  for (const auto& [time, answered] : story.answers) {
    json["answers"].push_back({{"node", label_of(answered.at)},
                               {"answer", plain(answered.answer)},
                               {"who", answered.who},
                               {"via", answered.via},
                               {"note", answered.note},
                               {"at", to_rfc3339(time)}});
  }
}

}  // namespace

std::string counted(std::uint64_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::vector<const ledger::NodeState*> ordered_nodes(const ledger::RunState& run) {
  std::vector<const ledger::NodeState*> nodes;
  for (const auto& [id, node] : run.nodes) nodes.push_back(&node);
  std::stable_sort(nodes.begin(), nodes.end(), [](const auto* a, const auto* b) {
    return std::pair(a->ready == 0, a->order) < std::pair(b->ready == 0, b->order);
  });
  return nodes;
}

std::chrono::microseconds duration_of(const ledger::NodeState& node) {
  // The clock of an attempt is finer than the times of the events.
  if (node.attempts.size() == 1) return node.attempts.front().facts.duration;
  const bool ran = node.ended != 0 && node.outcome != ledger::Outcome::skipped;
  if (!ran) return std::chrono::microseconds(0);
  // A pipeline, a loop or an experience has no attempts of its own.
  return node.ended_at - (node.attempts.empty() ? node.ready_at : node.attempts.front().started_at);
}

std::string outcome_of(const ledger::NodeState& node) {
  if (node.outcome) return std::string(ledger::to_string(*node.outcome));
  return node.ready != 0 ? "running" : "never started";
}

std::map<std::string, Value> final_state(const ledger::RunState& run) {
  std::map<std::string, Value> state;
  for (const auto& [field, writes] : run.writes) {
    if (ledger::is_private_field(field)) continue;
    if (auto value = ledger::merged(writes, ledger::merge_of(run.start, field))) state.emplace(field, std::move(*value));
  }
  return state;
}

std::string paint_status(const Io& io, ledger::RunStatus status) {
  const bool good = status == ledger::RunStatus::success || status == ledger::RunStatus::running;
  const Colour bad = status == ledger::RunStatus::waiting ? Colour::yellow : Colour::red;
  return io.paint(good ? Colour::green : bad, ledger::to_string(status));
}

Json to_json(const ledger::RunState& run, const RunStory& story) {
  Json nodes = Json::array();
  for (const ledger::NodeState* node : ordered_nodes(run)) nodes.push_back(to_json(*node));
  Json state = Json::object();
  for (const auto& [field, value] : final_state(run)) state[field] = plain(value);
  Json json = {
          {"v", 1},
          {"run_id", run.id.text},
          {"workflow", run.start.workflow},
          {"workflow_digest", run.start.workflow_digest},
          {"head", run.start.head},
          {"dirty", run.start.dirty},
          {"args", plain(run.start.args)},
          {"concurrency", run.start.concurrency},
          {"status", ledger::to_string(run.status)},
          {"reason", run.reason},
          {"started_at", to_rfc3339(run.started_at)},
          {"duration_ms", milliseconds(run.duration)}};
  add_story(json, run, story);
  json["nodes"] = std::move(nodes);
  json["state"] = std::move(state);
  return json;
}

Json to_json(const ledger::RunRow& row) {
  return {{"run_id", row.id.text},
          {"workflow", row.workflow},
          {"name", row.name},
          {"status", ledger::to_string(row.status)},
          {"started_at", to_rfc3339(row.started_at)},
          {"duration_ms", milliseconds(row.duration)},
          {"nodes", row.nodes},
          {"failed", row.failed},
          {"retried", row.retried}};
}

}  // namespace oe::cli
