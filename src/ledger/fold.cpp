#include <algorithm>
#include <array>
#include <utility>

#include "oe/ledger/run_state.hpp"

namespace oe::ledger {
namespace {

constexpr std::string_view kInterrupted = "interrupted";
/// Room is made for no more at once, whatever an event says.
constexpr std::uint64_t kMostExpectedNodes = 1'000'000;

bool is_bad(Outcome outcome) {
  return is_failure(outcome) || outcome == Outcome::cancelled;
}

}  // namespace

Fold::Work& Fold::work_at(const At& at) {
  if (last_ == nullptr || last_->state->id != at.node) last_ = &work_of(at.node);
  if (!at.phase.empty()) last_->state->phase = at.phase;
  return *last_;
}

Fold::Work& Fold::work_of(const NodeId& node) {
  const auto known = work_by_id_.find(node.text);
  if (known != work_by_id_.end()) return *known->second;
  Work& work = works_.emplace_back();
  work.state = keep_ == Keep::everything ? &state_.nodes[node] : &nodes_.emplace_back();
  work.state->id = node;
  work.number = works_.size();
  work_by_id_.emplace(work.state->id.text, &work);
  return work;
}

void Fold::tell(const Work& work, std::size_t number, std::size_t position, Attempt attempt) {
  if (keep_ == Keep::everything) {
    std::vector<Attempt>& attempts = work.state->attempts;
    if (position == attempts.size()) attempts.emplace_back();
    attempts[position] = attempt;
  }
  change_.attempts.push_back({work.state, number, position, std::move(attempt)});
}

/// What the node as a whole is, from its instances.
void Fold::judge(Work& work) {
  NodeState& node = *work.state;
  const bool was_failed = is_failure(node.outcome);
  if (node.question && !node.answer)
    node.outcome = Outcome::waiting;
  else if (!work.open.empty())
    node.outcome.reset();
  else if (!work.bad.empty())
    node.outcome = work.failed > 0 ? Outcome::failed : work.timed_out > 0 ? Outcome::timed_out : Outcome::cancelled;
  else if (work.succeeded)
    node.outcome = Outcome::succeeded;
  else if (work.skipped || !work.lost.empty())
    node.outcome = Outcome::skipped;
  else
    node.outcome.reset();
  if (work.bad.empty() && node.outcome != Outcome::skipped) node.error.clear();
  if (node.outcome != Outcome::skipped) node.skip_cause.reset();
  failed_nodes_ += is_failure(node.outcome) ? 1U : 0U;
  failed_nodes_ -= was_failed ? 1U : 0U;
}

// An item that ends without a start (nothing could be run for it) is an attempt all the same: its error is nowhere
// else. A node as a whole has one only when it started one or when there is something to show for it.
void Fold::end_attempt(Work& work, const Event& event, const At& at, Attempt end, bool is_worth_one) {
  const auto running = work.running.find({at.scope, at.index});
  const bool is_known = running != work.running.end();
  if (is_known && end.outcome == Outcome::succeeded) commit_writes(work, running->second);
  std::optional<std::size_t> position = is_known ? running->second.position : std::nullopt;
  std::size_t number = is_known ? running->second.number : 0;
  if (position) {
    const Attempt& begun = running->second.attempt;
    end.facts.attempt = begun.facts.attempt;
    end.input_digest = begun.input_digest;
    end.started = begun.started;
    end.started_at = begun.started_at;
  } else if (at.index || is_worth_one) {
    position = work.attempts++;
    number = ++attempts_;
    end.started_at = event.time;
  }
  if (is_known) work.running.erase(running);
  if (!position) return;
  end.index = at.index;
  end.scope = at.scope;
  end.ended = event.number;
  tell(work, number, *position, std::move(end));
}

void Fold::commit_writes(Work& work, Running& running) {
  for (auto& [field, write] : running.writes) {
    write.order = work.state->order;
    if (keep_ == Keep::everything) state_.writes[field].push_back(write);
    change_.written.emplace_back(std::move(field), std::move(write));
  }
}

void Fold::forget_end(Work& work, const Scope& scope) {
  work.lost.erase(scope);
  const auto ended = work.bad.find(scope);
  if (ended == work.bad.end()) return;
  work.failed -= ended->second == Outcome::failed ? 1U : 0U;
  work.timed_out -= ended->second == Outcome::timed_out ? 1U : 0U;
  work.bad.erase(ended);
}

void Fold::end_instance(Work& work, const Event& event, const At& at, Outcome outcome) {
  work.open.erase(at.scope);
  forget_end(work, at.scope);
  if (is_bad(outcome)) work.bad.emplace(at.scope, outcome);
  work.failed += outcome == Outcome::failed ? 1U : 0U;
  work.timed_out += outcome == Outcome::timed_out ? 1U : 0U;
  work.succeeded |= outcome == Outcome::succeeded;
  work.state->ended = event.number;
  work.state->ended_at = event.time;
  if (work.asked_in != Place(at.scope, at.index)) return;
  work.asked_in.reset();
  work.state->question.reset();
  work.state->answer.reset();
}

template <>
void Fold::apply(const Event& event, const RunStarted& body) {
  work_by_id_.reserve(std::min(body.nodes, kMostExpectedNodes));
  state_.start = body;
  state_.started_at = event.time;
  state_.resumed_at = event.time;
  state_.status = RunStatus::running;
}

template <>
void Fold::apply(const Event&, const RunFinished& body) {
  state_.status = body.status;
  state_.duration = body.duration;
  state_.reason = body.reason;
  state_.outputs = body.outputs;
}

template <>
void Fold::apply(const Event& event, const NodeReady& body) {
  Work& work = work_at(body.at);
  NodeState& node = *work.state;
  node.order = body.order;
  node.items = body.items;
  if (body.at.scope.empty() || node.ready == 0) {
    node.ready = event.number;
    node.ready_at = event.time;
  }
  work.open.insert(body.at.scope);
  forget_end(work, body.at.scope);
  node.ended = 0;
  node.ended_at = {};
  judge(work);
  tell(work);
}

template <>
void Fold::apply(const Event& event, const NodeStarted& body) {
  Work& work = work_at(body.at);
  Running& running = work.running[{body.at.scope, body.at.index}];
  running.writes.clear();
  running.number = ++attempts_;
  running.position = work.attempts++;
  running.attempt = {.index = body.at.index,
                     .scope = body.at.scope,
                     .facts = {.attempt = body.attempt},
                     .input_digest = body.input_digest,
                     .started = event.number,
                     .started_at = event.time};
  tell(work);
  tell(work, running.number, *running.position, running.attempt);
}

template <>
void Fold::apply(const Event& event, const NodeFinished& body) {
  Work& work = work_at(body.at);
  const bool is_answer = work.asked_in == Place(body.at.scope, body.at.index);
  const bool is_list = !body.at.index && work.state->items;  // its items have the attempts
  end_attempt(work, event, body.at,
              {.facts = body.facts,
               .outcome = Outcome::succeeded,
               .cache_hit = body.cache_hit,
               .reused_from = body.reused_from,
               .metrics = body.metrics},
              !is_list && (body.cache_hit || !body.reused_from.empty() || is_answer));
  if (!body.at.index || is_answer) {
    if (!body.at.index) work.state->edge_output = body.edge_output;
    end_instance(work, event, body.at, Outcome::succeeded);
    judge(work);
  }
  tell(work);
}

template <>
void Fold::apply(const Event& event, const NodeRetrying& body) {
  Work& work = work_at(body.at);
  end_attempt(work, event, body.at,
              {.facts = body.facts, .outcome = body.outcome, .error = body.error, .metrics = body.metrics}, false);
  tell(work);
}

template <>
void Fold::apply(const Event& event, const NodeFailed& body) {
  Work& work = work_at(body.at);
  end_attempt(work, event, body.at,
              {.facts = body.facts,
               .outcome = body.outcome,
               .error = body.error,
               .metrics = body.metrics,
               .item = body.item},
              false);
  if (!body.at.index) {
    end_instance(work, event, body.at, body.outcome);
    judge(work);
    work.state->error = body.error;
  }
  tell(work);
}

template <>
void Fold::apply(const Event& event, const NodeSkipped& body) {
  Work& work = work_at(body.at);
  end_attempt(work, event, body.at, {.outcome = Outcome::skipped, .error = body.reason}, false);
  if (!body.at.index) {
    end_instance(work, event, body.at, Outcome::skipped);
    if (body.cause == SkipCause::condition)
      work.skipped = true;
    else
      work.lost.emplace(body.at.scope, body.cause);
    judge(work);
    if (work.state->outcome == Outcome::skipped) {
      work.state->skip_cause = body.cause;
      work.state->error = body.reason;
    }
  }
  tell(work);
}

template <>
void Fold::apply(const Event& event, const StateWrite& body) {
  Running& running = work_at(body.at).running[{body.at.scope, body.at.index}];
  running.writes.emplace_back(body.field, Write{.node = body.at.node,
                                                .index = body.at.index,
                                                .place = body.place,
                                                .value = body.value,
                                                .event = event.number,
                                                .time = event.time,
                                                .digest = body.digest});
}

template <>
void Fold::apply(const Event&, const NodeActivity&) {}

// The attempt that asked goes on: its end comes with the answer.
template <>
void Fold::apply(const Event&, const NodeWaiting& body) {
  Work& work = work_at(body.at);
  work.asked_in = Place(body.at.scope, body.at.index);
  work.state->question = body.question;
  work.state->answer.reset();
  const auto running = work.running.find(*work.asked_in);
  if (running != work.running.end() && running->second.position) {
    running->second.attempt.outcome = Outcome::waiting;
    tell(work, running->second.number, *running->second.position, running->second.attempt);
  }
  judge(work);
  tell(work);
}

template <>
void Fold::apply(const Event&, const NodeAnswered& body) {
  Work& work = work_at(body.at);
  work.asked_in = Place(body.at.scope, body.at.index);
  work.state->answer = body.answer;
  judge(work);
  tell(work);
}

void Fold::interrupt_attempts(Work& work, const Event& event) {
  for (auto entry = work.running.begin(); entry != work.running.end();) {
    Running& running = entry->second;
    if (running.attempt.outcome == Outcome::waiting) {
      ++entry;
      continue;
    }
    running.attempt.outcome = Outcome::cancelled;
    running.attempt.error = kInterrupted;
    running.attempt.ended = event.number;
    if (running.position) tell(work, running.number, *running.position, std::move(running.attempt));
    entry = work.running.erase(entry);
  }
}

void Fold::open_again(Work& work, bool failed) {
  std::vector<Scope> opened;
  for (const auto& [scope, outcome] : work.bad) {
    if (failed || outcome == Outcome::cancelled) opened.push_back(scope);
  }
  for (const auto& [scope, cause] : work.lost) {
    if (failed || cause == SkipCause::cancelled) opened.push_back(scope);
  }
  if (opened.empty()) return;
  for (Scope& scope : opened) {
    forget_end(work, scope);
    work.open.insert(std::move(scope));
  }
  work.state->ended = 0;
  work.state->ended_at = {};
  judge(work);
  tell(work);
}

template <>
void Fold::apply(const Event& event, const RunResumed& body) {
  // What has not ended was cut off with the last event; a RunFinished has counted its part itself.
  if (state_.status == RunStatus::running) state_.duration += state_.last_at - state_.resumed_at;
  state_.resumed_at = event.time;
  state_.status = RunStatus::running;
  state_.reason.clear();
  state_.outputs.reset();
  for (Work& work : works_) {
    interrupt_attempts(work, event);
    open_again(work, body.failed);
  }
}

Fold::Change& Fold::add(const Event& event) {
  change_.nodes.clear();
  change_.attempts.clear();
  change_.written.clear();
  std::visit([&](const auto& body) { apply(event, body); }, event.body);
  state_.id = event.run;
  state_.last_event = event.number;
  state_.last_at = event.time;
  return change_;
}

RunState Fold::take() && {
  for (auto& [field, writes] : state_.writes) sort_writes(writes);
  return std::move(state_);
}

}  // namespace oe::ledger
