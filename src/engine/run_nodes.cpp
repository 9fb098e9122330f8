#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/run_impl.hpp"

namespace oe::engine {

using ledger::Outcome;

ledger::At Run::Impl::whole(std::size_t position) const {
  return {.node = node(position).id, .index = std::nullopt, .phase = node(position).phase};
}

void Run::Impl::judge(std::size_t position) {
  if (auto skip = progress_.skip(position, lookup_at(state_, {position, 0})))
    return skip_node(position, std::move(*skip));
  if (const graph::Each* each = graph::each(node(position))) return open_fan_out(position, *each);
  record(ledger::NodeReady{.at = whole(position), .order = position, .items = std::nullopt});
  ready_.insert({position, 0});
}

void Run::Impl::skip_node(std::size_t position, Skip skip) {
  record(ledger::NodeSkipped{whole(position), skip.cause, std::move(skip.reason)});
  progress_.end(position, {.outcome = Outcome::skipped, .cause = skip.cause, .edge_output = std::nullopt});
}

void Run::Impl::open_fan_out(std::size_t position, const graph::Each& each) {
  const auto path = graph::parse_path(each.source);
  const auto found = path ? graph::resolve_path(*path, lookup_at(state_, {position, 0})) : Value::of(each.source);
  if (!found || !found->is_array()) return refuse_source(position, each, found);
  record(ledger::NodeReady{.at = whole(position), .order = position, .items = found->size()});
  FanOut& fan_out = fan_outs_[position];
  fan_out.items = *found;
  fan_out.sees_earlier_items = each.concurrency <= 1;
  fan_out.opened = context_.clock.monotonic();
  if (found->size() == 0) return close_fan_out(position);
  // Items that may set a field only once must come in order, or the fastest would win.
  const bool in_order =
      std::ranges::any_of(node(position).writes, [&](const auto& f) { return state_.is_set_once(f); });
  const std::uint64_t width = in_order ? 1 : std::max(1u, each.concurrency);
  while (fan_out.next < std::min<std::uint64_t>(width, found->size())) ready_next_item(position, fan_out);
}

void Run::Impl::refuse_source(std::size_t position, const graph::Each& each, const std::optional<Value>& found) {
  std::string error = fmt::format("for_each of node '{}' needs an array, but its source {} is {}",
                                  node(position).id.text, each.source, found ? found->json().type_name() : "unset");
  record(ledger::NodeReady{.at = whole(position), .order = position, .items = std::nullopt});
  record(ledger::NodeFailed{whole(position), {}, Outcome::failed, error, std::nullopt});
  progress_.end(position, {.outcome = Outcome::failed, .edge_output = std::nullopt});
  fail_run_if_asked(position, error);
}

void Run::Impl::ready_next_item(std::size_t position, FanOut& fan_out) {
  ready_.insert({position, fan_out.next++});
}

void Run::Impl::end_item(Place place, FanOut& fan_out, Outcome outcome, std::optional<Value> edge_output) {
  ++fan_out.ended;
  if (outcome == Outcome::succeeded)
    ++fan_out.succeeded;
  else if (outcome != Outcome::cancelled)
    ++fan_out.failed;
  if (edge_output && (!fan_out.edge_output || fan_out.edge_output->first < place.item))
    fan_out.edge_output = {place.item, std::move(*edge_output)};
  if (fan_out.ended == fan_out.items.size())
    close_fan_out(place.position);
  else if (!stop_ && fan_out.next < fan_out.items.size())
    ready_next_item(place.position, fan_out);
}

void Run::Impl::close_fan_out(std::size_t position) {
  const FanOut fan_out = std::move(fan_outs_.extract(position).mapped());
  const std::size_t items = fan_out.items.size();
  ledger::AttemptFacts facts;
  facts.duration = context_.clock.monotonic() - fan_out.opened;
  NodeEnd end;
  if (fan_out.edge_output) end.edge_output = fan_out.edge_output->second;
  if (fan_out.succeeded == items) {
    record(ledger::NodeFinished{.at = whole(position), .facts = facts, .edge_output = end.edge_output});
  } else {
    end.outcome = fan_out.failed > 0 ? Outcome::failed : Outcome::cancelled;
    std::string error = fan_out.failed > 0 ? fmt::format("{} of {} items failed", fan_out.failed, items)
                                           : fmt::format("cancelled after {} of {} items", fan_out.succeeded, items);
    record(ledger::NodeFailed{whole(position), facts, end.outcome, std::move(error), std::nullopt});
  }
  progress_.end(position, std::move(end));
}

void Run::Impl::fail_run_if_asked(std::size_t position, const std::string& error) {
  if (node(position).on_error.policy != graph::ErrorPolicy::fail_run) return;
  stop(ledger::RunStatus::failed,
       fmt::format("node '{}' failed and its on_error policy is fail_run: {}", node(position).id.text, error));
}

}  // namespace oe::engine
