#include "oe/http/retry.hpp"

#include "unit/llm/asking.hpp"

namespace oe::llm {
namespace {

using std::chrono::milliseconds;

/// Servers that are overloaded, broken or not there.
class FaultTest : public AskingTest {
 protected:
  std::chrono::milliseconds took(const Ask& ask) {
    const auto begun = std::chrono::steady_clock::now();
    run(ask);
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
  }
  const Answer& last() const { return *all.back().answer; }
  /// Requests since the script was set.
  std::size_t sent() const { return server().log().size() - before_; }
  void rules(std::string_view text) {
    script(text);
    before_ = server().log().size();
  }

 private:
  std::size_t before_ = 0;
};

TEST_F(FaultTest, AStormOf429IsWaitedOutAsTheServerAsks) {
  rules(R"([{"times":2,"fault":{"status":429,"headers":{"retry-after-ms":"120"}}}])");
  EXPECT_GE(took(question("hello")), milliseconds(240));
  EXPECT_EQ(last().ending, Ending::answered) << last().error;
  EXPECT_EQ(last().calls, 1U) << "tries are not calls";
  EXPECT_EQ(sent(), 3U);
  EXPECT_THAT(all.back().activities, Contains(HasSubstr("trying again in 0.1 s: anthropic answered 429")));
}

TEST_F(FaultTest, AnOverloadIsTriedAgainAfterTheBackoff) {
  rules(R"([{"times":1,"fault":{"status":529}}])");
  EXPECT_GE(took(question("hello")), http::backoff(1, 1.0));
  EXPECT_EQ(last().ending, Ending::answered) << last().error;
}

TEST_F(FaultTest, AfterTwoRetriesItIsUnavailableAndNotTheMachinesFault) {
  rules(R"([{"fault":{"status":503,"headers":{"retry-after-ms":"1"}}}])");
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::unavailable);
  EXPECT_EQ(last().http_status, 503);
  EXPECT_EQ(sent(), 3U);
  EXPECT_THAT(last().error, HasSubstr("(tried 3 times)"));
  EXPECT_FALSE(is_environment(last()));
}

TEST_F(FaultTest, TheNumberOfRetriesIsThatOfTheModel) {
  models.all = {{.name = "a", .provider = "anthropic", .model = "m", .retries = 0}};
  rules(R"([{"fault":{"status":503}}])");
  run(question("hello", "a"));
  EXPECT_EQ(sent(), 1U);
}

TEST_F(FaultTest, TheServersWordOnRetryingWins) {
  rules(R"([{"fault":{"status":503,"headers":{"x-should-retry":"false"}}}])");
  run(question("hello"));
  EXPECT_EQ(sent(), 1U);
  rules(R"([{"times":1,"fault":{"status":400,"headers":{"x-should-retry":"true","retry-after-ms":"1"}}}])");
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::answered);
}

TEST_F(FaultTest, ASpentQuotaIsDeniedAndNeverTriedAgain) {
  rules(R"([{"fault":{"status":429,"code":"insufficient_quota","message":"You exceeded your current quota"}}])");
  run(question("hello", "openai-chat/m"));
  EXPECT_EQ(last().ending, Ending::denied) << last().error;
  EXPECT_EQ(sent(), 1U);
  EXPECT_THAT(last().error, HasSubstr("quota"));
}

TEST_F(FaultTest, AWaitOfMinutesIsGivenUpOnAndNamed) {
  rules(R"([{"fault":{"status":429,"headers":{"retry-after":"200"}}}])");
  EXPECT_LT(took(question("hello")), milliseconds(2000));
  EXPECT_EQ(last().ending, Ending::unavailable);
  EXPECT_THAT(last().error, HasSubstr("asks to wait 3 m 20 s"));
}

TEST_F(FaultTest, After429TheWholeKeyWaits) {
  rules(R"([{"times":1,"fault":{"status":429,"headers":{"retry-after-ms":"300"}}}])");
  const auto begun = std::chrono::steady_clock::now();
  start(question("first"));
  loop.after(milliseconds(100), [this] { start(question("second"), "n#2"); });
  finish();
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(300));
  EXPECT_THAT(all.back().activities, Contains(HasSubstr("for the rate limit of anthropic")));
  EXPECT_EQ(sent(), 3U);
}

TEST_F(FaultTest, ALimitThatIsUsedUpIsWaitedFor) {
  rules(R"([{"times":1,"headers":{"x-ratelimit-limit-requests":"10","x-ratelimit-remaining-requests":"0",
                                  "x-ratelimit-reset-requests":"1200ms"}}])");
  run(question("first", "openai-chat/m"));
  EXPECT_GE(took(question("second", "openai-chat/m")), milliseconds(900));
  EXPECT_LT(took(question("third", "openai-chat/m")), milliseconds(900)) << "and only once";
}

TEST_F(FaultTest, ConcurrencyIsKept) {
  models.all = {{.name = "a", .provider = "anthropic", .model = "m", .concurrency = 3}};
  rules(R"([{"delay_ms":30}])");
  const int most_before = server().state()["most_in_flight"];
  for (int i = 0; i < 12; ++i) start(question("hello", "a"), "n/" + std::to_string(i) + "#1");
  finish();
  for (const Asked& asked : all) EXPECT_EQ(asked.answer->ending, Ending::answered);
  EXPECT_LE(server().state()["most_in_flight"], std::max(most_before, 4)) << "3 and the one that asks for the state";
}

TEST_F(FaultTest, NobodyListens) {
  environment["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:9";
  models.all = {{.name = "a", .provider = "anthropic", .model = "m", .retries = 0}};
  run(question("hello", "a"));
  EXPECT_EQ(last().ending, Ending::unavailable);
  EXPECT_TRUE(is_environment(last()));
  EXPECT_THAT(last().error, HasSubstr("127.0.0.1"));
  EXPECT_THAT(last().error, HasSubstr("is the server running?"));
  EXPECT_THAT(last().error, HasSubstr("ANTHROPIC_BASE_URL"));
}

TEST_F(FaultTest, NoAddressAtAll) {
  environment["ANTHROPIC_BASE_URL"] = "ftp://localhost";
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::misconfigured) << last().error;
}

TEST_F(FaultTest, AWrongPathIsRejectedAndSaysWhatToCheck) {
  environment["ANTHROPIC_BASE_URL"] = server().url("/nowhere");
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::rejected);
  EXPECT_EQ(last().http_status, 404);
  EXPECT_THAT(last().error, HasSubstr("check base_url"));
}

TEST_F(FaultTest, AWrongKeyIsDenied) {
  server().set_script({{"key", "another"}});
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::denied);
  EXPECT_THAT(last().error, HasSubstr("check the key in ANTHROPIC_API_KEY"));
  EXPECT_TRUE(is_environment(last()));
}

TEST_F(FaultTest, BrokenBeforeAnyTextItIsTriedAgain) {
  rules(R"([{"times":1,"cut_after":0}])");
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::answered) << last().error;
  EXPECT_EQ(sent(), 2U);
}

TEST_F(FaultTest, BrokenAfterTextItIsGarbledAndNotTriedAgain) {
  for (const char* api : {"claude-x", "openai/m", "openai-chat/m", "ollama/m"}) {
    rules(R"([{"reply":{"text":"a rather long text, so that some of it comes through"},"piece":1,"cut_after":3000}])");
    run(question("hello", api));
    EXPECT_THAT(last().text, StartsWith("a ra")) << api;
    EXPECT_EQ(last().ending, Ending::garbled) << api << ": " << last().error;
    EXPECT_EQ(sent(), 1U) << api;
  }
}

TEST_F(FaultTest, AStreamThatEndsInOrderWithoutItsLastEventIsGarbled) {
  rules(R"([{"no_end":true}])");
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::garbled);
  EXPECT_EQ(last().text, "You said: hello");
  EXPECT_FALSE(last().usd);
}

TEST_F(FaultTest, AnErrorInTheMiddleOfAStreamIsAnEndingOfItsOwn) {
  rules(R"([{"error_after":4,"fault":{"type":"overloaded_error","message":"Overloaded"}}])");
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::garbled) << last().error;
  EXPECT_THAT(last().error, HasSubstr("Overloaded"));
  EXPECT_EQ(sent(), 1U);
}

TEST_F(FaultTest, AnErrorBeforeAnyTextIsTriedAgain) {
  rules(R"([{"times":1,"error_after":1,"fault":{"type":"overloaded_error","message":"Overloaded"}}])");
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::answered) << last().error;
  EXPECT_EQ(sent(), 2U);
}

TEST_F(FaultTest, APageOfHtmlIsNoAnswer) {
  rules(R"([{"content_type":"text/html"}])");
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::garbled);
  EXPECT_THAT(last().error, HasSubstr("text/html"));
  EXPECT_EQ(sent(), 1U);
}

TEST_F(FaultTest, AnEndlessAnswerIsCutAndMemoryIsBounded) {
  rules(R"([{"huge_mb":1024}])");
  run(question("hello"));
  EXPECT_EQ(last().ending, Ending::garbled) << last().error;
  EXPECT_LT(last().text.size(), std::size_t{64} << 20);
  EXPECT_EQ(sent(), 1U);
}

TEST_F(FaultTest, KeysAreInNothingThatLeaves) {
  recorder = open_recorder(scratch.path() / "calls.jsonl");
  const std::string key(kKey);
  const std::string basic = "c2stdGVzdC0wMTIzNDU2Nzg5YWJjZGVm";  // base64 of the key
  rules(R"([{"when":{"prompt":"fail"},"fault":{"status":400,"message":"bad key sk-test-0123456789abcdef in header"}},
            {"when":{"prompt":"basic"},"reply":{"text":"Basic OnNrLXRlc3QtMDEyMzQ1Njc4OWFiY2RlZg== c2stdGVzdC0wMTIzNDU2Nzg5YWJjZGVm"}},
            {"when":{"prompt":"storm"},"fault":{"status":503,"message":"sk-test-0123456789abcdef","headers":{"retry-after-ms":"1"}}},
            {"reply":{"text":"your key is sk-test-0123456789abcdef"}}])");
  for (const char* text : {"fail", "basic", "storm", "tell me sk-test-0123456789abcdef"}) {
    const Asked& asked = run(question(text));
    std::string everything = asked.answer->error + asked.answer->text + asked.answer->request_id;
    for (const std::string& line : asked.activities) everything += line;
    EXPECT_THAT(everything, Not(HasSubstr(key))) << text;
    EXPECT_THAT(everything, Not(HasSubstr("LXRlc3QtMDEyMzQ1Njc4OWFiY2Rl"))) << text;
    EXPECT_THAT(everything, Not(HasSubstr(basic))) << text;
    EXPECT_THAT(everything, HasSubstr("***")) << text;
  }
  EXPECT_THAT(scratch.read("calls.jsonl"), Not(HasSubstr(key)));
  EXPECT_THAT(scratch.read("calls.jsonl"), HasSubstr("tell me ***"));
  EXPECT_THAT(client().keys(), ElementsAre(key, key));
}

}  // namespace
}  // namespace oe::llm
