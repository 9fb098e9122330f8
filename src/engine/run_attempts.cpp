#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/digest.hpp"

#include "engine/replay_key.hpp"
#include "engine/retry.hpp"
#include "engine/run_impl.hpp"

namespace oe::engine {

using ledger::Outcome;
using std::chrono::milliseconds;

namespace {

/// What a failed item may weigh in the journal, in bytes of JSON.
constexpr std::size_t kRecordedItemBytes = std::size_t{64} << 10;

ledger::AttemptFacts facts_of(std::uint32_t attempt, const exec::AttemptReport& report) {
  return {attempt, report.duration, report.exit_code, report.signal, report.output};
}

std::string idempotency_key(const RunId& run, const ledger::At& at) {
  std::string key = run.text + "/" + at.node.text;
  for (const std::uint64_t round : at.scope) key += fmt::format("/{}", round);
  return at.index ? key + fmt::format("/{}", *at.index) : key;
}

/// Secrets that a node lists are in its environment, those that it does not list are taken away.
exec::EnvironmentChanges environment_of(const graph::Node& leaf, const std::map<std::string, std::string>& secrets) {
  exec::EnvironmentChanges changes;
  for (const auto& [name, value] : secrets) {
    const bool granted = std::ranges::find(leaf.secrets, name) != leaf.secrets.end();
    changes.emplace_back(name, granted ? std::optional(value) : std::nullopt);
  }
  return changes;
}

}  // namespace

const std::string& LastDigest::of(std::string text) {
  if (digest_.empty() || text != text_) digest_ = short_digest(text);
  text_ = std::move(text);
  return digest_;
}

void Run::Impl::launch(const Place& place) {
  Unit& unit = units_.at(place);
  if (unit.attempt == 0 && !prepare(place, unit)) return;
  if (pay_for(place, unit)) start(place, unit);
}

/// False when the unit has ended without an attempt.
bool Run::Impl::prepare(const Place& place, Unit& unit) {
  const graph::Node& leaf = unit.node();
  unit.opened = context_.clock.monotonic();
  unit.input = attempt_input(*unit.frame, unit.position);
  unit.input_digest = inputs_.of(unit.input.dump());
  unit.environment = environment_of(leaf, context_.secrets);
  if (context_.past && context_.past->impl().same_run) unit.attempt = context_.past->impl().attempts(at(unit));
  // The deadline of a for_each is that of all its items together.
  if (leaf.deadline && (unit.frame->kind != Frame::Kind::item || unit.is_human()))
    unit.deadline_timer = context_.loop.after(*leaf.deadline, [this, place] { pass_deadline(place); });
  return !answer_from_store(place, unit);
}

/// True when an earlier result has ended the unit.
bool Run::Impl::answer_from_store(const Place& place, Unit& unit) {
  if (context_.replay == nullptr || !is_replayable(unit.node(), unit.frame->plan.runtime())) return false;
  auto key = replay_key(unit.node(), unit.input, plan_.graph().models, context_.directory);
  if (!key) return false;
  unit.key = std::move(*key);
  const auto found = context_.replay->find(context_.id, unit.node().id, *unit.key);
  if (!found || !*found) return false;
  exec::AttemptReport report{
      .state_delta = (*found)->state_delta, .edge_output = (*found)->edge_output, .metrics = (*found)->metrics};
  if (unit.frame->state->objection(report.state_delta)) return false;
  const Unit done = std::move(units_.extract(place).mapped());
  if (done.deadline_timer) context_.loop.cancel(*done.deadline_timer);
  commit(place, done, std::move(report), &**found);
  return true;
}

/// False when the budget does not allow the attempt, now or at all.
bool Run::Impl::pay_for(const Place& place, Unit& unit) {
  if (!accounts_.has_budgets()) return true;
  const exec::Spend most = executor_of(unit).at_most(spec_of(unit));
  const auto refusal = accounts_.reserve(*unit.frame, unit.position, most, unit.reserved);
  if (!refusal) return true;
  if (refusal->only_now) {
    unpaid_.push_back(place);
  } else if (refusal->whole_run) {
    ready_.insert(place);
    stop(ledger::RunStatus::failed, refusal->reason);
  } else {
    const Unit poor = std::move(units_.extract(place).mapped());
    give_up(poor, {.outcome = Outcome::failed, .error = refusal->reason});
  }
  return false;
}

void Run::Impl::start(const Place& place, Unit& unit) {
  ++unit.attempt;
  if (!waits_on(unit)) {
    record(
        ledger::NodeStarted{at(unit), unit.attempt, unit.input_digest, unit.key ? unit.key->digest() : std::string()});
  }
  ++in_flight_;
  if (unit.is_human()) ++asking_;
  starting_.push_back(place);
}

// Behind one flush for all: what starts is in the record before.
void Run::Impl::start_recorded() {
  if (starting_.empty()) return;
  flush();
  for (const Place& place : std::exchange(starting_, {})) {
    Unit& unit = units_.at(place);
    if (halted())
      leave_flight(unit);
    else
      hand_over(place, unit);
  }
}

void Run::Impl::leave_flight(const Unit& unit) {
  --in_flight_;
  if (unit.is_human()) --asking_;
}

void Run::Impl::hand_over(const Place& place, Unit& unit) {
  unit.executor = &executor_of(unit);
  auto done = [this, place](exec::AttemptReport report) mutable {
    reports_.emplace_back(std::move(place), std::move(report));
    schedule();
  };
  auto activity = [this, place](std::string_view text) {
    if (const auto active = units_.find(place); active != units_.end())
      record(ledger::NodeActivity{at(active->second), std::string(text)});
  };
  unit.handle = unit.executor->start(spec_of(unit), std::move(done), std::move(activity));
}

exec::Executor& Run::Impl::executor_of(const Unit& unit) const {
  return *context_.executors.find(graph::kind_name(unit.node().work));
}

exec::AttemptSpec Run::Impl::spec_of(const Unit& unit) {
  const ledger::At where = at(unit);
  const graph::Node& leaf = unit.node();
  const auto& own = unit.frame->plan.runtime().sandbox;
  const auto& sandbox = leaf.sandbox ? leaf.sandbox : own ? own : context_.sandbox;
  return {.run = context_.id,
          .node = where.node,
          .index = where.index,
          .attempt = unit.attempt,
          .work = &leaf,
          .input = unit.input,
          .directory = context_.directory,
          .scope = where.scope,
          .idempotency_key = idempotency_key(context_.id, where),
          .timeout = limit_of(unit),
          .environment = &unit.environment,
          .sandbox = sandbox ? &*sandbox : nullptr};
}

std::optional<milliseconds> Run::Impl::limit_of(const Unit& unit) {
  const graph::Node& leaf = unit.node();
  std::optional<milliseconds> limit = leaf.timeout;
  const auto at_most = [&](std::optional<milliseconds> other) {
    if (other) limit = std::min(limit.value_or(*other), *other);
  };
  at_most(accounts_.time_left(*unit.frame, unit.position));
  return limit;
}

void Run::Impl::settle(const Place& place, exec::AttemptReport&& report) {
  auto ended = units_.extract(place);
  Unit& unit = ended.mapped();
  unit.executor = nullptr;
  leave_flight(unit);
  if (!mask_.empty()) report = mask_.report(std::move(report));
  const exec::Spend spent = exec::spend_of(report.metrics);
  accounts_.settle(*unit.frame, unit.position, std::exchange(unit.reserved, {}), spent, report.duration);
  unit.frame->spend(spent, report.duration);
  for (Place& waiting : std::exchange(unpaid_, {}))
    if (units_.contains(waiting)) ready_.insert(std::move(waiting));
  decide(place, std::move(unit), std::move(report));
}

void Run::Impl::decide(const Place& place, Unit&& unit, exec::AttemptReport&& report) {
  if (report.outcome == Outcome::waiting) return wait_for_human(place, std::move(unit), std::move(*report.question));
  if (unit.late && report.outcome == Outcome::cancelled && !halted()) {
    if (answer_by_default(place, unit)) return;
    report.outcome = Outcome::timed_out;
    report.error = "the deadline has passed";
    return give_up(unit, std::move(report));
  }
  if (report.answer) {
    record(ledger::NodeWaiting{at(unit), *report.question});
    report.answer->at = at(unit);
    record(*report.answer);
  }
  if (report.outcome == Outcome::succeeded) {
    if (auto why = unit.frame->state->objection(report.state_delta)) {
      report.outcome = Outcome::failed;
      report.error = std::move(*why);
    }
  }
  if (report.outcome == Outcome::succeeded) return commit(place, unit, std::move(report), nullptr);
  if (report.is_environment && !halted()) return stop_for_environment(unit, std::move(report));
  if (!halted() && !unit.late && is_tried_again(unit.node().on_error, unit.attempt, report))
    return retry(place, std::move(unit), std::move(report));
  give_up(unit, std::move(report));
}

void Run::Impl::commit(const Place& place, const Unit& unit, exec::AttemptReport&& report,
                       const ledger::ReplayEntry* from) {
  Frame& frame = *unit.frame;
  const ledger::At where = at(unit);
  const std::uint32_t attempt = std::max(1u, unit.attempt);
  if (unit.deadline_timer) context_.loop.cancel(*unit.deadline_timer);
  const std::vector<std::string>& declared = unit.node().writes;
  for (const auto& [field, value] : report.state_delta)
    if (std::ranges::find(declared, field) == declared.end())
      record(ledger::NodeActivity{where, "wrote field '" + field + "' that it does not list in writes"});
  record_writes(frame, unit.position, attempt, report.state_delta);
  frame.state->write(place, report.state_delta);
  if (from == nullptr) keep(unit, report);
  record(ledger::NodeFinished{.at = where,
                              .facts = facts_of(attempt, report),
                              .cache_hit = from != nullptr,
                              .reused_from = from ? from->run.text : std::string(),
                              .metrics = std::move(report.metrics),
                              .edge_output = report.edge_output});
  end_node(frame, unit.position, {.outcome = Outcome::succeeded, .edge_output = std::move(report.edge_output)});
}

void Run::Impl::record_writes(const Frame& frame, std::size_t position, std::uint32_t attempt,
                              const StateDelta& delta) {
  for (const auto& [field, value] : delta)
    record(ledger::StateWrite{frame.whole(position), attempt, frame.field_path + field, value,
                              short_digest(value.dump()), frame.recorded_place(position)});
}

double Run::Impl::draw() {
  return static_cast<double>(dice_() - dice_.min()) / (static_cast<double>(dice_.max() - dice_.min()) + 1.0);
}

// A store that cannot be written costs a later run time, not this one its result.
void Run::Impl::keep(const Unit& unit, const exec::AttemptReport& report) {
  if (!unit.key || context_.replay == nullptr) return;
  [[maybe_unused]] const auto kept = context_.replay->put(*unit.key, {.run = context_.id,
                                                                      .node = unit.node().id,
                                                                      .state_delta = report.state_delta,
                                                                      .edge_output = report.edge_output,
                                                                      .metrics = report.metrics,
                                                                      .stored_at = context_.clock.now()});
}

void Run::Impl::retry(const Place& place, Unit unit, exec::AttemptReport report) {
  const milliseconds delay = delay_after(unit.node().on_error, unit.attempt, draw());
  record(ledger::NodeRetrying{at(unit), facts_of(unit.attempt, report), report.outcome, report.error, delay,
                              report.metrics});
  unit.last_report = std::make_unique<exec::AttemptReport>(std::move(report));
  ++retrying_;
  Unit& waiting = units_[place] = std::move(unit);
  waiting.retry_timer = context_.loop.after(delay, [this, place] {
    units_[place].retry_timer.reset();
    --retrying_;
    ready_.insert(place);
    schedule();
  });
}

void Run::Impl::give_up(const Unit& unit, exec::AttemptReport report) {
  Frame& frame = *unit.frame;
  if (unit.deadline_timer) context_.loop.cancel(*unit.deadline_timer);
  const ledger::At where = at(unit);
  std::optional<Value> broken;
  if (frame.element && frame.element->dump().size() <= kRecordedItemBytes) broken = frame.element;
  record(ledger::NodeFailed{where, facts_of(std::max(1u, unit.attempt), report), report.outcome, report.error,
                            std::move(broken), report.metrics});
  if (report.outcome != Outcome::cancelled) fail_run_if_asked(frame, unit.position, report.error);
  end_node(frame, unit.position, {.outcome = report.outcome, .edge_output = std::nullopt});
}

// Nothing else can go better before somebody has mended it: no retry, no other node, whatever on_error says.
void Run::Impl::stop_for_environment(const Unit& unit, exec::AttemptReport report) {
  is_environment_ = true;
  const std::string reason = fmt::format("node '{}': {}", at(unit).node.text, report.error);
  give_up(unit, std::move(report));
  stop(ledger::RunStatus::failed, reason);
}

// Only noted here and acted upon in pump(), where nothing else is under way.
void Run::Impl::pass_deadline(const Place& place) {
  alarms_.push_back([this, place] {
    const auto found = units_.find(place);
    if (found == units_.end()) return;
    Unit& unit = found->second;
    unit.late = true;
    unit.deadline_timer.reset();
    if (unit.executor) return unit.executor->cancel(unit.handle);
    ready_.erase(place);
    if (unit.retry_timer) {
      context_.loop.cancel(*unit.retry_timer);
      --retrying_;
    }
    decide(place, std::move(units_.extract(found).mapped()), {.outcome = Outcome::cancelled});
  });
  schedule();
}

}  // namespace oe::engine
