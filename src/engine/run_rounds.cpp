#include <fmt/core.h>
#include <utility>

#include "engine/run_impl.hpp"
#include "engine/spend.hpp"

namespace oe::engine {

using ledger::Outcome;

namespace {

Rounds& rounds_at(Frame& frame, std::size_t position) {
  return static_cast<Rounds&>(*frame.constructs.at(position));
}

bool is_spent(const graph::Budget& budget, const Rounds& rounds) {
  return (budget.tokens && rounds.spent.tokens.value_or(0) >= *budget.tokens) ||
         (budget.usd && rounds.spent.usd.value_or(0) >= *budget.usd) ||
         (budget.time && rounds.worked >= *budget.time);
}

}  // namespace

void Run::Impl::open_rounds(Frame& frame, std::size_t position) {
  ready(frame, position);
  auto rounds = std::make_unique<Rounds>();
  rounds->opened = context_.clock.monotonic();
  watch_deadline(frame, position, *rounds);
  frame.constructs[position] = std::move(rounds);
  next_round(frame, position);
}

void Run::Impl::next_round(Frame& frame, std::size_t position) {
  Rounds& rounds = rounds_at(frame, position);
  const auto& repeat = std::get<graph::Repeat>(frame.node(position).work);
  if (halted()) return;
  if (rounds.late || frame.is_halted()) return close_rounds(frame, position, "cancelled");
  if (rounds.next >= repeat.max_rounds || is_spent(repeat.budget, rounds)) return close_rounds(frame, position, {});
  auto round = make_frame(Frame::Kind::round, frame, position, rounds.next);
  const auto& until = frame.plan.nodes()[position].until;
  if (until && until->holds(round->lookup(0))) {
    lively_.pop_back();
    return close_rounds(frame, position, {});
  }
  round->scope.push_back(rounds.next++);
  rounds.frame = std::move(round);
}

void Run::Impl::end_round(Frame& round) {
  Frame& frame = *round.parent;
  const std::size_t position = round.position;
  Rounds& rounds = rounds_at(frame, position);
  add(rounds.spent, round.spent);
  rounds.worked += round.worked;
  std::optional<std::string> error;
  for (std::size_t at = 0; at < round.plan.nodes().size(); ++at) {
    const NodeEnd& end = *round.progress.at(at);
    if (end.edge_output) rounds.edge_output = end.edge_output;
    const bool spoiled = end.outcome != Outcome::succeeded && end.outcome != Outcome::skipped;
    if (spoiled && !error) error = fmt::format("round {}: node '{}' failed", round.number + 1, round.node(at).id.text);
  }
  if (error || round.halted) return close_rounds(frame, position, error.value_or("cancelled"));
  next_round(frame, position);
}

void Run::Impl::close_rounds(Frame& frame, std::size_t position, std::optional<std::string> error) {
  const std::unique_ptr<Construct> closed = std::move(frame.constructs.extract(position).mapped());
  const Rounds& rounds = static_cast<Rounds&>(*closed);
  if (rounds.deadline) context_.loop.cancel(*rounds.deadline);
  if (rounds.late)
    return fail_node(frame, position, Outcome::timed_out,
                     fmt::format("the deadline passed in round {}", rounds.next), rounds.opened);
  if (error)
    return fail_node(frame, position, frame.is_halted() || halted() ? Outcome::cancelled : Outcome::failed,
                     std::move(*error), rounds.opened);
  finish_node(frame, position, rounds.edge_output, rounds.opened);
}

}  // namespace oe::engine
