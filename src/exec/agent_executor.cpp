#include <fmt/core.h>
#include <map>
#include <utility>

#include "oe/exec/executor.hpp"
#include "oe/sys/clock.hpp"

#include "exec/answer_report.hpp"
#include "exec/question.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

/// One ask of a model an attempt, for agents and skills.
class ModelExecutor final : public Executor, public std::enable_shared_from_this<ModelExecutor> {
 public:
  explicit ModelExecutor(Services services) : services_(std::move(services)) {}
  ModelExecutor(const ModelExecutor&) = delete;
  ModelExecutor& operator=(const ModelExecutor&) = delete;
  ~ModelExecutor() override {
    for (const auto& [id, asking] : running_)
      if (asking.call) services_.models->cancel(*asking.call);
  }

  std::uint64_t start(const AttemptSpec& spec, Done done, Activity activity) override {
    const std::uint64_t id = ++last_id_;
    Asking& asking = running_[id];
    asking = {spec.work, std::move(done), std::nullopt, sys::system_clock().monotonic()};
    auto question = question_for(spec);
    if (question)
      ask(id, *question, spec, std::move(activity));
    else
      fail_later(id, question.error().to_string());
    return id;
  }

  void cancel(std::uint64_t attempt) override {
    const auto found = running_.find(attempt);
    if (found != running_.end() && found->second.call) services_.models->cancel(*found->second.call);
  }

  Spend at_most(const AttemptSpec& spec) override {
    const auto question = question_for(spec);
    if (!question) return {};
    const auto bound = services_.models->bound(question->ask);
    return bound ? Spend{bound->tokens, bound->usd} : Spend{};
  }

 private:
  struct Asking {
    const graph::Node* node = nullptr;
    Done done;
    std::optional<std::uint64_t> call;  ///< nothing: it could not be asked
    std::chrono::microseconds begin{0};
  };

  Result<Question> question_for(const AttemptSpec& spec) const {
    if (services_.models) return question_of(spec);
    return fail(ErrorKind::environment,
                fmt::format("node '{}' asks a model, and none can be asked here", spec.node.text));
  }

  void ask(std::uint64_t id, const Question& question, const AttemptSpec& spec, Activity activity) {
    if (activity && !question.skill.empty()) activity(fmt::format("skill {}", question.skill));
    auto done = [self = weak_from_this(), id](const llm::Answer& answer) {
      if (const auto executor = self.lock()) executor->finish(id, answer);
    };
    auto progress = [self = weak_from_this(), activity = std::move(activity)](std::string_view line) {
      if (activity && !self.expired()) activity(line);
    };
    running_.at(id).call = services_.models->ask(question.ask, place_of(spec), std::move(progress), std::move(done));
  }

  void finish(std::uint64_t id, const llm::Answer& answer) { end(id, report_of(*running_.at(id).node, answer)); }

  void fail_later(std::uint64_t id, std::string error) {
    services_.loop.post([self = weak_from_this(), id, error = std::move(error)] {
      if (const auto executor = self.lock()) executor->end(id, failed_report(error));
    });
  }

  void end(std::uint64_t id, AttemptReport report) {
    const Asking ended = std::move(running_.extract(id).mapped());
    report.duration = sys::system_clock().monotonic() - ended.begin;
    ended.done(std::move(report));
  }

  Services services_;
  std::map<std::uint64_t, Asking> running_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::shared_ptr<Executor> make_agent_executor(Services services) {
  return std::make_shared<ModelExecutor>(std::move(services));
}

}  // namespace oe::exec
