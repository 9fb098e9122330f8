#include "oe/ledger/run_state.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <tuple>

namespace oe::ledger {
namespace {

void end_node(NodeState& node, const Event& event, Outcome outcome) {
  node.outcome = outcome;
  node.ended = event.number;
  node.ended_at = event.time;
}

// A run that was killed and goes on makes its unfinished nodes ready again.
void make_ready(NodeState& node, const Event& event, const NodeReady& body) {
  node.order = body.order;
  node.items = body.items;
  node.ready = event.number;
  node.ready_at = event.time;
  node.outcome.reset();
  node.skip_cause.reset();
  node.error.clear();
  node.ended = 0;
  node.ended_at = {};
}

}  // namespace

NodeState& Fold::node_at(const At& at) {
  NodeState& node = state_.nodes[at.node];
  node.id = at.node;
  if (!at.phase.empty()) node.phase = at.phase;
  return node;
}

// An item that ends without a start (nothing could be run for it) is an attempt all the same: its error is nowhere
// else. A node as a whole has an attempt only when it started one.
std::optional<std::size_t> Fold::end_attempt(const Event& event, const At& at, Attempt end) {
  std::vector<Attempt>& attempts = state_.nodes[at.node].attempts;
  const auto running = running_.find({at.node, at.scope, at.index});
  std::optional<std::size_t> position;
  if (running != running_.end()) position = running->second.attempt;
  if (!position && !at.index) return std::nullopt;
  if (!position) {
    position = attempts.size();
    attempts.push_back({.index = at.index, .scope = at.scope, .started_at = event.time});
  }
  Attempt& attempt = attempts[*position];
  if (attempt.started != 0) end.facts.attempt = attempt.facts.attempt;
  attempt.facts = std::move(end.facts);
  attempt.outcome = end.outcome;
  attempt.error = std::move(end.error);
  attempt.item = std::move(end.item);
  attempt.ended = event.number;
  return position;
}

std::vector<std::string> Fold::commit_writes(const At& at, std::uint64_t order) {
  std::vector<std::string> fields;
  const auto running = running_.find({at.node, at.scope, at.index});
  if (running == running_.end()) return fields;
  for (auto& [field, write] : running->second.writes) {
    write.order = order;
    state_.writes[field].push_back(std::move(write));
    fields.push_back(std::move(field));
  }
  return fields;
}

template <>
Fold::Change Fold::apply(const Event& event, const RunStarted& body) {
  state_.start = body;
  state_.started_at = event.time;
  state_.status = RunStatus::running;
  return {};
}

template <>
Fold::Change Fold::apply(const Event&, const RunFinished& body) {
  state_.status = body.status;
  state_.duration = body.duration;
  state_.reason = body.reason;
  state_.outputs = body.outputs;
  return {};
}

template <>
Fold::Change Fold::apply(const Event& event, const NodeReady& body) {
  NodeState& node = node_at(body.at);
  make_ready(node, event, body);
  return {&node, std::nullopt, {}};
}

template <>
Fold::Change Fold::apply(const Event& event, const NodeStarted& body) {
  NodeState& node = node_at(body.at);
  const std::size_t position = node.attempts.size();
  node.attempts.push_back({.index = body.at.index,
                           .scope = body.at.scope,
                           .facts = {.attempt = body.attempt},
                           .input_digest = body.input_digest,
                           .started = event.number,
                           .started_at = event.time});
  running_[{body.at.node, body.at.scope, body.at.index}] = {position, {}};
  return {&node, position, {}};
}

template <>
Fold::Change Fold::apply(const Event& event, const NodeFinished& body) {
  NodeState& node = node_at(body.at);
  const auto attempt = end_attempt(event, body.at, {.facts = body.facts, .outcome = Outcome::succeeded});
  std::vector<std::string> written = commit_writes(body.at, node.order);
  running_.erase({body.at.node, body.at.scope, body.at.index});
  if (!body.at.index) {
    end_node(node, event, Outcome::succeeded);
    node.edge_output = body.edge_output;
  }
  return {&node, attempt, std::move(written)};
}

template <>
Fold::Change Fold::apply(const Event& event, const NodeRetrying& body) {
  NodeState& node = node_at(body.at);
  const auto attempt = end_attempt(event, body.at, {.facts = body.facts, .outcome = body.outcome, .error = body.error});
  running_.erase({body.at.node, body.at.scope, body.at.index});
  return {&node, attempt, {}};
}

template <>
Fold::Change Fold::apply(const Event& event, const NodeFailed& body) {
  NodeState& node = node_at(body.at);
  const auto attempt = end_attempt(
      event, body.at, {.facts = body.facts, .outcome = body.outcome, .error = body.error, .item = body.item});
  running_.erase({body.at.node, body.at.scope, body.at.index});
  if (body.at.index) return {&node, attempt, {}};
  end_node(node, event, body.outcome);
  node.error = body.error;
  return {&node, attempt, {}};
}

template <>
Fold::Change Fold::apply(const Event& event, const NodeSkipped& body) {
  NodeState& node = node_at(body.at);
  const auto attempt = end_attempt(event, body.at, {.outcome = Outcome::skipped, .error = body.reason});
  running_.erase({body.at.node, body.at.scope, body.at.index});
  if (body.at.index) return {&node, attempt, {}};
  end_node(node, event, Outcome::skipped);
  node.skip_cause = body.cause;
  node.error = body.reason;
  return {&node, attempt, {}};
}

template <>
Fold::Change Fold::apply(const Event& event, const StateWrite& body) {
  running_[{body.at.node, body.at.scope, body.at.index}].writes.emplace_back(body.field, Write{.node = body.at.node,
                                                                                .index = body.at.index,
                                                                                .place = body.place,
                                                                                .value = body.value,
                                                                                .event = event.number,
                                                                                .time = event.time,
                                                                                .digest = body.digest});
  return {};
}

template <>
Fold::Change Fold::apply(const Event&, const NodeActivity&) {
  return {};
}

template <>
Fold::Change Fold::apply(const Event&, const RunResumed&) {
  state_.status = RunStatus::running;
  return {};
}

template <>
Fold::Change Fold::apply(const Event&, const NodeWaiting& body) {
  NodeState& node = node_at(body.at);
  node.question = body.question;
  return {&node, std::nullopt, {}};
}

template <>
Fold::Change Fold::apply(const Event&, const NodeAnswered& body) {
  NodeState& node = node_at(body.at);
  node.answer = body.answer;
  return {&node, std::nullopt, {}};
}

Fold::Change Fold::add(const Event& event) {
  state_.id = event.run;
  state_.last_event = event.number;
  state_.last_at = event.time;
  return std::visit([&](const auto& body) { return apply(event, body); }, event.body);
}

RunState Fold::take() && {
  for (auto& [field, writes] : state_.writes) sort_writes(writes);
  return std::move(state_);
}

void sort_writes(std::vector<Write>& writes) {
  std::ranges::stable_sort(
      writes, [](const Write& a, const Write& b) { return std::tie(a.order, a.index) < std::tie(b.order, b.index); });
}

namespace {

Value joined(std::span<const Write> writes) {
  if (writes.size() == 1 && writes.front().value.is_array()) return writes.front().value;
  nlohmann::json all = nlohmann::json::array();
  for (const Write& write : writes) {
    const nlohmann::json& value = write.value.json();
    if (value.is_array())
      all.insert(all.end(), value.begin(), value.end());
    else
      all.push_back(value);
  }
  return Value(std::move(all));
}

Value first_set(std::span<const Write> writes) {
  const auto set = std::ranges::find_if(writes, [](const Write& write) { return !write.value.is_null(); });
  return set == writes.end() ? Value() : set->value;
}

}  // namespace

std::optional<Value> merged(const std::vector<Write>& writes, FieldMerge merge, std::uint64_t before) {
  const auto end = std::ranges::lower_bound(writes, before, {}, &Write::order);
  const std::span<const Write> counted(writes.begin(), end);
  if (counted.empty()) return std::nullopt;
  switch (merge) {
    case FieldMerge::set_once:
      return first_set(counted);
    case FieldMerge::array_append:
      return joined(counted);
    case FieldMerge::last_wins:
      break;
  }
  return counted.back().value;
}

}  // namespace oe::ledger
