#include "unit/llm/asking.hpp"

namespace oe::llm {
namespace {

/// Recorded calls, and replays of them without network and keys.
class RecordTest : public AskingTest {
 protected:
  RecordTest() { recorder = open_recorder(file()); }
  std::filesystem::path file() const { return scratch.path() / "calls/r-1.jsonl"; }

  /// From now on everything comes from what was recorded.
  void replay() {
    recorder.reset();
    cassette = Cassette::load(file()).value();
    environment.clear();
    new_client();
  }
  void expect_the_same(const Ask& ask, const std::string& place) {
    const Asked first = run(ask, place);
    const auto sent = server().log().size();
    replay();
    const Asked& again = run(ask, place);
    EXPECT_EQ(*again.answer, *first.answer);
    EXPECT_EQ(again.activities, first.activities);
    EXPECT_EQ(server().log().size(), sent) << "something was sent";
  }
};

TEST_F(RecordTest, AReplayGivesTheSameAnswerAndTheSameActivities) {
  script(R"([{"piece":3,"drip_ms":40,"usage":{"input":10,"cache_read":3,"output":4},"headers":{"request-id":"r1"}}])");
  expect_the_same(question("a story that is long enough for progress"), "a#1");
}

TEST_F(RecordTest, AlsoOfARepair) {
  models.all = {
      {.name = "a", .provider = "anthropic", .model = "m", .price = graph::ModelPrice{.input = 0.1, .output = 0.7}}};
  script(R"([{"when":{"call":1},"reply":{"text":"hm"}},{"reply":{"json":{"verdict":"bad"}}}])");
  expect_the_same(structured("judge", "a"), "a/3#1");
}

TEST_F(RecordTest, AlsoOfAFailure) {
  script(R"([{"fault":{"status":503,"headers":{"retry-after-ms":"1"}}}])");
  expect_the_same(question("hello"), "a#1");
}

TEST_F(RecordTest, AlsoOfAnswersOfAFallback) {
  models.all = {{.name = "a", .provider = "openai", .model = "m", .key_env = "NOT_SET", .fallback = {"b"}},
                {.name = "b", .provider = "anthropic", .model = "claude-b"}};
  expect_the_same(question("hello", "a"), "a#1");
}

TEST_F(RecordTest, AlsoWhenOnlyTheEnvironmentNamedTheModel) {
  environment["OE_ANTHROPIC_MODEL"] = "claude-mine";
  Ask ask = question("hello", "");
  expect_the_same(ask, "a#1");
  environment = {{"OPENAI_API_KEY", std::string(kKey)}};
  new_client();
  EXPECT_EQ(run(ask, "a#1").answer->provider, "anthropic") << "whatever the environment says now";
  EXPECT_EQ(run(ask, "renamed#1").answer->ending, Ending::answered) << "the same request elsewhere";
}

TEST_F(RecordTest, AlsoThroughAnAddressOfTheEnvironment) {
  expect_the_same(question("hello", "gpt-x"), "a#1");
  EXPECT_EQ(all.back().answer->provider, "openai");
}

TEST_F(RecordTest, WhatWasNeverAskedIsNotRecorded) {
  run(question("hello"), "a#1");
  Ask other = question("hello!");
  replay();
  const Answer elsewhere = *run(other, "b#1").answer;
  EXPECT_EQ(elsewhere.ending, Ending::not_recorded);
  EXPECT_THAT(elsewhere.error, HasSubstr("no call at 'b#1' is recorded (1 others are)"));
  EXPECT_TRUE(is_environment(elsewhere));
  EXPECT_THAT(run(other, "a#1").answer->error, HasSubstr("its turns[0] differs"));
  other = question("hello");
  other.system = "be kind";
  EXPECT_THAT(run(other, "a#1").answer->error, HasSubstr("its system differs"));
  other = question("hello", "claude-other");
  EXPECT_THAT(run(other, "a#1").answer->error, HasSubstr("its model differs"));
  other = question("hello");
  other.max_tokens = 7;
  EXPECT_THAT(run(other, "a#1").answer->error, HasSubstr("its max_tokens differs"));
}

TEST_F(RecordTest, CancelledAndMisconfiguredAreNotRecorded) {
  script(R"([{"hang":"head"}])");
  const Asked& asked = start(question("hello"));
  loop.after(std::chrono::milliseconds(100), [&] { client().cancel(asked.number); });
  finish();
  run(question("hello", "antropic/x"));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(RecordTest, AnAnswerThatCannotBeRecordedStopsTheRunButIsNotLost) {
  scratch.write("calls", "a file in the way");
  const Answer said = *run(question("hello")).answer;
  EXPECT_EQ(said.ending, Ending::unavailable);
  EXPECT_EQ(said.text, "You said: hello");
  EXPECT_GT(said.usage.output, 0U);
  EXPECT_THAT(said.error, HasSubstr("could not be recorded"));
  EXPECT_TRUE(is_environment(said));
}

TEST_F(RecordTest, AHandWrittenCassetteIsAProviderToo) {
  scratch.write("tapes/hand.jsonl", R"({"note":"by hand","place":"judge#1","answer":{"value":{"verdict":"bad"}}}
{"place":"judge#2","answer":{"value":{"verdict":"ugly"}}}
{"place":"talk","answer":"yes"}
)");
  models = {.standard = "tape", .all = {{.name = "tape", .provider = "replay", .file = "tapes/hand.jsonl"}}};
  environment.clear();
  const Answer judged = *run(structured("judge", ""), "judge#1").answer;
  EXPECT_EQ(judged.ending, Ending::answered) << judged.error;
  EXPECT_EQ(judged.value, Value::parse(R"({"verdict":"bad"})").value());
  EXPECT_FALSE(judged.usd);
  const Answer wrong = *run(structured("judge", ""), "judge#2").answer;
  EXPECT_EQ(wrong.ending, Ending::unfit) << "a slip of the author";
  EXPECT_THAT(wrong.error, HasSubstr("/verdict"));
  EXPECT_EQ(run(question("anything", ""), "talk#7").answer->text, "yes");
  EXPECT_EQ(run(question("anything", ""), "other#1").answer->ending, Ending::not_recorded);
}

TEST_F(RecordTest, WhatAProviderReplaySaidIsRecordedAndReplayed) {
  scratch.write("hand.jsonl", R"({"place":"talk","answer":"yes"})"
                              "\n");
  models = {.standard = "tape", .all = {{.name = "tape", .provider = "replay", .file = "hand.jsonl"}}};
  expect_the_same(question("anything", ""), "talk#1");
}

TEST_F(RecordTest, ACassetteNamedOnTheCommandLineAnswersForAll) {
  run(question("hello"), "a#1");
  environment.clear();
  flag = "replay:calls/r-1.jsonl";
  recorder.reset();
  new_client();
  EXPECT_EQ(run(question("hello"), "a#1").answer->text, "You said: hello");
  flag = "replay:missing.jsonl";
  new_client();
  const Answer missing = *run(question("hello"), "a#1").answer;
  EXPECT_EQ(missing.ending, Ending::misconfigured);
  EXPECT_THAT(missing.error, HasSubstr("missing.jsonl"));
}

}  // namespace
}  // namespace oe::llm
