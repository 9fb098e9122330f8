#include <unistd.h>

#include "unit/llm/asking.hpp"
#include "unit/sanitized.hpp"

namespace oe::llm {
namespace {

using std::chrono::milliseconds;

std::size_t resident_mb() {
  std::size_t size = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) >> 20U;
}

/// What a client makes of one ask: which provider, what it cost, what it told.
class ClientTest : public AskingTest {};

TEST_F(ClientTest, AsksEveryApi) {
  environment["GEMINI_API_KEY"] = kKey;
  environment["GOOGLE_GEMINI_BASE_URL"] = server().url();
  for (const char* model : {"anthropic/m", "openai/m", "openai-chat/m", "gemini/m", "ollama/m"}) {
    const Answer said = answer(question("hello", model));
    EXPECT_EQ(said.ending, Ending::answered) << model << ": " << said.error;
    EXPECT_EQ(said.text, "You said: hello") << model;
    EXPECT_EQ(said.error, "");
    EXPECT_EQ(said.http_status, 200);
    EXPECT_EQ(said.calls, 1U);
    EXPECT_GT(said.usage.input, 0U) << model;
    EXPECT_GT(said.usage.output, 0U) << model;
    EXPECT_FALSE(said.usd) << "the price is unknown";
  }
}

TEST_F(ClientTest, TellsWhatItIsDoing) {
  script(R"([{"piece":4,"drip_ms":150}])");
  const Asked& asked = run(question("a text that takes a while"));
  ASSERT_GE(asked.activities.size(), 2U);
  EXPECT_EQ(asked.activities[0], "asking claude-test");
  EXPECT_THAT(asked.activities[1], HasSubstr("bytes"));
  EXPECT_LE(asked.activities.size(), 6U) << "at most two a second";
}

TEST_F(ClientTest, AddsUpWhatItCost) {
  models.all = {{.name = "a",
                 .provider = "anthropic",
                 .model = "m",
                 .price = graph::ModelPrice{.input = 3, .output = 15, .cache_read = 0.3}}};
  script(R"([{"usage":{"input":1000,"cache_read":2000,"cache_write":500,"output":100}}])");
  const Answer said = answer(question("hello", "a"));
  EXPECT_EQ(said.usage, (Usage{.input = 1000, .cache_read = 2000, .cache_write = 500, .output = 100}));
  EXPECT_DOUBLE_EQ(said.usd.value_or(-1), (1000 * 3 + 2000 * 0.3 + 500 * 3 + 100 * 15) / 1e6);
}

TEST_F(ClientTest, ChecksAnAnswerAgainstItsSchema) {
  script(R"([{"reply":{"json":{"verdict":"good"}}}])");
  const Answer said = answer(structured("judge"));
  EXPECT_EQ(said.ending, Ending::answered) << said.error;
  EXPECT_EQ(said.value, Value::parse(R"({"verdict":"good"})").value());
}

TEST_F(ClientTest, RepairsOnceAndQuotesTheFault) {
  models.all = {{.name = "a", .provider = "ollama", .model = "m", .price = graph::ModelPrice{.input = 1, .output = 1}}};
  script(R"([{"when":{"call":1},"reply":{"json":{"verdict":"ugly"}},"usage":{"input":10,"output":5}},
             {"reply":{"json":{"verdict":"bad"}},"usage":{"input":20,"output":5}}])");
  const Asked& asked = run(structured("judge", "a"));
  EXPECT_EQ(asked.answer->ending, Ending::answered) << asked.answer->error;
  EXPECT_EQ(asked.answer->value, Value::parse(R"({"verdict":"bad"})").value());
  EXPECT_EQ(asked.answer->calls, 2U);
  EXPECT_EQ(asked.answer->usage, (Usage{.input = 30, .output = 10}));
  EXPECT_DOUBLE_EQ(asked.answer->usd.value_or(-1), 40 / 1e6);
  EXPECT_THAT(asked.activities, Contains(HasSubstr("asking again")));
  const auto sent = server().log().back();
  EXPECT_THAT(sent["prompt"].get<std::string>(), HasSubstr("ugly"));
  EXPECT_THAT(sent["prompt"].get<std::string>(), HasSubstr("/verdict"));
}

TEST_F(ClientTest, EndsUnfitWhenTheRepairDoesNotHelp) {
  script(R"([{"reply":{"text":"no idea"}}])");
  const Answer said = answer(structured("judge"));
  EXPECT_EQ(said.ending, Ending::unfit);
  EXPECT_EQ(said.calls, 2U);
  EXPECT_EQ(said.text, "no idea");
  EXPECT_THAT(said.error, HasSubstr("also when asked again"));
  Ask once = structured("judge");
  once.repair = 0;
  EXPECT_EQ(answer(once).calls, 1U);
}

TEST_F(ClientTest, RefusedAndTruncatedAreNotRepaired) {
  script(R"([{"when":{"prompt":"kill"},"reply":{"refusal":"I will not"}},{"reply":{"truncated":"{\"verd"}}])");
  const Answer refused = answer(structured("kill"));
  EXPECT_EQ(refused.ending, Ending::refused);
  EXPECT_EQ(refused.calls, 1U);
  const Answer cut = answer(structured("judge"));
  EXPECT_EQ(cut.ending, Ending::truncated);
  EXPECT_EQ(cut.text, "{\"verd");
}

TEST_F(ClientTest, FallsBackWhenNobodyAnswers) {
  models.all = {{.name = "a",
                 .provider = "openai",
                 .model = "m",
                 .base_url = "http://127.0.0.1:9",
                 .retries = 0,
                 .fallback = {"keyless", "b"}},
                {.name = "keyless", .provider = "openai", .model = "m", .key_env = "NOT_SET"},
                {.name = "b", .provider = "anthropic", .model = "claude-b"}};
  const Asked& asked = run(question("hello", "a"));
  EXPECT_EQ(asked.answer->ending, Ending::answered) << asked.answer->error;
  EXPECT_EQ(asked.answer->provider, "anthropic");
  EXPECT_EQ(asked.answer->model, "claude-b");
  EXPECT_EQ(asked.answer->calls, 1U);
  EXPECT_THAT(asked.activities, Contains(HasSubstr("NOT_SET is not set")));
  EXPECT_THAT(asked.activities, Contains(HasSubstr("asking claude-b in its place")));
}

TEST_F(ClientTest, AFallbackIsNotForAnswersThatDoNotPlease) {
  models.all = {{.name = "a", .provider = "anthropic", .model = "m", .fallback = {"b"}},
                {.name = "b", .provider = "ollama", .model = "m"}};
  script(R"([{"when":{"api":"anthropic"},"reply":{"refusal":"no"}}])");
  EXPECT_EQ(answer(question("hello", "a")).ending, Ending::refused);
}

TEST_F(ClientTest, WhenAllFailEveryReasonIsSaid) {
  models.all = {{.name = "a", .provider = "anthropic", .model = "m", .fallback = {"b"}},
                {.name = "b", .provider = "openai", .model = "m", .key_env = "NOT_SET"}};
  script(R"([{"fault":{"status":401,"message":"invalid x-api-key"}}])");
  const Answer said = answer(question("hello", "a"));
  EXPECT_EQ(said.ending, Ending::misconfigured);
  EXPECT_THAT(said.error, HasSubstr("anthropic answered 401"));
  EXPECT_THAT(said.error, HasSubstr("NOT_SET is not set"));
  EXPECT_TRUE(is_environment(said));
}

TEST_F(ClientTest, NothingIsSentWhenTheConfigurationIsWrong) {
  server().set_script(nlohmann::json::object());
  const auto before = server().log().size();
  environment.erase("ANTHROPIC_API_KEY");
  environment.erase("ANTHROPIC_BASE_URL");  // a local one needs no key
  models.all = {{.name = "smart", .provider = "ollama", .model = "m", .context = 100}};
  const Answer no_key = answer({.model = "claude-x", .turns = {{.text = "hi"}}});
  const Answer slip = answer({.model = "smrat"});
  const Answer long_prompt = answer(question(std::string(1000, 'x'), "smart"));
  Ask odd = question("hi", "smart");
  odd.schema = Value::parse(R"({"type":"object","properties":{"a":{"$ref":"#/nowhere"}}})").value();
  const Answer bad_schema = answer(odd);
  for (const Answer& said : {no_key, slip, long_prompt, bad_schema}) {
    EXPECT_EQ(said.ending, Ending::misconfigured) << said.error;
    EXPECT_EQ(said.calls, 0U);
    EXPECT_TRUE(is_environment(said));
    EXPECT_THAT(said.error, Not(HasSubstr("\n")));
  }
  EXPECT_THAT(no_key.error, HasSubstr("export ANTHROPIC_API_KEY="));
  EXPECT_THAT(slip.error, HasSubstr("did you mean 'smart'?"));
  EXPECT_THAT(long_prompt.error, HasSubstr("about 250 tokens (an estimate: 4 bytes each) and 4,096"));
  EXPECT_EQ(server().log().size(), before);
}

TEST_F(ClientTest, BoundsAreTheWorstOfTheChain) {
  const graph::ModelPrice cheap{.input = 1, .output = 1};
  const graph::ModelPrice dear{.input = 10, .output = 100};
  models.all = {{.name = "a", .provider = "ollama", .model = "m", .max_tokens = 100, .price = cheap, .fallback = {"b"}},
                {.name = "b", .provider = "ollama", .model = "m", .max_tokens = 200, .price = dear},
                {.name = "c", .provider = "codex", .price = cheap},
                {.name = "d", .provider = "ollama", .model = "m"}};
  const Ask ask = question(std::string(1000, 'x'), "a");
  const Bound bound = client().bound(ask).value();
  EXPECT_GE(bound.tokens, 1200U);
  EXPECT_LE(bound.tokens, 1300U);
  EXPECT_GE(bound.usd.value_or(0), (1000 * 10 + 200 * 100) / 1e6);
  Ask with_schema = structured("x", "b");
  with_schema.repair = 0;
  const Bound once = client().bound(with_schema).value();
  with_schema.repair = 1;
  EXPECT_GT(client().bound(with_schema).value().tokens, *once.tokens * 2) << "the answer and its faults are sent, too";
  EXPECT_FALSE(client().bound(question("x", "c")).value().tokens) << "an agent asks as often as it likes";
  EXPECT_FALSE(client().bound(question("x", "d")).value().usd);
  EXPECT_THAT(client().bound(question("x", "aa")).error().to_string(), HasSubstr("did you mean"));
  environment.clear();
  new_client();
  EXPECT_THAT(client().bound(question("x")).error().to_string(), HasSubstr("ANTHROPIC_API_KEY"));
}

TEST_F(ClientTest, CancelClosesTheSocketAtOnceAndKeepsWhatCame) {
  script(R"([{"piece":1,"drip_ms":20,"usage":{"input":7}}])");
  Asked& asked = start(question("a long story"));
  loop.after(milliseconds(300), [&] {
    client().cancel(asked.number);
    client().cancel(asked.number);
    client().cancel(12345);
  });
  const auto begun = std::chrono::steady_clock::now();
  finish();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(5000)) << "the story has no end";
  EXPECT_EQ(asked.answer->ending, Ending::cancelled);
  EXPECT_THAT(asked.answer->text, StartsWith("You"));
  EXPECT_EQ(asked.answer->usage.input, 7U);
  bool is_gone = false;
  for (int looks = 0; looks < 40 && !is_gone; ++looks) {
    is_gone = server().log().back()["end"] == "gone";
    loop.after(milliseconds(25), [&] { loop.stop(); });
    loop.run();
  }
  EXPECT_TRUE(is_gone) << "the server still has the connection";
}

TEST_F(ClientTest, CancelledBeforeItBeganItSendsNothing) {
  const auto before = server().log().size();
  Asked& asked = start(question("hello"));
  client().cancel(asked.number);
  finish();
  EXPECT_EQ(asked.answer->ending, Ending::cancelled);
  EXPECT_EQ(server().log().size(), before);
}

TEST_F(ClientTest, TheTimeoutOfAnAskBoundsEverything) {
  script(R"([{"hang":"head"}])");
  Ask ask = question("hello");
  ask.timeout = milliseconds(200);
  const Answer said = answer(ask);
  EXPECT_EQ(said.ending, Ending::timed_out);
  EXPECT_THAT(said.error, HasSubstr("0.2 s"));
  script(R"([{"fault":{"status":529,"headers":{"retry-after":"30"}}}])");
  EXPECT_EQ(answer(ask).ending, Ending::timed_out) << "also while it waits";
}

TEST_F(ClientTest, AClientMayDieWithCallsOnTheirWay) {
  script(R"([{"hang":"head"}])");
  client().ask(question("hello"), "n#1", {}, [](const Answer&) { FAIL() << "nobody is there any more"; });
  loop.after(milliseconds(100), [this] { new_client(); });
  loop.after(milliseconds(200), [this] { loop.stop(); });
  loop.run();
}

TEST_F(ClientTest, AThousandAtOnceTakeHardlyLongerThanOne) {
  environment["OLLAMA_HOST"] = server().url();
  script(R"([{"delay_ms":100}])");
  answer(question("warm up", "ollama/m"));
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i)
    start(question("hello " + std::to_string(i), "ollama/m"), "n/" + std::to_string(i) + "#1");
  finish();
  const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
  for (const Asked& asked : all) ASSERT_EQ(asked.answer->ending, Ending::answered) << asked.answer->error;
  RecordProperty("milliseconds", static_cast<int>(took.count()));
  EXPECT_LT(took, milliseconds(15'000)) << "1.5 s on a quiet machine with an optimized build";
  if (!kIsSanitized) {
    EXPECT_LT(resident_mb(), 200U) << "less than 100 with an optimized build";
  }
}

}  // namespace
}  // namespace oe::llm
