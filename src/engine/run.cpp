#include "oe/engine/run.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/text.hpp"

#include "engine/inputs.hpp"
#include "engine/run_impl.hpp"

namespace oe::engine {

using ledger::Outcome;
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
  impl_->start([this] { impl_->loop().stop(); });
  impl_->loop().run();
  return impl_->result();
}

void Run::start(std::function<void()> ended) {
  impl_->start(std::move(ended));
}

Result<RunSummary> Run::result() const {
  return impl_->result();
}

void Run::cancel(std::string reason) {
  impl_->cancel(std::move(reason));
}

Run::Impl::Impl(const Plan& plan, RunContext context)
    : plan_(plan),
      context_(std::move(context)),
      mask_(context_.secrets, context_.hidden),
      accounts_(plan, context_.past),
      root_(std::make_shared<Frame>(Frame::Kind::run, plan)),
      dice_(static_cast<std::uint32_t>(context_.clock.now().time_since_epoch().count())) {
  root_->own_state.emplace(plan.graph().state);
  root_->state = &*root_->own_state;
  root_->run = run_value(context_.id, plan.inputs());
}

Result<RunSummary> Run::Impl::result() const {
  if (error_) return fail(*error_);
  return summary_;
}

void Run::Impl::start(std::function<void()> ended) {
  ended_ = std::move(ended);
  started_ = context_.clock.monotonic();
  running_ = true;
  begin();
  lively_.push_back(root_);
  if (const auto deadline = plan_.graph().runtime.deadline)
    deadline_ = context_.loop.after(*deadline, [this, deadline] {
      stop(RunStatus::failed, fmt::format("the run's deadline of {} ms has passed", deadline->count()));
    });
  schedule();
}

void Run::Impl::begin() {
  if (context_.past && context_.past->impl().same_run)
    return record(ledger::RunResumed{.failed = context_.past->impl().again,
                                     .concurrency = plan_.concurrency(),
                                     .oe_version = context_.start.oe_version});
  ledger::RunStarted start = context_.start;
  start.args = plan_.args();
  start.concurrency = plan_.concurrency();
  start.nodes = plan_.nodes().size();
  start.merges = merges_of(plan_.graph());
  record(std::move(start));
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
  while (!alarms_.empty()) {
    const auto alarm = std::move(alarms_.front());
    alarms_.pop_front();
    alarm();
  }
  while (!reports_.empty()) {
    auto [place, report] = std::move(reports_.front());
    reports_.pop_front();
    settle(place, std::move(report));
  }
  advance();
  flush();
  if (error_) stop(RunStatus::failed, error_->message());
  // What is scheduled must not outlive the run, so the last pump ends it.
  if (in_flight_ == 0 && (stop_ || (retrying_ == 0 && ready_.empty())) && !scheduled_) finish();
}

void Run::Impl::advance() {
  do {
    while (!halted() && !lively_.empty()) {
      const std::shared_ptr<Frame> frame = std::move(lively_.front());
      lively_.pop_front();
      while (const auto position = halted() ? std::nullopt : frame->progress.next()) judge(*frame, *position);
    }
    if (halted() || ready_.empty() || !slot_is_free()) break;
    const auto first = ready_.extract(ready_.begin());
    launch(first.value());
  } while (true);
  start_recorded();
}

// With a single slot a unit keeps it between two attempts: a run at concurrency 1 is exactly the sequential run
// of the reference, also for writes that no node declared.
bool Run::Impl::slot_is_free() const {
  return in_flight_ - asking_ + (plan_.concurrency() == 1 ? retrying_ : 0) < plan_.concurrency();
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
  drop_timers();
  if (stop_) abandon(*root_);
  summary_.status = status();
  summary_.duration = context_.clock.monotonic() - started_;
  if (context_.past) summary_.duration += context_.past->impl().duration;
  summary_.state = root_->state->merged();
  summary_.outputs = outputs_of(plan_.graph(), summary_.state);
  summary_.spent = accounts_.spent();
  summary_.is_environment = is_environment_;
  std::vector<std::string> waiting;
  for (const auto& [place, unit] : units_)
    if (unit.question) waiting.push_back(at(unit).node.text);
  for (const std::string& id : waiting) summary_.waiting.push_back(NodeId{id});
  std::string reason = stop_ ? stop_->reason : std::string();
  if (summary_.status == RunStatus::waiting) reason = "waiting for an answer to " + join(waiting, ", ");
  record(ledger::RunFinished{summary_.status, summary_.duration, std::move(reason), summary_.outputs});
  ended_();
}

void Run::Impl::drop_timers() {
  if (deadline_) context_.loop.cancel(*deadline_);
  for (auto& [place, unit] : units_)
    if (unit.deadline_timer) context_.loop.cancel(*unit.deadline_timer);
  std::vector<Frame*> frames{root_.get()};
  while (!frames.empty()) {
    Frame& frame = *frames.back();
    frames.pop_back();
    for (auto& [position, construct] : frame.constructs) {
      if (construct->deadline) context_.loop.cancel(*construct->deadline);
      if (construct->retry_timer) context_.loop.cancel(*construct->retry_timer);
      construct->collect(frames);
    }
  }
}

void Run::Impl::abandon(Frame& frame) {
  const auto keep = frame.shared_from_this();  // its construct may let go of it
  for (std::size_t position = 0; position < frame.plan.nodes().size(); ++position)
    if (!frame.progress.at(position)) abandon_node(frame, position);
}

void Run::Impl::abandon_node(Frame& frame, std::size_t position) {
  const auto construct = frame.constructs.find(position);
  if (construct != frame.constructs.end()) {
    std::vector<Frame*> inside;
    construct->second->collect(inside);
    for (Frame* inner : inside) abandon(*inner);
    if (frame.progress.at(position)) return;
    if (construct->second->has_begun()) return close_fan_out(frame, position);
    frame.constructs.erase(position);
  }
  if (auto unit = units_.extract(frame.place_of(position)); !unit.empty() && unit.mapped().retry_timer)
    return abandon_retry(unit.mapped());
  // An item that never began has nothing to say: its for_each follows.
  if (!frame.index) skip_node(frame, position, {ledger::SkipCause::cancelled, stop_->reason});
}

// The journal has the failure of the attempt itself; of an item there is no more to say.
void Run::Impl::abandon_retry(const Unit& unit) {
  exec::AttemptReport report = *unit.last_report;
  if (unit.frame->index)
    return end_node(*unit.frame, unit.position, {.outcome = report.outcome, .edge_output = std::nullopt});
  report.error += "; not tried again: " + stop_->reason;
  give_up(unit, std::move(report));
}

RunStatus Run::Impl::status() const {
  if (stop_) return stop_->status;
  const auto waits = [](const auto& entry) { return entry.second.question.has_value(); };
  if (std::ranges::any_of(units_, waits)) return RunStatus::waiting;
  if (root_->progress.spoiled() == 0) return RunStatus::success;
  return root_->progress.succeeded() == 0 ? RunStatus::failed : RunStatus::partial;
}

void Run::Impl::record(ledger::RunEvent event) {
  if (error_) return;
  if (!mask_.empty()) event = mask_.event(std::move(event));
  heed(context_.sink.record(std::move(event)));
}

void Run::Impl::flush() {
  if (!error_) heed(context_.sink.flush());
}

void Run::Impl::heed(Result<void> recorded) {
  if (recorded) return;
  error_ = std::move(recorded.error());
  schedule();
}

}  // namespace oe::engine
