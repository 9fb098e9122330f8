#pragma once

#include <utility>
#include <vector>

#include "oe/llm/client.hpp"

namespace oe::exec {

/// A client of models that keeps what it is asked and answers as the test says.
class ScriptedModels final : public llm::Client {
 public:
  explicit ScriptedModels(sys::EventLoop& loop) : loop_(loop) {}

  std::uint64_t ask(const llm::Ask& ask, const std::string& place, llm::Progress progress, llm::Done done) override {
    asked.push_back(ask);
    places.push_back(place);
    pending_.push_back(std::move(done));
    const std::uint64_t id = pending_.size();
    if (!hangs)
      loop_.post([this, id, progress = std::move(progress)] {
        progress("asking it");
        end(id, answer);
      });
    return id;
  }
  void cancel(std::uint64_t call) override {
    cancelled.push_back(call);
    loop_.post([this, call] { end(call, {.ending = llm::Ending::cancelled, .error = "cancelled"}); });
  }
  Result<llm::Bound> bound(const llm::Ask& ask) const override {
    if (ask.model == "unknown") return fail(ErrorKind::environment, "no such model");
    return llm::Bound{.tokens = 5000, .usd = 0.25, .model = "m"};
  }
  std::vector<std::string> keys() const override { return {}; }

  llm::Answer answer;
  bool hangs = false;
  std::vector<llm::Ask> asked;
  std::vector<std::string> places;
  std::vector<std::uint64_t> cancelled;

 private:
  void end(std::uint64_t id, const llm::Answer& with) {
    if (auto done = std::exchange(pending_.at(id - 1), nullptr)) done(with);
  }

  sys::EventLoop& loop_;
  std::vector<llm::Done> pending_;
};

}  // namespace oe::exec
