#include "oe/engine/run.hpp"

#include <utility>

#include "engine/run_impl.hpp"

namespace oe::engine {

using ledger::RunStatus;

namespace {

/// How the fields of a run are merged, in the words of the ledger; last_wins goes without saying.
std::map<std::string, std::string> merges_of(const graph::Graph& graph) {
  std::map<std::string, std::string> merges;
  for (const graph::StateField& field : graph.state) {
    if (field.merge == graph::Merge::last_wins) continue;
    const bool once = field.merge == graph::Merge::set_once;
    merges[field.name] = ledger::to_string(once ? ledger::FieldMerge::set_once : ledger::FieldMerge::array_append);
  }
  return merges;
}

}  // namespace

Run::Run(const Plan& plan, RunContext context) : impl_(std::make_unique<Impl>(plan, std::move(context))) {}
Run::~Run() = default;

Result<RunSummary> Run::run() {
  return impl_->run();
}

void Run::cancel(std::string reason) {
  impl_->cancel(std::move(reason));
}

Run::Impl::Impl(const Plan& plan, RunContext context)
    : plan_(plan), context_(std::move(context)), state_(plan.graph().state), progress_(plan) {}

Result<RunSummary> Run::Impl::run() {
  started_ = context_.clock.monotonic();
  running_ = true;
  ledger::RunStarted start = context_.start;
  start.args = plan_.args();
  start.concurrency = plan_.concurrency();
  start.nodes = plan_.nodes().size();
  start.merges = merges_of(plan_.graph());
  record(std::move(start));
  schedule();
  context_.loop.run();
  if (error_) return fail(*error_);
  return summary_;
}

void Run::Impl::cancel(std::string reason) {
  stop(RunStatus::cancelled, std::move(reason));
}

void Run::Impl::schedule() {
  if (!running_ || std::exchange(scheduled_, true)) return;
  context_.loop.post([this] {
    scheduled_ = false;
    pump();
  });
}

void Run::Impl::pump() {
  while (!reports_.empty()) {
    auto [place, report] = std::move(reports_.front());
    reports_.pop_front();
    settle(place, std::move(report));
  }
  advance();
  if (error_) stop(RunStatus::failed, error_->message());
  // What is scheduled must not outlive the run, so the last pump ends it.
  if (in_flight_ == 0 && (stop_ || retrying_ == 0) && !scheduled_) finish();
}

void Run::Impl::advance() {
  while (!halted()) {
    const std::optional<std::size_t> position = progress_.next();
    if (!position) break;
    judge(*position);
  }
  while (!halted() && !ready_.empty() && slot_is_free()) launch(ready_.extract(ready_.begin()).value());
}

// With a single slot a unit keeps it between two attempts: a run at concurrency 1 is exactly the sequential run
// of the reference, also for writes that no node declared.
bool Run::Impl::slot_is_free() const {
  return in_flight_ + (plan_.concurrency() == 1 ? retrying_ : 0) < plan_.concurrency();
}

void Run::Impl::stop(RunStatus status, std::string reason) {
  if (stop_) return;
  stop_ = Stop{status, std::move(reason)};
  for (auto& [place, unit] : units_) {
    if (unit.retry_timer) context_.loop.cancel(*unit.retry_timer);
    if (unit.executor) unit.executor->cancel(unit.handle);
  }
  schedule();
}

void Run::Impl::finish() {
  running_ = false;
  if (stop_) abandon_open_work();
  summary_.status = status();
  summary_.duration = context_.clock.monotonic() - started_;
  summary_.state = state_.merged();
  record(ledger::RunFinished{summary_.status, summary_.duration, stop_ ? stop_->reason : std::string()});
  context_.loop.stop();
}

void Run::Impl::abandon_open_work() {
  for (auto& [place, unit] : std::exchange(units_, {})) abandon_retry(place, std::move(unit));
  for (std::size_t position = 0; position < plan_.nodes().size(); ++position) {
    if (progress_.at(position)) continue;
    const auto fan_out = fan_outs_.find(position);
    if (fan_out != fan_outs_.end() && fan_out->second.ended > 0)
      close_fan_out(position);
    else
      skip_node(position, {ledger::SkipCause::cancelled, stop_->reason});
  }
}

// The journal has the failure of the attempt itself; of an item there is no more to say.
void Run::Impl::abandon_retry(Place place, Unit unit) {
  if (at(place).index) return end_unit(place, unit.last_report.outcome, std::nullopt);
  unit.last_report.error += "; not tried again: " + stop_->reason;
  give_up(place, unit.attempt, std::move(unit.last_report));
}

RunStatus Run::Impl::status() const {
  if (stop_) return stop_->status;
  if (progress_.spoiled() == 0) return RunStatus::success;
  return progress_.succeeded() == 0 ? RunStatus::failed : RunStatus::partial;
}

void Run::Impl::record(ledger::RunEvent event) {
  if (error_) return;
  if (auto recorded = context_.sink.record(std::move(event)); !recorded) {
    error_ = std::move(recorded.error());
    schedule();
  }
}

}  // namespace oe::engine
