#include <fmt/core.h>
#include <map>
#include <utility>
#include <variant>

#include "oe/exec/executor.hpp"

#include "exec/input_lookup.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

std::string word_for(graph::Human::Ask ask) {
  switch (ask) {
    case graph::Human::Ask::approve:
      return "approve";
    case graph::Human::Ask::choose:
      return "choose";
    case graph::Human::Ask::form:
      return "form";
  }
  return {};
}

Result<ledger::Question> human_question(const AttemptSpec& spec) {
  const auto* human = std::get_if<graph::Human>(&spec.work->work);
  if (human == nullptr) return fail(ErrorKind::bug, fmt::format("node '{}' asks nobody", spec.node.text));
  OE_TRY(std::string text, filled(human->question, spec.input));
  ledger::Question question{.kind = word_for(human->ask), .text = std::move(text), .schema = human->schema};
  for (const std::string& choice : human->choices) {
    OE_TRY(std::string shown, filled(choice, spec.input));
    question.choices.push_back(std::move(shown));
  }
  question.otherwise = human->otherwise;
  return question;
}

AttemptReport waiting_report(ledger::Question question) {
  AttemptReport report{.outcome = ledger::Outcome::waiting};
  report.question = std::move(question);
  return report;
}

/// Asks who sits in front of oe; where nobody does, or nobody wants to answer now, the attempt waits.
class HumanExecutor final : public Executor, public std::enable_shared_from_this<HumanExecutor> {
 public:
  explicit HumanExecutor(Services services) : loop_(services.loop), asker_(services.asker) {}
  HumanExecutor(const HumanExecutor&) = delete;
  HumanExecutor& operator=(const HumanExecutor&) = delete;
  ~HumanExecutor() override {
    for (auto& [id, running] : running_) withdraw(running);
  }

  std::uint64_t start(const AttemptSpec& spec, Done done, Activity) override {
    const std::uint64_t id = ++last_id_;
    Running& running = running_[id];
    running = {.work = spec.work, .done = std::move(done)};
    auto question = human_question(spec);
    if (!question) {
      finish_later(id, failed_report(question.error().to_string()));
      return id;
    }
    running.question = std::move(*question);
    if (asker_ != nullptr) running.open = asker_->ask(spec.node, running.question, taker(id));
    if (!running.open) {
      finish_later(id, waiting_report(running.question));
    } else if (spec.timeout) {
      limit(id, *spec.timeout);
    }
    return id;
  }

  void cancel(std::uint64_t attempt) override { end_early(attempt, cancelled_report()); }

 private:
  struct Running {
    const graph::Node* work = nullptr;
    Done done;
    ledger::Question question;
    std::optional<std::uint64_t> open;  ///< the asker's number of the question
    std::optional<sys::TimerId> timeout;
    bool ended = false;  ///< its end was posted
  };

  void limit(std::uint64_t id, std::chrono::milliseconds timeout) {
    running_.at(id).timeout = loop_.after(timeout, [self = weak_from_this(), id, timeout] {
      if (const auto executor = self.lock()) executor->end_early(id, timed_out_report(timeout));
    });
  }

  std::function<void(std::optional<ledger::NodeAnswered>)> taker(std::uint64_t id) {
    return [self = weak_from_this(), id](std::optional<ledger::NodeAnswered> answer) {
      if (const auto executor = self.lock()) executor->take(id, std::move(answer));
    };
  }

  void take(std::uint64_t id, std::optional<ledger::NodeAnswered> answer) {
    const auto found = running_.find(id);
    if (found == running_.end() || found->second.ended) return;
    Running& running = found->second;
    running.open.reset();
    if (!answer) return finish_later(id, waiting_report(running.question));
    AttemptReport report = answered(*running.work, running.question, answer->answer);
    if (report.error == kRejected && !answer->who.empty()) report.error += " by " + answer->who;
    report.question = running.question;
    report.answer = std::move(answer);
    finish_later(id, std::move(report));
  }

  void withdraw(Running& running) {
    if (running.open) asker_->withdraw(*running.open);
    running.open.reset();
  }

  void end_early(std::uint64_t id, AttemptReport report) {
    const auto found = running_.find(id);
    if (found == running_.end() || found->second.ended) return;
    withdraw(found->second);
    finish_later(id, std::move(report));
  }

  void finish_later(std::uint64_t id, AttemptReport report) {
    Running& running = running_.at(id);
    running.ended = true;
    if (running.timeout) loop_.cancel(*running.timeout);
    loop_.post([self = weak_from_this(), id, report = std::move(report)] {
      const auto executor = self.lock();
      if (!executor) return;
      const Running ended = std::move(executor->running_.extract(id).mapped());
      ended.done(report);
    });
  }

  sys::EventLoop& loop_;
  Asker* asker_;
  std::map<std::uint64_t, Running> running_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::shared_ptr<Executor> make_human_executor(Services services) {
  return std::make_shared<HumanExecutor>(services);
}

}  // namespace oe::exec
