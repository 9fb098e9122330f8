#include <cstdlib>
#include <nlohmann/json.hpp>

#include "attempts.hpp"

namespace oe::exec {
namespace {

using graph::CaptureAs;
using ledger::Outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// With the fake coding agents of tests/fakes/bin.
class CliAgentTest : public AttemptsTest {
 protected:
  void SetUp() override {
    executor = make_cli_agent_executor({loop, processes});
    path_ = ::getenv("PATH");
    ::setenv("PATH", (OE_SOURCE_DIR "/tests/fakes/bin:" + path_).c_str(), 1);
    ::setenv("FAKE_AGENT_SCRIPT", (directory.path() / "script.json").c_str(), 1);
    script(R"({"rules":[]})");
  }
  void TearDown() override {
    ::setenv("PATH", path_.c_str(), 1);
    ::unsetenv("FAKE_AGENT_SCRIPT");
    AttemptsTest::TearDown();
  }

  void script(std::string_view rules) { write("script.json", rules); }
  Attempt& prepare_agent(graph::CliAgent agent, std::vector<std::string> writes = {"x"}) {
    Attempt& attempt = prepare(std::move(agent), R"({"_state":{"topic":"tides"}})");
    attempt.node.writes = std::move(writes);
    return attempt;
  }
  Attempt& run_agent(graph::CliAgent agent, std::vector<std::string> writes = {"x"}) {
    Attempt& attempt = prepare_agent(std::move(agent), std::move(writes));
    run(attempt);
    return attempt;
  }
  nlohmann::json call() {
    std::ifstream log(directory.path() / "script.json.log");
    std::string line;
    for (std::string next; std::getline(log, next);) line = next;
    return nlohmann::json::parse(line);
  }

 private:
  std::string path_;
};

TEST_F(CliAgentTest, EachCliAnswersItsPromptInTheWorkflowsDirectory) {
  script(R"({"rules":[{"reply":{"text":"It rises."},"usage":{"input":11,"output":3}}]})");
  for (const char* provider : {"claude-code", "codex", "gemini"}) {
    const Attempt& attempt =
        run_agent({.provider = provider, .prompt = "Tell me of {{topic}} and {{gone}}", .model = "m1"});
    EXPECT_EQ(attempt.result().error, "") << provider;
    EXPECT_EQ(attempt.delta("x"), "\"It rises.\"") << provider;
    EXPECT_THAT(call().at("prompt").get<std::string>(), HasSubstr("Tell me of tides and {{gone}}")) << provider;
    EXPECT_THAT(call().at("argv"), ::testing::Contains("m1")) << provider;
    EXPECT_EQ(call().at("cwd"), directory.path().string()) << provider;
    EXPECT_EQ(attempt.result().metrics->get("tokens_out"), Value::of(3)) << provider;
  }
}

TEST_F(CliAgentTest, StartsInItsWorkdirWithItsOwnArguments) {
  std::filesystem::create_directory(directory.path() / "sub");
  run_agent({.provider = "claude-code", .prompt = "hi", .workdir = "sub", .extra_args = {"--max-turns", "3"}});
  EXPECT_EQ(call().at("cwd"), (directory.path() / "sub").string());
  EXPECT_THAT(call().at("argv"), ::testing::Contains("--max-turns"));
}

TEST_F(CliAgentTest, KnowsWhatItCost) {
  script(R"({"rules":[{"reply":{"text":"x"},"usage":{"input":100,"output":20},"usd":0.0125}]})");
  const Attempt& attempt = run_agent({.provider = "claude-code", .prompt = "hi"});
  EXPECT_EQ(attempt.result().metrics->get("cost_usd"), Value::of(0.0125));
  EXPECT_EQ(spend_of(attempt.result().metrics).tokens, 120U);
}

TEST_F(CliAgentTest, AnObjectGoesOverItsFieldsAlsoOutOfAFence) {
  const graph::CliAgent agent{.provider = "claude-code", .prompt = "hi", .output = CaptureAs::json};
  script(R"({"rules":[{"reply":{"text":"Here:\n```json\n{\"x\": [1], \"y\": 2}\n```\n"}}]})");
  const Attempt& fenced = run_agent(agent, {"x", "y"});
  EXPECT_EQ(fenced.result().error, "");
  EXPECT_EQ(fenced.delta("x"), "[1]");
  EXPECT_EQ(fenced.delta("y"), "2");
  script(R"({"rules":[{"reply":{"json":{"result":"mine","x":1}}}]})");
  const Attempt& own = run_agent(agent, {"x", "result"});
  EXPECT_EQ(own.delta("result"), "\"mine\"") << "a member of the answer is not the CLI's envelope";
  EXPECT_EQ(own.delta("x"), "1");
}

TEST_F(CliAgentTest, HoldsTheAnswerAgainstTheSchema) {
  const graph::CliAgent agent{
      .provider = "codex",
      .prompt = "hi",
      .output = CaptureAs::json,
      .schema = Value::parse(R"({"type":"object","properties":{"x":{"type":"number"}},"required":["x"]})").value()};
  script(R"({"rules":[{"reply":{"json":{"x":"seven"}},"usage":{"input":5,"output":1}}]})");
  const AttemptReport& report = run_agent(agent).result();
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_THAT(report.error, StartsWith("codex: the answer does not fit the schema: /x"));
  EXPECT_EQ(report.metrics->get("tokens_in"), Value::of(5)) << "it was paid for";
  script(R"({"rules":[{"reply":{"json":[1]}}]})");
  EXPECT_EQ(run_agent(agent).result().outcome, Outcome::failed);
  script(R"({"rules":[{"reply":{"text":"I would rather not."}}]})");
  EXPECT_EQ(run_agent(agent).result().outcome, Outcome::failed);
  script(R"({"rules":[{"reply":{"json":{"x":7}}}]})");
  EXPECT_EQ(run_agent(agent).delta("x"), "7");
}

TEST_F(CliAgentTest, AnErrorOfTheCliIsTheErrorOfTheAttempt) {
  script(R"({"rules":[{"error":"the tool crashed"}]})");
  const AttemptReport& said = run_agent({.provider = "claude-code", .prompt = "hi"}).result();
  EXPECT_EQ(said.outcome, Outcome::failed);
  EXPECT_THAT(said.error, StartsWith("claude-code: the tool crashed"));
  EXPECT_FALSE(said.is_environment);
  script(R"({"rules":[{"stderr":"first\nno such session\n","exit":3}]})");
  const AttemptReport& ended = run_agent({.provider = "gemini", .prompt = "hi"}).result();
  EXPECT_EQ(ended.error, "gemini: exit status 3: no such session");
  EXPECT_EQ(ended.exit_code, 3);
  script(R"({"rules":[{"error":"Invalid API key. Please run /login"}]})");
  EXPECT_TRUE(run_agent({.provider = "claude-code", .prompt = "hi"}).result().is_environment);
}

TEST_F(CliAgentTest, EndsTheWholeTreeAtItsTimeout) {
  script(R"({"rules":[{"hang":true}]})");
  Attempt& attempt = prepare_agent({.provider = "claude-code", .prompt = "hi"});
  attempt.spec.timeout = std::chrono::milliseconds(700);
  EXPECT_EQ(run(attempt).outcome, Outcome::timed_out);
  EXPECT_THAT(attempt.result().error, HasSubstr("timeout of 700 ms"));
}

TEST_F(CliAgentTest, WritesAtMostOneText) {
  EXPECT_THAT(run_agent({.provider = "claude-code", .prompt = "hi"}, {}).result().state_delta, IsEmpty());
  EXPECT_THAT(run_agent({.provider = "claude-code", .prompt = "hi"}, {"x", "y"}).result().error,
              HasSubstr("'n' writes 2\nhint: say 'output_format: json'"));
}

}  // namespace
}  // namespace oe::exec
