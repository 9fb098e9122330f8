#include <nlohmann/json.hpp>

#include "attempts.hpp"
#include "model_agents.hpp"

namespace oe::exec {
namespace {

using ledger::Outcome;
using llm::Ending;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AgentTest : public AttemptsTest {
 protected:
  void SetUp() override {
    models = std::make_shared<ScriptedModels>(loop);
    models->answer = {.text = "fine", .usage = {.input = 7, .output = 2}, .provider = "p", .model = "m", .calls = 1};
    executor = make_agent_executor({.loop = loop, .processes = processes, .models = models});
    write("p.md", "Say {{word}} to {{$item.name}}, {{gone}}: {{$run.inputs.n}}\n");
    write("skills/SKILL.md", "---\nname: greeter\ndescription: Greets\n---\n\n# Greet\nBe kind.\n");
  }

  Attempt& prepare_agent(graph::Asking ask = {}, std::vector<std::string> writes = {"x"}) {
    Attempt& attempt = prepare(graph::Agent{.prompt = "p.md", .ask = std::move(ask)}, kInput);
    attempt.node.writes = std::move(writes);
    return attempt;
  }
  Attempt& prepare_skill(graph::Asking ask = {}) {
    Attempt& attempt = prepare(graph::Skill{.impl = "skills/SKILL.md", .ask = std::move(ask)}, kInput);
    attempt.node.writes = {"x"};
    return attempt;
  }
  const AttemptReport& answered(llm::Answer answer) {
    models->answer = std::move(answer);
    return run(prepare_agent());
  }

  static constexpr const char* kInput =
      R"({"$item":{"name":"Ann"},"$run":{"inputs":{"n":3}},"_state":{"word":"hi"},"_edge_inputs":{"a":[1]}})";
  std::shared_ptr<ScriptedModels> models;
};

TEST_F(AgentTest, AsksItsPromptWithTheValuesThatThereAre) {
  Attempt& attempt =
      prepare_agent({.model = "quick", .provider = "ollama", .temperature = 0.5, .max_tokens = 90, .repair = 0});
  attempt.spec.timeout = std::chrono::milliseconds(700);
  run(attempt);
  EXPECT_THAT(models->asked, ElementsAre(llm::Ask{.model = "quick",
                                                  .provider = "ollama",
                                                  .turns = {{llm::Turn::Role::user, "Say hi to Ann, {{gone}}: 3\n"}},
                                                  .temperature = 0.5,
                                                  .max_tokens = 90,
                                                  .timeout = std::chrono::milliseconds(700),
                                                  .repair = 0}));
  EXPECT_EQ(attempt.result().outcome, Outcome::succeeded);
  EXPECT_EQ(attempt.delta("x"), "\"fine\"");
  EXPECT_THAT(attempt.activities, ElementsAre("asking it"));
  EXPECT_EQ(attempt.result().metrics->get("tokens_in"), Value::of(7));
  EXPECT_EQ(spend_of(attempt.result().metrics).tokens, 9U);
}

TEST_F(AgentTest, NamesItsPlaceInTheRun) {
  Attempt& plain = prepare_agent();
  run(plain);
  Attempt& inner = prepare_agent();
  inner.spec.scope = {3, 0};
  inner.spec.index = 7;
  inner.spec.attempt = 2;
  run(inner);
  EXPECT_THAT(models->places, ElementsAre("n#1", "n/3/0/7#2"));
}

TEST_F(AgentTest, AnObjectGoesOverTheFieldsThatItNames) {
  const Value schema = Value::parse(R"({"type":"object"})").value();
  models->answer.value = Value::parse(R"({"x":1,"y":[2]})").value();
  Attempt& attempt = prepare_agent({.schema = schema}, {});
  run(attempt);
  EXPECT_EQ(models->asked.front().schema, schema);
  EXPECT_EQ(attempt.delta("x"), "1");
  EXPECT_EQ(attempt.delta("y"), "[2]");
  models->answer.value = Value::parse("[1]").value();
  Attempt& list = prepare_agent({.schema = schema}, {"x"});
  EXPECT_THAT(run(list).error, HasSubstr("the answer is of type array, and only an object can go over fields"));
  EXPECT_EQ(list.result().outcome, Outcome::failed);
}

TEST_F(AgentTest, ATextNeedsOneFieldBeforeAnythingIsAsked) {
  const AttemptReport& report = run(prepare_agent({}, {"x", "y"}));
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_THAT(report.error, HasSubstr("exactly one field, and 'n' writes 2"));
  EXPECT_THAT(models->asked, IsEmpty());
}

TEST_F(AgentTest, EveryOtherEndIsAFailureWithItsReason) {
  for (const Ending ending :
       {Ending::refused, Ending::truncated, Ending::unfit, Ending::garbled, Ending::unavailable}) {
    const AttemptReport& report = answered(
        {.ending = ending, .text = "so far", .error = "why", .usage = {.input = 4}, .http_status = 529, .calls = 1});
    EXPECT_EQ(report.outcome, Outcome::failed) << llm::to_string(ending);
    EXPECT_EQ(report.error, "why");
    EXPECT_EQ(report.output, "so far");
    EXPECT_EQ(report.http_status, 529);
    EXPECT_EQ(report.metrics->get("tokens_in"), Value::of(4)) << "what failed costs as well";
    EXPECT_THAT(report.state_delta, IsEmpty());
    EXPECT_FALSE(report.is_environment);
  }
  const AttemptReport& late = answered({.ending = Ending::timed_out, .error = "took longer"});
  EXPECT_EQ(late.outcome, Outcome::timed_out);
  EXPECT_EQ(late.error, "took longer");
}

TEST_F(AgentTest, AWrongConfigurationIsNoFaultOfTheNode) {
  for (const Ending ending : {Ending::misconfigured, Ending::denied, Ending::not_recorded}) {
    const AttemptReport& report = answered({.ending = ending, .error = "set ANTHROPIC_API_KEY"});
    EXPECT_EQ(report.outcome, Outcome::failed);
    EXPECT_TRUE(report.is_environment) << llm::to_string(ending);
    EXPECT_FALSE(report.metrics);
  }
}

TEST_F(AgentTest, CancelEndsTheCall) {
  models->hangs = true;
  Attempt& attempt = prepare_agent();
  start(attempt);
  loop.post([&] { executor->cancel(attempt.handle); });
  executor->cancel(99);
  finish();
  EXPECT_EQ(attempt.result().outcome, Outcome::cancelled);
  EXPECT_THAT(models->cancelled, ElementsAre(1U));
}

TEST_F(AgentTest, CancelsItsCallsWhenItIsDestroyed) {
  models->hangs = true;
  start(prepare_agent());
  executor.reset();
  EXPECT_THAT(models->cancelled, ElementsAre(1U));
  loop.post([this] { loop.stop(); });
  loop.run();
  EXPECT_FALSE(attempts.front().report);
}

TEST_F(AgentTest, NamesAPromptThatIsNotThereAndAsksNobody) {
  Attempt& attempt = prepare(graph::Agent{.prompt = "no.md"});
  attempt.node.writes = {"x"};
  EXPECT_THAT(run(attempt).error, HasSubstr("no.md"));
  EXPECT_EQ(attempt.result().outcome, Outcome::failed);
  executor = make_agent_executor({loop, processes});
  EXPECT_THAT(run(prepare_agent()).error, HasSubstr("none can be asked here"));
  EXPECT_THAT(models->asked, IsEmpty());
}

TEST_F(AgentTest, SaysWhatAnAttemptMayCost) {
  Attempt& attempt = prepare_agent();
  attempt.spec.work = &attempt.node;
  EXPECT_EQ(executor->at_most(attempt.spec).tokens, 5000U);
  EXPECT_EQ(executor->at_most(attempt.spec).usd, 0.25);
  Attempt& unknown = prepare_agent({.model = "unknown"});
  unknown.spec.work = &unknown.node;
  EXPECT_FALSE(executor->at_most(unknown.spec).tokens);
}

TEST_F(AgentTest, ASkillIsTheSystemTextAndItsInputsTheQuestion) {
  Attempt& attempt = prepare_skill({.model = "deep"});
  run(attempt);
  ASSERT_EQ(models->asked.size(), 1U);
  const llm::Ask& ask = models->asked.front();
  EXPECT_EQ(ask.model, "deep");
  EXPECT_EQ(ask.system, "# Greet\nBe kind.");
  EXPECT_EQ(ask.turns.front().text, R"({
  "args": {
    "$item": {
      "name": "Ann"
    },
    "$run": {
      "inputs": {
        "n": 3
      }
    }
  },
  "edge_inputs": {
    "a": [
      1
    ]
  },
  "state_view": {
    "word": "hi"
  }
})");
  EXPECT_EQ(attempt.delta("x"), "\"fine\"");
  EXPECT_THAT(attempt.activities, ElementsAre("skill greeter", "asking it"));
}

TEST_F(AgentTest, ASkillMayHaveASchema) {
  models->answer.value = Value::parse(R"({"x":{"a":1}})").value();
  Attempt& attempt = prepare_skill({.schema = Value::object()});
  run(attempt);
  EXPECT_EQ(attempt.delta("x"), R"({"a":1})");
}

TEST_F(AgentTest, FrontMatterIsLocated) {
  const auto error = [&](std::string_view text) {
    write("skills/SKILL.md", text);
    return run(prepare_skill()).error;
  };
  EXPECT_THAT(error("---\nname: x\n"), HasSubstr("skills/SKILL.md:1:1: the front matter does not end"));
  EXPECT_THAT(error("---\nname: [\n---\n"), HasSubstr("skills/SKILL.md:"));
  EXPECT_THAT(error("---\n- a\n---\n"), HasSubstr("the front matter is no mapping"));
  EXPECT_EQ(error("---\n---\nOnly this."), "");
  EXPECT_EQ(models->asked.back().system, "Only this.");
  EXPECT_EQ(error("No front matter\n---\n"), "");
  EXPECT_EQ(models->asked.back().system, "No front matter\n---\n");
}

}  // namespace
}  // namespace oe::exec
