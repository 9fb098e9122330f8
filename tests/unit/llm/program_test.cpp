#include <cstdlib>

#include "oe/llm/agent_cli.hpp"

#include "unit/llm/asking.hpp"

namespace oe::llm {
namespace {

/// Programs that answer: of the user's own, and coding agents.
class ProgramTest : public AskingTest {
 protected:
  ProgramTest() {
    const char* path = std::getenv("PATH");
    before_ = path == nullptr ? "" : path;
    ::setenv("PATH", (std::string(OE_SOURCE_DIR) + "/tests/fakes/bin:" + before_).c_str(), 1);
    ::setenv("FAKE_AGENT_SCRIPT", (scratch.path() / "agent.json").c_str(), 1);
  }
  ~ProgramTest() override {
    ::setenv("PATH", before_.c_str(), 1);
    ::unsetenv("FAKE_AGENT_SCRIPT");
  }

  void agent(std::string_view rules) const { scratch.write("agent.json", "{\"rules\":" + std::string(rules) + "}"); }
  nlohmann::json agent_call() const {
    const std::string log = scratch.read("agent.json.log");
    return nlohmann::json::parse(log.substr(0, log.find('\n')));
  }
  Answer ask_program(const std::string& script, const Ask& ask) {
    scratch.write("ask.sh", "#!/bin/sh\n" + script, true);
    models.all = {{.name = "mine", .provider = "command", .model = "m", .command = {"./ask.sh"}, .retries = 0}};
    new_client();
    return *run(ask).answer;
  }

 private:
  std::string before_;
};

TEST_F(ProgramTest, ACommandGetsTheCanonicalRequestAndAnswersInJson) {
  Ask ask = structured("judge", "mine");
  ask.system = "be strict";
  const Answer said = ask_program(R"(cat > request.json
echo '{"value":{"verdict":"bad"},"usage":{"input":10,"output":2},"usd":0.25,"model":"mine-2"}')",
                                  ask);
  EXPECT_EQ(said.ending, Ending::answered) << said.error;
  EXPECT_EQ(said.value, Value::parse(R"({"verdict":"bad"})").value());
  EXPECT_EQ(said.usage, (Usage{.input = 10, .output = 2}));
  EXPECT_EQ(said.usd, 0.25);
  EXPECT_EQ(said.provider, "command");
  EXPECT_EQ(said.model, "mine-2");
  const auto request = nlohmann::json::parse(scratch.read("request.json"));
  EXPECT_EQ(request["system"], "be strict");
  EXPECT_EQ(request["turns"][0]["text"], "judge");
  EXPECT_EQ(request["schema"]["type"], "object");
  EXPECT_EQ(request["model"], "m");
}

TEST_F(ProgramTest, WhatACommandWritesToStandardErrorIsProgress) {
  scratch.write("ask.sh", "#!/bin/sh\nsleep 0.6; echo thinking >&2; echo '{\"text\":\"yes\"}'", true);
  models.all = {{.name = "mine", .provider = "command", .command = {"./ask.sh"}}};
  const Asked& asked = run(question("hello", "mine"));
  EXPECT_EQ(asked.answer->text, "yes");
  EXPECT_THAT(asked.activities, ElementsAre("asking command", "thinking"));
}

TEST_F(ProgramTest, ACommandThatFailsIsUnavailableAndSaysWhy) {
  const Answer bad = ask_program("echo first >&2; echo 'no such model' >&2; exit 3", question("hello", "mine"));
  EXPECT_EQ(bad.ending, Ending::unavailable);
  EXPECT_EQ(bad.error, "command: exit code 3: no such model");
  const Answer error = ask_program(R"(echo '{"error":"out of luck"}')", question("hello", "mine"));
  EXPECT_EQ(error.ending, Ending::unavailable);
  EXPECT_EQ(error.error, "command: out of luck");
  const Answer prose = ask_program("echo hello", question("hello", "mine"));
  EXPECT_EQ(prose.ending, Ending::garbled);
  EXPECT_THAT(prose.error, HasSubstr("no JSON object: 'hello'"));
  EXPECT_EQ(ask_program("echo '{}'", question("hello", "mine")).ending, Ending::garbled);
}

TEST_F(ProgramTest, AMissingProgramIsNamedAndAFallbackTakesOver) {
  models.all = {{.name = "mine", .provider = "command", .command = {"./nowhere"}, .fallback = {"b"}},
                {.name = "b", .provider = "anthropic", .model = "claude-b"}};
  const Asked& asked = run(question("hello", "mine"));
  EXPECT_EQ(asked.answer->text, "You said: hello");
  EXPECT_THAT(asked.activities, Contains(HasSubstr("nowhere")));
}

TEST_F(ProgramTest, CancelEndsTheProgramAndItsChildren) {
  scratch.write("ask.sh", "#!/bin/sh\nsleep 30 & echo $! > pid; wait", true);
  models.all = {{.name = "mine", .provider = "command", .command = {"./ask.sh"}}};
  const Asked& asked = start(question("hello", "mine"));
  loop.after(std::chrono::milliseconds(400), [&] { client().cancel(asked.number); });
  finish();
  EXPECT_EQ(asked.answer->ending, Ending::cancelled);
  const std::string pid = std::to_string(std::stol(scratch.read("pid")));
  loop.after(std::chrono::milliseconds(300), [this] { loop.stop(); });
  loop.run();
  std::ifstream stat("/proc/" + pid + "/stat");
  std::string number, name, state;
  stat >> number >> name >> state;
  EXPECT_TRUE(!stat || state == "Z") << "it still runs";
}

TEST_F(ProgramTest, ATimeoutEndsIt) {
  scratch.write("ask.sh", "#!/bin/sh\nsleep 30", true);
  models.all = {
      {.name = "mine", .provider = "command", .command = {"./ask.sh"}, .timeout = std::chrono::milliseconds(200)}};
  const Answer said = answer(question("hello", "mine"));
  EXPECT_EQ(said.ending, Ending::unavailable);
  EXPECT_THAT(said.error, HasSubstr("no answer within 0.2 s"));
}

TEST_F(ProgramTest, CodingAgentsAnswerAndSayWhatItCost) {
  agent(R"([{"reply":{"text":"done"},"usd":0.125,"usage":{"input":10,"cache_read":5,"output":7,"reasoning":3}}])");
  for (const char* provider : {"claude-code", "codex", "gemini-cli"}) {
    const Answer said = answer({.model = "m", .provider = provider, .system = "rules", .turns = {{.text = "work"}}});
    EXPECT_EQ(said.ending, Ending::answered) << provider << ": " << said.error;
    EXPECT_EQ(said.text, "done") << provider;
    EXPECT_EQ(said.usage.input, 10U) << provider;
    EXPECT_EQ(said.usage.cache_read, 5U) << provider;
    EXPECT_EQ(said.usage.output, 7U) << provider;
    EXPECT_EQ(said.provider, provider);
    EXPECT_EQ(said.usd, provider == std::string("claude-code") ? std::optional(0.125) : std::nullopt) << provider;
  }
}

TEST_F(ProgramTest, ThePromptOfAnAgentGoesThroughItsStandardInput) {
  agent("[]");
  const Answer said = answer({.provider = "claude-code", .system = "rules", .turns = {{.text = "work"}}});
  EXPECT_EQ(said.text, "You said: rules\n\nwork");
  EXPECT_EQ(agent_call()["argv"], (nlohmann::json{"-p", "--output-format", "json"}));
  EXPECT_EQ(agent_call()["stdin"], "rules\n\nwork");
}

TEST_F(ProgramTest, AnAgentIsHeldAgainstTheSchemaAndAskedAgain) {
  agent(R"([{"when":{"call":1},"reply":{"text":"well"}},{"reply":{"text":"```json\n{\"verdict\":\"good\"}\n```"}}])");
  Ask ask = structured("judge", "");
  ask.provider = "codex";
  const Answer said = answer(ask);
  EXPECT_EQ(said.ending, Ending::answered) << said.error;
  EXPECT_EQ(said.value, Value::parse(R"({"verdict":"good"})").value());
  EXPECT_EQ(said.calls, 2U);
  EXPECT_THAT(agent_call()["stdin"].get<std::string>(), HasSubstr("JSON Schema"));
}

TEST_F(ProgramTest, AnAgentThatFailsSaysWhy) {
  agent(R"([{"error":"Invalid API key: please run /login"}])");
  for (const char* provider : {"claude-code", "codex", "gemini-cli"}) {
    const Answer said = answer({.provider = provider, .turns = {{.text = "work"}}});
    EXPECT_EQ(said.ending, Ending::denied) << provider;
    EXPECT_THAT(said.error, HasSubstr("please run /login")) << provider;
  }
  agent(R"([{"exit":7,"stderr":"cannot write here\n"}])");
  const Answer crashed = answer({.provider = "codex", .turns = {{.text = "work"}}});
  EXPECT_EQ(crashed.ending, Ending::unavailable);
  EXPECT_EQ(crashed.error, "codex: exit code 7: cannot write here");
}

TEST(CliProcess, HasTheArgumentsInTheirOrder) {
  const auto argv = [](const char* provider) {
    return cli_process({.provider = provider, .prompt = "p", .model = "m", .extra_args = {"--x", "1"}}).value().argv;
  };
  using Words = std::vector<std::string>;
  EXPECT_EQ(argv("claude-code"), (Words{"claude", "-p", "--output-format", "json", "--model", "m", "--x", "1"}));
  EXPECT_EQ(argv("codex"),
            (Words{"codex", "exec", "--skip-git-repo-check", "--json", "--model", "m", "--x", "1", "-"}));
  EXPECT_EQ(argv("gemini"), (Words{"gemini", "--output-format", "json", "--model", "m", "--x", "1"}));
  EXPECT_EQ(cli_process({.provider = "codex", .prompt = "p"}).value().input, "p");
}

TEST(CliProcess, NeverApprovesEverythingByItself) {
  for (const char* provider : {"claude-code", "codex", "gemini"}) {
    const sys::ProcessSpec process = cli_process({.provider = provider}).value();
    for (const std::string& word : process.argv)
      for (const char* flag : {"yolo", "dangerously", "full-auto", "bypass"}) EXPECT_THAT(word, Not(HasSubstr(flag)));
  }
}

TEST(CliProcess, NamesWhatWasMeant) {
  const auto process = cli_process({.provider = "cluade-code"});
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().kind(), ErrorKind::usage);
  EXPECT_THAT(process.error().to_string(), HasSubstr("did you mean 'claude-code'?"));
}

TEST(CliOutput, WhatIsNoEnvelopeIsTheAnswer) {
  for (const char* provider : {"claude-code", "codex", "gemini"})
    for (const char* out : {"plain text\n", R"({"result":"mine"})", "[1,2]", "", "{"}) {
      const Answer answer = read_cli_output({.provider = provider, .model = "m"}, out);
      EXPECT_EQ(answer.text, out) << provider;
      EXPECT_EQ(answer.ending, Ending::answered);
      EXPECT_EQ(answer.model, "m");
      EXPECT_FALSE(answer.usd);
    }
}

TEST(CliOutput, OfAStreamOfClaudeTheLastLineCounts) {
  const Answer answer = read_cli_output({.provider = "claude-code"}, R"({"type":"system"}
{"type":"result","subtype":"success","is_error":false,"result":"done","total_cost_usd":0.5,"modelUsage":{"claude-x":{}},"usage":{"input_tokens":3,"cache_creation_input_tokens":4}}
)");
  EXPECT_EQ(answer.text, "done");
  EXPECT_EQ(answer.usd, 0.5);
  EXPECT_EQ(answer.model, "claude-x");
  EXPECT_EQ(answer.usage, (Usage{.input = 3, .cache_write = 4}));
}

TEST(CliOutput, TurnsThatWereUsedUpTruncate) {
  const Answer answer =
      read_cli_output({.provider = "claude-code"}, R"({"type":"result","subtype":"error_max_turns","is_error":true})");
  EXPECT_EQ(answer.ending, Ending::truncated);
}

}  // namespace
}  // namespace oe::llm
