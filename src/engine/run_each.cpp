#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/run_impl.hpp"

namespace oe::engine {

using ledger::Outcome;

namespace {

FanOut& fan_out_at(Frame& frame, std::size_t position) {
  return static_cast<FanOut&>(*frame.constructs.at(position));
}

}  // namespace

std::optional<ItemSource> Run::Impl::item_source(Frame& frame, std::size_t position, const graph::Each& each) {
  std::string error;
  if (each.rows) {
    auto rows = exec::open_rows(*each.rows, context_.directory, attempt_input(frame, position));
    if (rows) return ItemSource(std::move(*rows), each.batch);
    error = rows.error().to_string();
  } else {
    const auto path = graph::parse_path(each.source);
    const auto found = path ? graph::resolve_path(*path, frame.lookup(position)) : Value::of(each.source);
    if (found && found->is_array()) return ItemSource(*found, each.batch);
    error = fmt::format("{} of node '{}' needs an array, but its source {} is {}", each.lanes ? "items" : "for_each",
                        frame.node(position).id.text, each.source, found ? found->json().type_name() : "unset");
  }
  ready(frame, position);
  fail_node(frame, position, Outcome::failed, std::move(error), context_.clock.monotonic());
  return std::nullopt;
}

void Run::Impl::open_fan_out(Frame& frame, std::size_t position, const graph::Each& each) {
  auto source = item_source(frame, position, each);
  if (!source) return;
  ready(frame, position, source->count());
  auto fan_out = std::make_unique<FanOut>(std::move(*source));
  fan_out->opened = context_.clock.monotonic();
  // Items that may set a field only once must come in order, or the fastest would win.
  const bool in_order = std::ranges::any_of(frame.node(position).writes,
                                            [&](const auto& field) { return frame.state->is_set_once(field); });
  fan_out->width = in_order ? 1 : std::max(1u, each.concurrency);
  if (each.lanes) fan_out->lanes.resize(each.body->nodes.size());
  watch_deadline(frame, position, *fan_out);
  frame.constructs[position] = std::move(fan_out);
  fill(frame, position);
}

void Run::Impl::fill(Frame& frame, std::size_t position) {
  FanOut& fan_out = fan_out_at(frame, position);
  const bool open = !fan_out.late && !fan_out.stopped && !halted() && !frame.is_halted();
  while (open && !fan_out.exhausted && !fan_out.stopped && fan_out.frames.size() < fan_out.width)
    fan_out.exhausted = !open_item(frame, position, fan_out);
  if (fan_out.frames.empty() && (!open || fan_out.exhausted || fan_out.stopped) && !halted())
    close_fan_out(frame, position);
}

bool Run::Impl::open_item(Frame& frame, std::size_t position, FanOut& fan_out) {
  const auto& each = std::get<graph::Each>(frame.node(position).work);
  auto element = fan_out.items.next();
  if (!element) {
    fan_out.stopped = true;
    fan_out.broken = element.error().to_string();
  }
  if (!element || !*element) return false;
  const std::uint64_t number = fan_out.next++;
  auto item = make_frame(each.lanes ? Frame::Kind::stages : Frame::Kind::item, frame, position, number);
  item->element = std::move(**element);
  if (each.lanes)
    item->scope.push_back(number);
  else
    item->index = number;
  // One at a time by declaration: such an item reads what the items before it wrote.
  if (each.lanes || each.concurrency > 1) item->parallel.push_back(frame.place.steps.size() / 2);
  fan_out.frames.emplace(number, std::move(item));
  return true;
}

void Run::Impl::end_item(Frame& item) {
  Frame& frame = *item.parent;
  const std::size_t position = item.position;
  FanOut& fan_out = fan_out_at(frame, position);
  const Progress& progress = item.progress;
  ++fan_out.ended;
  bool cancelled = false;
  std::optional<Value> output;
  for (std::size_t at = 0; at < item.plan.nodes().size(); ++at) {
    const NodeEnd& end = *progress.at(at);
    cancelled = cancelled || end.outcome == Outcome::cancelled ||
                (end.outcome == Outcome::skipped && end.cause == ledger::SkipCause::cancelled);
    if (end.edge_output) output = end.edge_output;
  }
  if (progress.spoiled() == 0 && !cancelled)
    ++fan_out.succeeded;
  else if (!cancelled)
    ++fan_out.failed;
  if (output && (!fan_out.edge_output || fan_out.output_of <= item.number)) {
    fan_out.edge_output = std::move(output);
    fan_out.output_of = item.number;
  }
  const auto& each = std::get<graph::Each>(frame.node(position).work);
  if (each.max_failed && fan_out.failed > *each.max_failed) fan_out.stopped = true;
  fan_out.frames.erase(item.number);
  fill(frame, position);
}

void Run::Impl::close_fan_out(Frame& frame, std::size_t position) {
  const std::unique_ptr<Construct> closed = std::move(frame.constructs.extract(position).mapped());
  const FanOut& fan_out = static_cast<FanOut&>(*closed);
  if (fan_out.deadline) context_.loop.cancel(*fan_out.deadline);
  const auto& each = std::get<graph::Each>(frame.node(position).work);
  const std::uint64_t items = fan_out.items.count().value_or(fan_out.next);
  if (fan_out.late)
    return fail_node(frame, position, Outcome::timed_out,
                     fmt::format("the deadline passed after {} of {} items", fan_out.succeeded, items), fan_out.opened);
  if (!fan_out.broken.empty())
    return fail_node(frame, position, Outcome::failed, fan_out.broken, fan_out.opened);
  if (fan_out.failed > each.max_failed.value_or(0))
    return fail_node(frame, position, Outcome::failed, fmt::format("{} of {} items failed", fan_out.failed, items),
                     fan_out.opened);
  if (fan_out.exhausted && fan_out.succeeded + fan_out.failed == fan_out.next)
    return finish_node(frame, position, fan_out.edge_output, fan_out.opened);
  fail_node(frame, position, Outcome::cancelled,
            fmt::format("cancelled after {} of {} items", fan_out.succeeded, items), fan_out.opened);
}

bool Run::Impl::enter_lane(Frame& frame, std::size_t position) {
  if (frame.kind != Frame::Kind::stages) return true;
  const auto& each = std::get<graph::Each>(frame.parent->node(frame.position).work);
  FanOut::Lane& lane = fan_out_at(*frame.parent, frame.position).lanes[position];
  const bool free = lane.inside.size() < *each.lanes;
  (free ? lane.inside : lane.waiting).insert(frame.number);
  return free;
}

void Run::Impl::leave_lane(Frame& frame, std::size_t position) {
  if (frame.kind != Frame::Kind::stages) return;
  FanOut& fan_out = fan_out_at(*frame.parent, frame.position);
  FanOut::Lane& lane = fan_out.lanes[position];
  if (lane.inside.erase(frame.number) == 0 || lane.waiting.empty() || halted()) return;
  const auto admitted = fan_out.frames.at(lane.waiting.extract(lane.waiting.begin()).value());
  judge(*admitted, position);
}

}  // namespace oe::engine
