#include "engine/past.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "engine/spend.hpp"

namespace oe::engine {

using ledger::Outcome;
using ledger::SkipCause;

namespace {

bool spoils(const PastEnd& end) {
  return is_failure(end.outcome) || (end.outcome == Outcome::skipped && end.cause != SkipCause::condition);
}

/// Whether a scope is that of nodes inside of the experience at `at`.
bool is_inside(const std::vector<std::uint64_t>& scope, const ledger::At& at) {
  std::vector<std::uint64_t> around = at.scope;
  if (at.index) around.push_back(*at.index);
  return scope.size() >= around.size() && std::equal(around.begin(), around.end(), scope.begin());
}

template <class Map>
auto* found(Map& map, const ledger::At& at) {
  const auto entry = map.find(Past::Impl::key(at));
  return entry == map.end() ? nullptr : &entry->second;
}

}  // namespace

Past::Past(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Past::Past(Past&&) noexcept = default;
Past& Past::operator=(Past&&) noexcept = default;
Past::~Past() = default;

Past Past::of_same_run(const Journal& journal, bool again) {
  auto impl = std::make_unique<Impl>();
  impl->again = again;
  journal([&](const ledger::Event& event) { impl->add(event); });
  if (again) impl->forget_failures();
  return Past(std::move(impl));
}

Past Past::of_other_run(const Journal& journal, const std::set<NodeId>& nodes) {
  auto impl = std::make_unique<Impl>();
  impl->same_run = false;
  impl->nodes = nodes;
  journal([&](const ledger::Event& event) { impl->add(event); });
  impl->forget_failures();
  impl->duration = {};
  return Past(std::move(impl));
}

void Past::Impl::add(const ledger::Event& event) {
  run = event.run;
  count_time(event);
  std::visit([this](const auto& body) { take(body); }, event.body);
}

// An answer comes while nothing runs; a session that was killed lasted until its last event.
void Past::Impl::count_time(const ledger::Event& event) {
  if (std::holds_alternative<ledger::NodeAnswered>(event.body)) return;
  if (const auto* end = std::get_if<ledger::RunFinished>(&event.body)) {
    ended_sessions_ = end->duration;
    session_start_ = event.time;
  } else if (std::holds_alternative<ledger::RunStarted>(event.body)) {
    session_start_ = event.time;
  } else if (std::holds_alternative<ledger::RunResumed>(event.body)) {
    ended_sessions_ += last_ - session_start_;
    session_start_ = event.time;
  }
  last_ = event.time;
  duration = ended_sessions_ + (last_ - session_start_);
}

template <class Body>
void Past::Impl::take(const Body& body) {
  if constexpr (std::is_same_v<Body, ledger::StateWrite>) {
    open_writes_[key(body.at)][body.field] = body.value;
  } else if constexpr (std::is_same_v<Body, ledger::NodeStarted>) {
    open_writes_.erase(key(body.at));
  } else if constexpr (std::is_same_v<Body, ledger::NodeRetrying>) {
    attempts_[key(body.at)] = body.facts.attempt;
    forget_inside(body.at);
    pay(body.at, body.metrics, body.facts);
  } else if constexpr (std::is_same_v<Body, ledger::NodeFinished>) {
    if (!body.cache_hit) pay(body.at, body.metrics, body.facts);
    close(body.at, {.edge_output = body.edge_output, .metrics = body.metrics, .was_free = body.cache_hit});
  } else if constexpr (std::is_same_v<Body, ledger::NodeFailed>) {
    pay(body.at, body.metrics, body.facts);
    open_writes_.erase(key(body.at));
    if (body.outcome != Outcome::cancelled) close(body.at, {.outcome = body.outcome, .error = body.error});
  } else if constexpr (std::is_same_v<Body, ledger::NodeSkipped>) {
    if (body.cause != SkipCause::cancelled)
      close(body.at, {.outcome = Outcome::skipped, .cause = body.cause, .error = body.reason});
  } else if constexpr (std::is_same_v<Body, ledger::NodeWaiting>) {
    questions_[key(body.at)] = {body.question, std::nullopt};
  } else if constexpr (std::is_same_v<Body, ledger::NodeAnswered>) {
    if (auto* question = found(questions_, body.at)) question->answer = body;
  } else if constexpr (std::is_same_v<Body, ledger::RunResumed>) {
    if (body.failed) forget_failures();
  }
}

/// The next attempt of an experience begins with nothing done.
void Past::Impl::forget_inside(const ledger::At& at) {
  const std::string path = at.node.text + "/";
  const auto inside = [&](const auto& entry) { return std::get<NodeId>(entry.first).text.starts_with(path); };
  const auto begin = ends_.lower_bound({NodeId{path}, {}, std::nullopt});
  for (auto entry = begin; entry != ends_.end() && inside(*entry);)
    entry = is_inside(std::get<1>(entry->first), at) ? ends_.erase(entry) : std::next(entry);
}

void Past::Impl::close(const ledger::At& at, PastEnd end) {
  if (auto writes = open_writes_.extract(key(at))) end.delta = std::move(writes.mapped());
  ends_.insert_or_assign(key(at), std::move(end));
}

void Past::Impl::pay(const ledger::At& at, const std::optional<Value>& metrics, const ledger::AttemptFacts& facts) {
  Paid& account = paid[at.node];
  const exec::Spend spent = exec::spend_of(metrics);
  engine::add(account.spend, spent);
  engine::raise(account.dearest, spent);
  account.worked += facts.duration;
}

void Past::Impl::forget_failures() {
  std::erase_if(ends_, [this](const auto& entry) {
    if (!spoils(entry.second)) return false;
    questions_.erase(entry.first);
    attempts_.erase(entry.first);
    return true;
  });
}

const PastEnd* Past::Impl::end(const ledger::At& at) const {
  return found(ends_, at);
}

const PastQuestion* Past::Impl::question(const ledger::At& at) const {
  return found(questions_, at);
}

std::uint32_t Past::Impl::attempts(const ledger::At& at) const {
  const auto* attempts = found(attempts_, at);
  return attempts == nullptr ? 0 : *attempts;
}

}  // namespace oe::engine
