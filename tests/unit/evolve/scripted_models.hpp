#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "oe/evolve/judge.hpp"

namespace oe::evolve::test {

/// Answers by place, and what was asked. A place that is not in it ends `not_recorded`.
struct Script {
  std::map<std::string, llm::Answer> answers;
  std::vector<std::pair<std::string, llm::Ask>> asked;
  llm::Bound bound{.tokens = 1000, .usd = 0.01, .model = "scripted"};

  Script& say(const std::string& place, std::string_view text) {
    auto value = Value::parse(text);
    answers[place] = {.text = std::string(text),
                      .value = value ? *value : Value(),
                      .usage = {.input = 100, .output = 10},
                      .usd = 0.002,
                      .model = "scripted-1",
                      .calls = 1};
    return *this;
  }
  Script& end(const std::string& place, llm::Ending ending, std::string error) {
    answers[place] = {.ending = ending, .error = std::move(error)};
    return *this;
  }
};

class ScriptedClient final : public llm::Client {
 public:
  ScriptedClient(sys::EventLoop& loop, Script& script) : loop_(loop), script_(script) {}

  std::uint64_t ask(const llm::Ask& ask, const std::string& place, llm::Progress progress, llm::Done done) override {
    script_.asked.emplace_back(place, ask);
    const auto found = script_.answers.find(place);
    llm::Answer answer{.ending = llm::Ending::not_recorded, .error = "nothing is scripted for " + place};
    if (found != script_.answers.end()) answer = found->second;
    loop_.post([answer, progress = std::move(progress), done = std::move(done)] {
      if (progress) progress("asking scripted-1");
      done(answer);
    });
    return ++calls_;
  }
  void cancel(std::uint64_t) override {}
  Result<llm::Bound> bound(const llm::Ask&) const override { return script_.bound; }
  std::vector<std::string> keys() const override { return {"sk-a-very-secret-key"}; }

 private:
  sys::EventLoop& loop_;
  Script& script_;
  std::uint64_t calls_ = 0;
};

/// `script` must outlive whatever is opened.
inline OpenModels scripted(Script& script) {
  return [&script](sys::EventLoop& loop, sys::ProcessHost&, const graph::Models&,
                   const std::filesystem::path&) -> Result<std::shared_ptr<llm::Client>> {
    return std::shared_ptr<llm::Client>(std::make_shared<ScriptedClient>(loop, script));
  };
}

}  // namespace oe::evolve::test
