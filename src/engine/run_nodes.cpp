#include <fmt/core.h>
#include <utility>

#include "engine/run_impl.hpp"

namespace oe::engine {

using ledger::Outcome;
using ledger::SkipCause;

const PastEnd* Run::Impl::past_end(const ledger::At& at) const {
  return context_.past == nullptr ? nullptr : context_.past->impl().end(at);
}

void Run::Impl::judge(Frame& frame, std::size_t position) {
  if (auto skip = reason_to_skip(frame, position)) return skip_node(frame, position, std::move(*skip));
  if (!enter_lane(frame, position)) return;
  const graph::Work& work = frame.node(position).work;
  if (const auto* each = std::get_if<graph::Each>(&work)) return open_fan_out(frame, position, *each);
  if (std::holds_alternative<graph::Repeat>(work)) return open_rounds(frame, position);
  if (std::holds_alternative<graph::Subgraph>(work)) return open_child(frame, position);
  begin_leaf(frame, position);
}

std::optional<Skip> Run::Impl::reason_to_skip(Frame& frame, std::size_t position) const {
  if (frame.is_halted()) return Skip{SkipCause::cancelled, "the node around it has ended"};
  if (auto skip = frame.progress.skip(position, frame.lookup(position))) return skip;
  return context_.only ? not_asked_for(frame, position) : std::nullopt;
}

std::optional<Skip> Run::Impl::not_asked_for(const Frame& frame, std::size_t position) const {
  const NodeId& top = frame.top(position);
  if (context_.only->contains(top)) return std::nullopt;
  const bool is_there = context_.past && context_.past->impl().nodes.contains(top) &&
                        (frame.plan.nodes()[position].body || past_end(frame.whole(position)));
  if (is_there) return std::nullopt;
  return Skip{SkipCause::condition, "not asked for, and there is no earlier result of it"};
}

void Run::Impl::skip_node(Frame& frame, std::size_t position, Skip skip) {
  record_end(Outcome::skipped, ledger::NodeSkipped{frame.whole(position), skip.cause, std::move(skip.reason)});
  end_node(frame, position, {.outcome = Outcome::skipped, .cause = skip.cause, .edge_output = std::nullopt});
}

void Run::Impl::begin_leaf(Frame& frame, std::size_t position) {
  const ledger::At at = frame.whole(position);
  if (const PastEnd* end = past_end(at)) {
    const Past::Impl& past = context_.past->impl();
    if (past.same_run || past.nodes.contains(frame.top(position))) return take_over(frame, position, *end);
  }
  ready(frame, position);
  if (context_.past && context_.past->impl().same_run)
    if (const PastQuestion* asked = context_.past->impl().question(at)) return ask_again(frame, position, *asked);
  const Place place = frame.place_of(position);
  units_.emplace(place, Unit{.frame = &frame, .position = position});
  ready_.insert(place);
}

void Run::Impl::take_over(Frame& frame, std::size_t position, const PastEnd& end) {
  const Past::Impl& past = context_.past->impl();
  StateDelta delta;
  for (const auto& [field, value] : end.delta) delta.emplace(field.substr(frame.field_path.size()), value);
  if (!past.same_run) {
    ready(frame, position);
    record_writes(frame, position, 1, delta);
    record(ledger::NodeFinished{.at = frame.whole(position),
                                .cache_hit = true,
                                .reused_from = past.run.text,
                                .metrics = end.metrics,
                                .edge_output = end.edge_output});
  }
  if (past.same_run && !end.was_free) frame.spend(exec::spend_of(end.metrics), {});
  if (!frame.state->objection(delta)) frame.state->write(frame.place_of(position), delta);
  if (is_failure(end.outcome)) fail_run_if_asked(frame, position, end.error);
  end_node(frame, position, {.outcome = end.outcome, .cause = end.cause, .edge_output = end.edge_output});
}

void Run::Impl::ready(Frame& frame, std::size_t position, std::optional<std::uint64_t> items) {
  if (frame.index) return;  // an item is ready with its for_each
  const ledger::At at = frame.whole(position);
  const bool is_there = past_end(at) != nullptr && context_.past->impl().same_run;
  if (!is_there) record(ledger::NodeReady{at, position, items});
}

void Run::Impl::fail_node(Frame& frame, std::size_t position, Outcome outcome, std::string error,
                          std::chrono::microseconds opened) {
  ledger::AttemptFacts facts;
  facts.duration = context_.clock.monotonic() - opened;
  record_end(outcome, ledger::NodeFailed{.at = frame.whole(position), .facts = facts, .outcome = outcome, .error = error});
  if (outcome != Outcome::cancelled) fail_run_if_asked(frame, position, error);
  end_node(frame, position, {.outcome = outcome, .edge_output = std::nullopt});
}

void Run::Impl::finish_node(Frame& frame, std::size_t position, std::optional<Value> edge_output,
                            std::chrono::microseconds opened) {
  ledger::AttemptFacts facts;
  facts.duration = context_.clock.monotonic() - opened;
  record_end(Outcome::succeeded, ledger::NodeFinished{.at = frame.whole(position), .facts = facts, .edge_output = edge_output});
  end_node(frame, position, {.outcome = Outcome::succeeded, .edge_output = std::move(edge_output)});
}

void Run::Impl::end_node(Frame& frame, std::size_t position, NodeEnd end) {
  const auto keep = frame.shared_from_this();  // a construct lets go of a frame that has ended
  frame.progress.end(position, std::move(end));
  leave_lane(frame, position);
  if (frame.progress.has_next()) lively_.push_back(keep);
  if (frame.progress.all_ended()) end_frame(frame);
}

void Run::Impl::end_frame(Frame& frame) {
  switch (frame.kind) {
    case Frame::Kind::run:
      return;
    case Frame::Kind::item:
    case Frame::Kind::stages:
      return end_item(frame);
    case Frame::Kind::round:
      return end_round(frame);
    case Frame::Kind::child:
      return end_child(frame);
  }
}

void Run::Impl::fail_run_if_asked(const Frame& frame, std::size_t position, const std::string& error) {
  const graph::OnError& policy = frame.node(position).on_error;
  if (policy.policy != graph::ErrorPolicy::fail_run && !policy.then_fail_run) return;
  stop(ledger::RunStatus::failed, fmt::format("node '{}' failed and its on_error policy is fail_run: {}",
                                              frame.node(position).id.text, error));
}

std::shared_ptr<Frame> Run::Impl::make_frame(Frame::Kind kind, Frame& parent, std::size_t position,
                                             std::uint64_t number) {
  auto frame = std::make_shared<Frame>(kind, *parent.plan.nodes()[position].body);
  frame->parent = &parent;
  frame->position = position;
  frame->number = number;
  frame->place = parent.place.inside(position, number);
  frame->parallel = parent.parallel;
  frame->state = parent.state;
  frame->path = parent.path;
  frame->field_path = parent.field_path;
  frame->scope = parent.scope;
  if (parent.index) frame->scope.push_back(*parent.index);
  frame->run = parent.run;
  lively_.push_back(frame);
  return frame;
}

// A deadline is only noted where it strikes and acted upon in pump(), where nothing else is under way.
void Run::Impl::watch_deadline(Frame& frame, std::size_t position, Construct& construct) {
  const auto deadline = frame.node(position).deadline;
  if (!deadline) return;
  const auto strike = [this, position, weak = frame.weak_from_this(), deadline] {
    const auto alive = weak.lock();
    const auto open = alive ? alive->constructs.find(position) : decltype(alive->constructs.find(position)){};
    if (!alive || open == alive->constructs.end()) return;
    open->second->late = true;
    open->second->deadline.reset();
    halt_inside(*alive, position, fmt::format("the deadline of {} ms has passed", deadline->count()));
  };
  construct.deadline = context_.loop.after(*deadline, [this, strike] {
    alarms_.push_back(strike);
    schedule();
  });
}

void Run::Impl::halt_inside(Frame& frame, std::size_t position, const std::string& reason) {
  const auto keep = frame.shared_from_this();
  Construct& construct = *frame.constructs.at(position);
  std::vector<Frame*> inside;
  construct.collect(inside);
  std::vector<std::shared_ptr<Frame>> held;
  for (Frame* inner : inside) held.push_back(inner->shared_from_this());
  for (const auto& inner : held) inner->halted = true;
  const auto queued = construct.take_queued();
  Place around = frame.place;
  around.steps.push_back(position);
  std::vector<Place> idle;
  for (auto unit = units_.lower_bound(around); unit != units_.end() && around.holds(unit->first); ++unit) {
    unit->second.late = true;
    if (unit->second.executor)
      unit->second.executor->cancel(unit->second.handle);
    else
      idle.push_back(unit->first);
  }
  for (const Place& place : idle) drop_unit(place, reason);
  for (const auto& [inner, at] : queued)
    if (!inner->progress.at(at)) judge(*inner, at);
}

void Run::Impl::drop_unit(const Place& place, const std::string& reason) {
  auto found = units_.extract(place);
  if (found.empty()) return;
  const Unit& unit = found.mapped();
  ready_.erase(place);
  if (unit.deadline_timer) context_.loop.cancel(*unit.deadline_timer);
  if (unit.retry_timer) {
    context_.loop.cancel(*unit.retry_timer);
    --retrying_;
  }
  skip_node(*unit.frame, unit.position, {SkipCause::cancelled, reason});
}

}  // namespace oe::engine
