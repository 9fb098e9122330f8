#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/digest.hpp"

#include "engine/inputs.hpp"
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

void Run::Impl::open_child(Frame& frame, std::size_t position, const graph::Subgraph& subgraph) {
  ready(frame, position);
  const auto opened = context_.clock.monotonic();
  const Value args = graph::resolve(subgraph.args, frame.lookup(position));
  const Result<Value> inputs = bind_inputs(*subgraph.body, args);
  if (!inputs) return fail_node(frame, position, Outcome::failed, inputs.error().to_string(), opened);
  auto construct = std::make_unique<Child>();
  construct->opened = opened;
  auto child = make_frame(Frame::Kind::child, frame, position, 0);
  child->path += frame.node(position).id.text + "/";
  child->run = run_value(context_.id, *inputs);
  if (subgraph.scope == graph::StateScope::isolated) {
    child->own_state.emplace(subgraph.body->state);
    child->state = &*child->own_state;
    child->field_path += frame.node(position).id.text + "/";
  }
  watch_deadline(frame, position, *construct);
  construct->frame = std::move(child);
  frame.constructs[position] = std::move(construct);
}

void Run::Impl::end_child(Frame& child) {
  Frame& frame = *child.parent;
  const std::size_t position = child.position;
  const auto keep = child.shared_from_this();
  const std::unique_ptr<Construct> closed = std::move(frame.constructs.extract(position).mapped());
  if (closed->deadline) context_.loop.cancel(*closed->deadline);
  const graph::Node& node = frame.node(position);
  const auto& subgraph = std::get<graph::Subgraph>(node.work);
  if (closed->late) return fail_node(frame, position, Outcome::timed_out, "the deadline has passed", closed->opened);
  if (child.is_halted()) return fail_node(frame, position, Outcome::cancelled, "cancelled", closed->opened);
  const RunStatus status = status_of(child.progress);
  if (status != RunStatus::success)
    return fail_node(frame, position, Outcome::failed,
                     fmt::format("experience '{}' ended {}: node '{}' failed", subgraph.impl,
                                 ledger::to_string(status), first_failure(child)),
                     closed->opened);
  const auto state = state_left_by(child, subgraph);
  const StateDelta delta = mapped(node, subgraph, state);
  if (auto why = frame.state->objection(delta))
    return fail_node(frame, position, Outcome::failed, std::move(*why), closed->opened);
  nlohmann::json output{{"runId", context_.id.text}, {"status", ledger::to_string(status)}};
  if (child.own_state)
    for (const auto& [field, value] : state) output["finalState"][field] = value.json();
  if (!past_end(frame.whole(position)) || !context_.past->impl().same_run)
    for (const auto& [field, value] : delta)
      record(ledger::StateWrite{frame.whole(position), 1, frame.field_path + field, value, short_digest(value.dump()),
                                frame.recorded_place(position)});
  frame.state->write(frame.place_of(position), delta);
  finish_node(frame, position, Value(std::move(output)), closed->opened);
}

}  // namespace oe::engine
