#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/inputs.hpp"
#include "engine/retry.hpp"
#include "engine/run_impl.hpp"

namespace oe::engine {

using ledger::Outcome;
using ledger::RunStatus;

namespace {

RunStatus status_of(const Progress& progress) {
  if (progress.spoiled() == 0) return RunStatus::success;
  return progress.succeeded() == 0 ? RunStatus::failed : RunStatus::partial;
}

std::string first_failure(const Frame& child) {
  for (std::size_t at = 0; at < child.plan.nodes().size(); ++at) {
    const Outcome outcome = child.progress.at(at)->outcome;
    if (outcome != Outcome::succeeded && outcome != Outcome::skipped) return child.node(at).id.text;
  }
  return {};
}

/// The fields of the child when it has ended, whatever else runs beside it.
std::map<std::string, Value> state_left_by(const Frame& child, const graph::Subgraph& subgraph) {
  if (child.own_state) return child.own_state->merged();
  View after{child.place, child.parallel};
  ++after.before.steps.back();
  std::map<std::string, Value> state;
  for (const graph::StateField& field : subgraph.body->state)
    if (auto value = child.state->at(field.name, after)) state.emplace(field.name, std::move(*value));
  return state;
}

/// What nodes behind it find in _edge_inputs (section 5.7 of the reference).
Value edge_output_of(const RunId& run, const Frame& child, const std::map<std::string, Value>& state) {
  nlohmann::json output{{"runId", run.text}, {"status", ledger::to_string(RunStatus::success)}};
  if (child.own_state)
    for (const auto& [field, value] : state) output["finalState"][field] = value.json();
  return Value(std::move(output));
}

/// What the child gives back: each named output, or where it declares none the state field of that name.
StateDelta mapped(const graph::Node& node, const graph::Subgraph& subgraph, const std::map<std::string, Value>& state) {
  std::map<std::string, std::string> wanted = subgraph.outputs;
  if (wanted.empty() && subgraph.scope == graph::StateScope::isolated)
    for (const std::string& field : node.writes) wanted[field] = field;
  const std::optional<Value> outputs = outputs_of(*subgraph.body, state);
  StateDelta delta;
  for (const auto& [field, name] : wanted) {
    const auto found = state.find(name);
    if (outputs && outputs->json().contains(name))
      delta.emplace(field, outputs->get(name));
    else if (!outputs && found != state.end())
      delta.emplace(field, found->second);
  }
  return delta;
}

}  // namespace

void Run::Impl::open_child(Frame& frame, std::size_t position) {
  ready(frame, position);
  auto construct = std::make_unique<Child>();
  construct->opened = context_.clock.monotonic();
  if (context_.past && context_.past->impl().same_run)
    construct->attempt += context_.past->impl().attempts(frame.whole(position));
  watch_deadline(frame, position, *construct);
  Child& child = *construct;
  frame.constructs[position] = std::move(construct);
  start_child(frame, position, child);
}

void Run::Impl::start_child(Frame& frame, std::size_t position, Child& construct) {
  if (construct.late) return fail_child(frame, position, {});
  const graph::Node& node = frame.node(position);
  const auto& subgraph = std::get<graph::Subgraph>(node.work);
  const Result<Value> inputs = bind_inputs(*subgraph.body, graph::resolve(subgraph.args, frame.lookup(position)));
  if (!inputs) return fail_child(frame, position, inputs.error().to_string());
  auto child = make_frame(Frame::Kind::child, frame, position, 0);
  child->path += node.id.text + "/";
  child->run = run_value(context_.id, *inputs);
  if (subgraph.scope == graph::StateScope::isolated) {
    child->own_state.emplace(subgraph.body->state);
    child->state = &*child->own_state;
    child->field_path += node.id.text + "/";
  }
  construct.frame = std::move(child);
}

void Run::Impl::fail_child(Frame& frame, std::size_t position, std::string error) {
  const std::unique_ptr<Construct> closed = std::move(frame.constructs.extract(position).mapped());
  if (closed->deadline) context_.loop.cancel(*closed->deadline);
  const bool halted_here = frame.is_halted() || halted();
  const Outcome outcome = closed->late ? Outcome::timed_out : halted_here ? Outcome::cancelled : Outcome::failed;
  fail_node(frame, position, outcome, closed->late ? "the deadline has passed" : std::move(error), closed->opened);
}

void Run::Impl::retry_child(Frame& frame, std::size_t position, Child& construct, std::string error) {
  const auto delay = delay_after(frame.node(position).on_error, construct.attempt, draw());
  ledger::AttemptFacts facts{.attempt = construct.attempt++, .duration = context_.clock.monotonic() - construct.opened};
  record(ledger::NodeRetrying{frame.whole(position), facts, Outcome::failed, std::move(error), delay, std::nullopt});
  construct.frame.reset();
  ++retrying_;
  construct.retry_timer = context_.loop.after(delay, [this, &frame, &construct, position] {
    construct.retry_timer.reset();
    --retrying_;
    alarms_.push_back([this, &frame, &construct, position] { start_child(frame, position, construct); });
    schedule();
  });
}

void Run::Impl::end_child(Frame& child) {
  Frame& frame = *child.parent;
  const std::size_t position = child.position;
  const auto keep = child.shared_from_this();
  auto& construct = static_cast<Child&>(*frame.constructs.at(position));
  const graph::Node& node = frame.node(position);
  const auto& subgraph = std::get<graph::Subgraph>(node.work);
  if (construct.late || child.is_halted()) return fail_child(frame, position, "cancelled");
  if (const RunStatus status = status_of(child.progress); status != RunStatus::success) {
    std::string error = fmt::format("experience '{}' ended {}: node '{}' failed", subgraph.impl,
                                    ledger::to_string(status), first_failure(child));
    const bool again = !halted() && is_tried_again(node.on_error, construct.attempt, {.outcome = Outcome::failed});
    return again ? retry_child(frame, position, construct, std::move(error))
                 : fail_child(frame, position, std::move(error));
  }
  const auto state = state_left_by(child, subgraph);
  const StateDelta delta = mapped(node, subgraph, state);
  if (auto why = frame.state->objection(delta)) return fail_child(frame, position, std::move(*why));
  const std::unique_ptr<Construct> closed = std::move(frame.constructs.extract(position).mapped());
  if (closed->deadline) context_.loop.cancel(*closed->deadline);
  if (!past_end(frame.whole(position)) || !context_.past->impl().same_run) record_writes(frame, position, 1, delta);
  frame.state->write(frame.place_of(position), delta);
  finish_node(frame, position, edge_output_of(context_.id, child, state), closed->opened);
}

}  // namespace oe::engine
