#include "oe/llm/tape.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "unit/llm/scratch.hpp"

namespace oe::llm {
namespace {

using ::testing::HasSubstr;

Call full_call() {
  Call call;
  call.place = "review/2#1";
  call.request = Value::parse(R"({"model":"m","provider":"p","schema":null,"seed":7,"temperature":0.1})").value();
  call.digest = digest_of(call.request);
  call.answer.ending = Ending::unfit;
  call.answer.text = "line\nbreak \"quoted\" \xC3\xA9 \x01";
  call.answer.value = Value::parse(R"({"a":[1,2.5,null,0.1]})").value();
  call.answer.error = "it does not fit";
  call.answer.usage = {.input = 1, .cache_read = 2, .cache_write = 3, .output = (1ULL << 53) + 1, .reasoning = 5};
  call.answer.usd = 0.1 + 0.2;
  call.answer.provider = "p";
  call.answer.model = "m-2026";
  call.answer.request_id = "req_1";
  call.answer.http_status = 200;
  call.answer.calls = 2;
  call.activities = {"asking m", "12 kB"};
  return call;
}

std::string written(const Call& call) {
  return to_json_line(call) + "\n";
}

Call at(const std::string& place, const std::string& digest, const std::string& text,
        Ending ending = Ending::answered) {
  Call call;
  call.place = place;
  call.digest = digest;
  call.answer.text = text;
  call.answer.ending = ending;
  return call;
}

TEST(CallLine, EveryFieldReturnsExactly) {
  const std::string line = to_json_line(full_call());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(parse_call(line).value(), full_call());
}

TEST(CallLine, EveryEndingReturns) {
  for (int i = 0; i <= static_cast<int>(Ending::cancelled); ++i) {
    Call call = full_call();
    call.answer.ending = static_cast<Ending>(i);
    EXPECT_EQ(parse_call(to_json_line(call)).value(), call) << to_string(call.answer.ending);
  }
}

TEST(CallLine, AnUnknownCostIsNullAndNotZero) {
  Call call = full_call();
  call.answer.usd.reset();
  EXPECT_THAT(to_json_line(call), HasSubstr(R"("usd":null)"));
  EXPECT_FALSE(parse_call(to_json_line(call)).value().answer.usd);
}

TEST(CallLine, WrittenByHandNeedsAPlaceAndAnAnswer) {
  const Call text = parse_call(R"({"place":"review#1","answer":"looks good","note":"by hand"})").value();
  EXPECT_EQ(text.answer.text, "looks good");
  EXPECT_EQ(text.answer.ending, Ending::answered);
  EXPECT_EQ(text.answer.calls, 1U);
  EXPECT_EQ(text.digest, "");
  const Call value = parse_call(R"({"place":"review#1","answer":{"value":{"ok":true}}})").value();
  EXPECT_EQ(value.answer.text, R"({"ok":true})");
  EXPECT_EQ(value.answer.value, Value::parse(R"({"ok":true})").value());
}

TEST(CallLine, AMissingDigestIsMadeOfTheRequest) {
  const Call call = parse_call(R"({"request":{"model":"m"},"answer":"yes"})").value();
  EXPECT_EQ(call.digest, digest_of(Value::parse(R"({"model":"m"})").value()));
}

TEST(CallLine, SaysWhichFieldIsWrong) {
  const auto message = [](std::string_view line) { return parse_call(line).error().to_string(); };
  EXPECT_THAT(message("[1]"), HasSubstr("a call is a JSON object"));
  EXPECT_THAT(message(R"({"v":2,"place":"a","answer":"b"})"), HasSubstr("this oe reads version 1"));
  EXPECT_THAT(message(R"({"answer":"b"})"), HasSubstr(R"(needs a "place")"));
  EXPECT_THAT(message(R"({"place":"a"})"), HasSubstr(R"("answer" is neither)"));
  EXPECT_THAT(message(R"({"place":1,"answer":"b"})"), HasSubstr(R"("place" is not a string)"));
  EXPECT_THAT(message(R"({"place":"a","answer":{"ending":"refusd"}})"), HasSubstr("did you mean 'refused'"));
  EXPECT_THAT(message(R"({"place":"a","answer":{"usage":{"input":-1}}})"), HasSubstr(R"("input" is not a whole)"));
  EXPECT_THAT(message(R"({"place":"a","answer":{"usd":"free"}})"), HasSubstr(R"("usd" is not a number)"));
  EXPECT_THAT(message(R"({"place":"a","answer":"b","activities":[1]})"), HasSubstr("not a string"));
}

TEST(Recorder, MakesItsDirectoryWithTheFirstCallAndMasksEveryLine) {
  const Scratch scratch;
  const auto file = scratch.path() / ".openexpertise/calls/r-1.jsonl";
  const auto recorder = open_recorder(file, [](std::string line) {
    const std::size_t at = line.find("quoted");
    return line.replace(at, 6, "***");
  });
  EXPECT_FALSE(std::filesystem::exists(file.parent_path()));
  ASSERT_TRUE(recorder->record(full_call()));
  ASSERT_TRUE(recorder->record(full_call()));
  const std::string content = scratch.read(".openexpertise/calls/r-1.jsonl");
  EXPECT_EQ(std::count(content.begin(), content.end(), '\n'), 2);
  EXPECT_EQ(content.find("quoted"), std::string::npos);
}

TEST(Recorder, SaysWhereItCannotWrite) {
  const Scratch scratch;
  scratch.write("calls", "a file in the way");
  const auto done = open_recorder(scratch.path() / "calls/r-1.jsonl")->record(full_call());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::environment);
  EXPECT_THAT(done.error().to_string(), HasSubstr("calls"));
}

TEST(Cassette, TheNewestCallAtThePlaceWins) {
  Cassette cassette;
  cassette.add(at("a#1", "d", "old"));
  cassette.add(at("a#1", "d", "new"));
  cassette.add(at("b#1", "d", "elsewhere"));
  EXPECT_EQ(cassette.find("d", "a#1")->answer.text, "new");
}

TEST(Cassette, ElsewhereOnlyWhatWasAnsweredCounts) {
  Cassette cassette;
  cassette.add(at("a#1", "d", "good"));
  cassette.add(at("a#2", "d", "broken", Ending::garbled));
  EXPECT_EQ(cassette.find("d", "renamed#1")->answer.text, "good");
  EXPECT_EQ(cassette.find("d", "a#2")->answer.ending, Ending::garbled);
  EXPECT_EQ(cassette.find("other", "a#1"), nullptr);
}

TEST(Cassette, ACallWithoutADigestFitsEveryRequestAtItsPlace) {
  Cassette cassette;
  cassette.add(at("a/0#1", "", "for the first attempt"));
  cassette.add(at("b", "", "for every attempt"));
  cassette.add(at("b#9", "x", "exact"));
  EXPECT_EQ(cassette.find("d", "a/0#1")->answer.text, "for the first attempt");
  EXPECT_EQ(cassette.find("d", "a/0#2"), nullptr);
  EXPECT_EQ(cassette.find("d", "b#3")->answer.text, "for every attempt");
  EXPECT_EQ(cassette.find("d", "b#9")->answer.text, "for every attempt");
  EXPECT_EQ(cassette.find("x", "b#9")->answer.text, "exact");
}

TEST(Cassette, KnowsWhatWasAskedAtAPlace) {
  Cassette cassette;
  cassette.add(at("a#1", "d", "one"));
  EXPECT_EQ(cassette.at("a#1")->digest, "d");
  EXPECT_EQ(cassette.at("a#2"), nullptr);
  EXPECT_EQ(cassette.at(""), nullptr);
}

TEST(Cassette, ReadsTheFilesOfADirectoryByName) {
  const Scratch scratch;
  scratch.write("r-2.jsonl", written(at("a#1", "d", "second")));
  scratch.write("r-1.jsonl", written(at("a#1", "d", "first")) + "  \n");
  scratch.write("notes.txt", "no call");
  const auto cassette = Cassette::load(scratch.path()).value();
  EXPECT_EQ(cassette->calls().size(), 2U);
  EXPECT_EQ(cassette->find("d", "a#1")->answer.text, "second");
}

TEST(Cassette, LeavesOutATornLastLineWhereverItWasCut) {
  const Scratch scratch;
  const std::string whole = written(at("a#1", "d", "one"));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const auto cassette = Cassette::load(scratch.write("c.jsonl", whole + whole.substr(0, cut)));
    ASSERT_TRUE(cassette) << cut << ": " << cassette.error().to_string();
    ASSERT_EQ((*cassette)->calls().size(), cut + 1 < whole.size() ? 1U : 2U) << cut;
  }
}

TEST(Cassette, NamesFileAndLineOfWhatIsBroken) {
  const Scratch scratch;
  const auto file =
      scratch.write("c.jsonl", written(at("a#1", "d", "one")) + "{broken\n" + to_json_line(at("a#2", "d", "two")));
  const auto cassette = Cassette::load(file);
  ASSERT_FALSE(cassette);
  EXPECT_EQ(cassette.error().kind(), ErrorKind::input);
  EXPECT_THAT(cassette.error().to_string(), HasSubstr("c.jsonl:2"));
  EXPECT_FALSE(Cassette::load(scratch.write("last.jsonl", R"({"place":1,"answer":"x"})"))) << "whole, but no call";
  EXPECT_EQ(Cassette::load(scratch.path() / "missing.jsonl").error().kind(), ErrorKind::environment);
}

}  // namespace
}  // namespace oe::llm
