#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/digest.hpp"

#include "engine/run_impl.hpp"

namespace oe::engine {

using ledger::Outcome;

namespace {

/// What a failed item may weigh in the journal, in bytes of JSON.
constexpr std::size_t kRecordedItemBytes = std::size_t{64} << 10;
/// No wait for another attempt is longer; past it timers overflow.
constexpr std::chrono::milliseconds kLongestDelay = std::chrono::hours(24 * 30);

std::chrono::milliseconds delay_after(const graph::OnError& policy, std::uint32_t failures) {
  const std::uint64_t factor =
      policy.backoff == graph::Backoff::linear ? failures : std::uint64_t{1} << std::min(failures - 1, 62u);
  const auto base = static_cast<std::uint64_t>(std::max<std::int64_t>(policy.base.count(), 0));
  const auto longest = static_cast<std::uint64_t>(kLongestDelay.count());
  return base > longest / factor ? kLongestDelay : std::chrono::milliseconds(base * factor);
}

ledger::AttemptFacts facts_of(std::uint32_t attempt, const exec::AttemptReport& report) {
  return {attempt, report.duration, report.exit_code, report.signal, report.output};
}

}  // namespace

ledger::At Run::Impl::at(Place place) const {
  ledger::At at = whole(place.position);
  if (graph::each(node(place.position))) at.index = place.item;
  return at;
}

std::optional<Item> Run::Impl::item(Place place) const {
  const auto fan_out = fan_outs_.find(place.position);
  if (fan_out == fan_outs_.end()) return std::nullopt;
  return Item{place.item, Value(fan_out->second.items.json()[place.item])};
}

void Run::Impl::prepare(Place place, Unit& unit) {
  const PlannedNode& planned = plan_.nodes()[place.position];
  std::map<std::string, Value> edge_inputs;
  for (const std::size_t predecessor : planned.predecessors)
    if (const auto& output = progress_.at(predecessor)->edge_output) edge_inputs[node(predecessor).id.text] = *output;
  const auto fan_out = fan_outs_.find(place.position);
  const bool own_view = fan_out != fan_outs_.end() && !fan_out->second.sees_earlier_items;
  const Place before = own_view ? Place{place.position, 0} : place;
  const std::optional<Item> element = item(place);
  unit.input = attempt_input(*planned.node, plan_.args(), lookup_at(state_, before, element), element, edge_inputs);
  unit.input_digest = short_digest(unit.input.dump());
}

void Run::Impl::launch(Place place) {
  Unit& unit = units_[place];
  if (++unit.attempt == 1) prepare(place, unit);
  record(ledger::NodeStarted{at(place), unit.attempt, unit.input_digest});
  if (halted()) return;
  const graph::Node& leaf = graph::leaf(node(place.position));
  exec::AttemptSpec spec{.run = context_.id,
                         .node = node(place.position).id,
                         .index = at(place).index,
                         .attempt = unit.attempt,
                         .work = &leaf,
                         .input = unit.input,
                         .directory = context_.directory};
  unit.executor = context_.executors.find(graph::kind_name(leaf.work));
  ++in_flight_;
  const auto done = [this, place](exec::AttemptReport report) {
    reports_.emplace_back(place, std::move(report));
    schedule();
  };
  const auto activity = [this, place](std::string_view text) {
    record(ledger::NodeActivity{at(place), std::string(text)});
  };
  unit.handle = unit.executor->start(spec, done, activity);
}

void Run::Impl::settle(Place place, exec::AttemptReport report) {
  --in_flight_;
  Unit unit = std::move(units_.extract(place).mapped());
  unit.executor = nullptr;
  if (report.outcome == Outcome::succeeded) {
    if (auto why = state_.objection(report.state_delta)) {
      report.outcome = Outcome::failed;
      report.error = std::move(*why);
    }
  }
  const graph::OnError& policy = node(place.position).on_error;
  const bool passing = report.outcome == Outcome::failed || report.outcome == Outcome::timed_out;
  if (report.outcome == Outcome::succeeded)
    commit(place, unit, std::move(report));
  else if (passing && !halted() && policy.policy == graph::ErrorPolicy::retry && unit.attempt < policy.attempts)
    retry(place, std::move(unit), std::move(report));
  else
    give_up(place, unit.attempt, std::move(report));
}

void Run::Impl::commit(Place place, const Unit& unit, exec::AttemptReport report) {
  const std::vector<std::string>& declared = node(place.position).writes;
  for (const auto& [field, value] : report.state_delta)
    if (std::ranges::find(declared, field) == declared.end())
      record(ledger::NodeActivity{at(place), "wrote field '" + field + "' that it does not list in writes"});
  for (const auto& [field, value] : report.state_delta)
    record(ledger::StateWrite{at(place), unit.attempt, field, value, short_digest(value.dump())});
  state_.write(place, report.state_delta);
  record(ledger::NodeFinished{.at = at(place),
                              .facts = facts_of(unit.attempt, report),
                              .metrics = std::move(report.metrics),
                              .edge_output = report.edge_output});
  end_unit(place, Outcome::succeeded, std::move(report.edge_output));
}

void Run::Impl::retry(Place place, Unit unit, exec::AttemptReport report) {
  const std::chrono::milliseconds delay = delay_after(node(place.position).on_error, unit.attempt);
  record(ledger::NodeRetrying{at(place), facts_of(unit.attempt, report), report.outcome, report.error, delay});
  unit.last_report = std::move(report);
  ++retrying_;
  Unit& waiting = units_[place] = std::move(unit);
  waiting.retry_timer = context_.loop.after(delay, [this, place] {
    units_[place].retry_timer.reset();
    --retrying_;
    ready_.insert(place);
    schedule();
  });
}

void Run::Impl::give_up(Place place, std::uint32_t attempt, exec::AttemptReport report) {
  std::optional<Value> broken;
  if (auto element = item(place); element && element->value.dump().size() <= kRecordedItemBytes)
    broken = std::move(element->value);
  record(ledger::NodeFailed{at(place), facts_of(attempt, report), report.outcome, report.error, std::move(broken)});
  end_unit(place, report.outcome, std::nullopt);
  if (report.outcome != Outcome::cancelled) fail_run_if_asked(place.position, report.error);
}

void Run::Impl::end_unit(Place place, Outcome outcome, std::optional<Value> edge_output) {
  const auto fan_out = fan_outs_.find(place.position);
  if (fan_out != fan_outs_.end()) return end_item(place, fan_out->second, outcome, std::move(edge_output));
  progress_.end(place.position, {.outcome = outcome, .edge_output = std::move(edge_output)});
}

}  // namespace oe::engine
