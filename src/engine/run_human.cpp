#include <utility>

#include "engine/run_impl.hpp"

namespace oe::engine {

using ledger::Outcome;

/// A resumed run has asked before: it takes the answer that came since, or the default after the deadline, or waits on.
void Run::Impl::ask_again(Frame& frame, std::size_t position, const PastQuestion& asked) {
  const Place place = frame.place_of(position);
  Unit unit{.frame = &frame, .position = position, .attempt = 1, .opened = context_.clock.monotonic()};
  if (asked.answer) return take_answer(place, std::move(unit), asked.question, *asked.answer, true);
  unit.question = asked.question;
  if (asked.question.deadline && *asked.question.deadline <= context_.clock.now()) {
    unit.late = true;
    return decide(place, std::move(unit), {.outcome = Outcome::cancelled});
  }
  unit.question.reset();
  unit.attempt = 0;
  units_[place] = std::move(unit);
  ready_.insert(place);
}

/// True when the attempt began in an earlier part of this run, and its question is still open.
bool Run::Impl::waits_on(const Unit& unit) const {
  if (!unit.is_human() || unit.attempt != 1 || !context_.past || !context_.past->impl().same_run) return false;
  const PastQuestion* asked = context_.past->impl().question(at(unit));
  return asked != nullptr && !asked->answer;
}

void Run::Impl::wait_for_human(const Place& place, Unit unit, ledger::Question question) {
  if (const auto deadline = unit.node().deadline) question.deadline = context_.clock.now() + *deadline;
  const PastQuestion* before =
      context_.past && context_.past->impl().same_run ? context_.past->impl().question(at(unit)) : nullptr;
  if (before) question.deadline = before->question.deadline;
  if (!before || !(before->question == question)) record(ledger::NodeWaiting{at(unit), question});
  unit.question = std::move(question);
  units_[place] = std::move(unit);
}

void Run::Impl::take_answer(const Place& place, Unit unit, const ledger::Question& question,
                            ledger::NodeAnswered answer, bool is_recorded) {
  answer.at = at(unit);
  exec::AttemptReport report = exec::answered(unit.node(), question, answer.answer);
  if (!is_recorded) record(std::move(answer));
  unit.question.reset();
  decide(place, std::move(unit), std::move(report));
}

/// True when the node has an answer for the case that nobody gives one.
bool Run::Impl::answer_by_default(const Place& place, Unit& unit) {
  const auto* human = std::get_if<graph::Human>(&unit.node().work);
  if (human == nullptr || !human->otherwise) return false;
  ledger::Question question = unit.question.value_or(ledger::Question{});
  if (!unit.question) question.kind = human->ask == graph::Human::Ask::approve  ? "approve"
                                      : human->ask == graph::Human::Ask::choose ? "choose"
                                                                                : "form";
  if (question.choices.empty()) question.choices = human->choices;
  question.schema = human->schema;
  unit.late = false;
  take_answer(place, std::move(unit), question,
              {.at = {}, .answer = *human->otherwise, .who = {}, .via = "deadline", .note = {}}, false);
  return true;
}

}  // namespace oe::engine
