#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <set>

#include "oe/base/text.hpp"

#include "cli/commands.hpp"
#include "cli/run_view.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;

/// One node in two runs.
struct NodePair {
  NodeId id;
  const ledger::NodeState* before = nullptr;  ///< nothing when the run had no such node
  const ledger::NodeState* after = nullptr;

  std::string outcome_before() const { return before == nullptr ? "-" : outcome_of(*before); }
  std::string outcome_after() const { return after == nullptr ? "-" : outcome_of(*after); }
};

const ledger::NodeState* find_node(const ledger::RunState& run, const NodeId& id) {
  const auto node = run.nodes.find(id);
  return node == run.nodes.end() ? nullptr : &node->second;
}

std::vector<NodePair> pairs(const ledger::RunState& before, const ledger::RunState& after) {
  std::vector<NodePair> pairs;
  for (const ledger::NodeState* node : ordered_nodes(after)) {
    pairs.push_back({node->id, find_node(before, node->id), node});
  }
  for (const ledger::NodeState* node : ordered_nodes(before)) {
    if (find_node(after, node->id) == nullptr) pairs.push_back({node->id, node, nullptr});
  }
  return pairs;
}

/// Fields whose final values differ, with both values.
std::vector<std::string> changed_fields(const ledger::RunState& before, const ledger::RunState& after) {
  const auto old_state = final_state(before);
  const auto new_state = final_state(after);
  std::set<std::string> names;
  for (const auto& [name, value] : old_state) names.insert(name);
  for (const auto& [name, value] : new_state) names.insert(name);
  std::vector<std::string> changed;
  for (const std::string& name : names) {
    const auto was = old_state.find(name);
    const auto is = new_state.find(name);
    const bool same = was != old_state.end() && is != new_state.end() && was->second == is->second;
    if (!same) changed.push_back(name);
  }
  return changed;
}

std::string text_of(const std::map<std::string, Value>& state, const std::string& field) {
  const auto value = state.find(field);
  return value == state.end() ? "(unset)" : ellipsis(value->second.dump(), 60);
}

std::string arrow(std::string_view before, std::string_view after) {
  return before == after ? std::string(after) : fmt::format("{} -> {}", before, after);
}

std::string attempts_of(const ledger::NodeState* node) {
  return counted(node == nullptr ? 0 : node->attempts.size(), "attempt");
}
std::string time_of(const ledger::NodeState* node) {
  return node == nullptr ? "-" : human_duration(duration_of(*node));
}

void print_human(Io& io, const ledger::RunState& before, const ledger::RunState& after) {
  Table table;
  table.row({"", before.id.text + " -> " + after.id.text, "", ""});
  table.row({"run", arrow(ledger::to_string(before.status), ledger::to_string(after.status)),
             human_duration(before.duration) + " -> " + human_duration(after.duration), ""});
  for (const NodePair& pair : pairs(before, after)) {
    table.row({pair.id.text, arrow(pair.outcome_before(), pair.outcome_after()),
               time_of(pair.before) + " -> " + time_of(pair.after),
               arrow(attempts_of(pair.before), attempts_of(pair.after))});
  }
  table.print(io);
  for (const std::string& field : changed_fields(before, after)) {
    io.line(fmt::format("state {}: {} -> {}", field, text_of(final_state(before), field),
                        text_of(final_state(after), field)));
  }
}

Json side(const ledger::NodeState* node) {
  if (node == nullptr) return nullptr;
  return {{"outcome", outcome_of(*node)},
          {"duration_ms", static_cast<double>(duration_of(*node).count()) / 1000.0},
          {"attempts", node->attempts.size()}};
}

Json run_side(const ledger::RunState& run) {
  return {{"run_id", run.id.text},
          {"status", ledger::to_string(run.status)},
          {"duration_ms", static_cast<double>(run.duration.count()) / 1000.0}};
}

Json value_of(const std::map<std::string, Value>& state, const std::string& field) {
  const auto value = state.find(field);
  return value == state.end() ? Json() : Json::parse(value->second.dump());
}

Json to_json(const ledger::RunState& before, const ledger::RunState& after) {
  Json nodes = Json::array();
  for (const NodePair& pair : pairs(before, after)) {
    nodes.push_back({{"id", pair.id.text}, {"before", side(pair.before)}, {"after", side(pair.after)}});
  }
  Json state = Json::object();
  for (const std::string& field : changed_fields(before, after)) {
    state[field] = {{"before", value_of(final_state(before), field)}, {"after", value_of(final_state(after), field)}};
  }
  return {{"v", 1},
          {"before", run_side(before)},
          {"after", run_side(after)},
          {"nodes", std::move(nodes)},
          {"state", std::move(state)}};
}

}  // namespace

Result<int> diff(Io& io, const DiffOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  OE_TRY(const RunId before_id, session.ledger.resolve(options.before));
  OE_TRY(const RunId after_id, session.ledger.resolve(options.after));
  OE_TRY(const ledger::RunState before, session.ledger.state(before_id));
  OE_TRY(const ledger::RunState after, session.ledger.state(after_id));
  if (options.json)
    io.json(to_json(before, after));
  else
    print_human(io, before, after);
  return 0;
}

}  // namespace oe::cli
