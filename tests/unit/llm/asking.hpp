#pragma once

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <list>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/llm/client.hpp"

#include "fakes/model_server.hpp"
#include "unit/llm/scratch.hpp"

namespace oe::llm {

/// One ask and what came of it.
struct Asked {
  std::uint64_t number = 0;
  std::optional<Answer> answer;
  std::vector<std::string> activities;
};

/// Asks the fake model server over real sockets, with a real loop and real files.
class AskingTest : public ::testing::Test {
 protected:
  static constexpr std::string_view kKey = "sk-test-0123456789abcdef";

  AskingTest() {
    environment = {{"ANTHROPIC_API_KEY", std::string(kKey)},
                   {"ANTHROPIC_BASE_URL", server().url()},
                   {"OPENAI_API_KEY", std::string(kKey)},
                   {"OPENAI_BASE_URL", server().url("/v1")},
                   {"OLLAMA_HOST", server().url()}};
    server().set_script(nlohmann::json::object());
  }

  /// One server for all tests of a suite: it takes 60 ms to start.
  static fakes::ModelServer& server() {
    static fakes::ModelServer one;
    return one;
  }
  static void script(std::string_view rules) { server().set_script({{"rules", nlohmann::json::parse(rules)}}); }

  Client& client() {
    if (!client_) client_ = make_client(options());
    return *client_;
  }
  void new_client() { client_.reset(); }

  Asked& start(const Ask& ask, const std::string& place = "n#1") {
    Asked& asked = all.emplace_back();
    ++in_flight_;
    asked.number = client().ask(
        ask, place, [&asked](std::string_view line) { asked.activities.emplace_back(line); },
        [this, &asked](Answer answer) {
          EXPECT_FALSE(asked.answer) << "done was called twice";
          EXPECT_NE(asked.number, 0U) << "done was called inside ask()";
          asked.answer = std::move(answer);
          if (--in_flight_ == 0) loop.stop();
        });
    return asked;
  }
  /// Until all have ended.
  void finish() {
    const sys::TimerId watchdog = loop.after(std::chrono::seconds(60), [this] {
      ADD_FAILURE() << "an ask did not end";
      loop.stop();
    });
    if (in_flight_ > 0) loop.run();
    loop.cancel(watchdog);
  }
  Asked& run(const Ask& ask, const std::string& place = "n#1") {
    Asked& asked = start(ask, place);
    finish();
    return asked;
  }
  Answer answer(const Ask& ask) { return run(ask).answer.value_or(Answer{}); }

  static Ask question(std::string text, std::string model = "claude-test") {
    return {.model = std::move(model), .turns = {{.text = std::move(text)}}};
  }
  static Ask structured(std::string text, std::string model = "claude-test") {
    Ask ask = question(std::move(text), std::move(model));
    ask.schema = Value::parse(R"({"type":"object","properties":{"verdict":{"enum":["good","bad"]}},
                                  "required":["verdict"],"additionalProperties":false})")
                     .value();
    return ask;
  }

  Scratch scratch;
  sys::EventLoop loop;
  sys::ProcessHost processes{loop};
  graph::Models models;
  std::map<std::string, std::string> environment;
  std::string flag;
  std::shared_ptr<Recorder> recorder;
  std::shared_ptr<const Cassette> cassette;
  std::list<Asked> all;

 private:
  ClientOptions options() {
    return {.loop = loop,
            .processes = processes,
            .clock = sys::system_clock(),
            .models = models,
            .directory = scratch.path(),
            .environment =
                [this](const std::string& name) {
                  const auto found = environment.find(name);
                  return found == environment.end() ? std::nullopt : std::optional(found->second);
                },
            .provider = flag,
            .recorder = recorder,
            .replay = cassette,
            .draw = [] { return 1.0; }};
  }

  std::shared_ptr<Client> client_;
  int in_flight_ = 0;
};

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

}  // namespace oe::llm
