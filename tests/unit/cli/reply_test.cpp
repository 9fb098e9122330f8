#include "cli/reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::cli {
namespace {

using ::testing::HasSubstr;

const ledger::Question kYesOrNo{.kind = "approve", .text = "Ship it?"};
const ledger::Question kChoose{.kind = "choose", .text = "Where to?", .choices = {"staging", "production", "2"}};

ledger::Question form() {
  return {.kind = "form", .text = "Details?", .schema = *Value::parse(R"({
    "type": "object", "required": ["count"],
    "properties": {"count": {"type": "integer"}, "note": {"type": "string"}, "size": {"enum": ["s", "m"]}}})")};
}

AnswerFlags setting(std::vector<std::string> fields) {
  AnswerFlags flags;
  flags.fields = std::move(fields);
  return flags;
}

TEST(Reply, TakesYesAndNoInAnyCase) {
  for (const char* yes : {"y", "Y", "yes", " YES "}) EXPECT_EQ(*parse_reply(kYesOrNo, yes), Value::of(true)) << yes;
  for (const char* no : {"n", "No"}) EXPECT_EQ(*parse_reply(kYesOrNo, no), Value::of(false)) << no;
}
TEST(Reply, RefusesNonsense) {
  for (const char* text : {"", "yep", "1", "true"}) EXPECT_FALSE(parse_reply(kYesOrNo, text)) << text;
  for (const char* text : {"", "0", "4", "-1", "1.5", "stagin g"}) EXPECT_FALSE(parse_reply(kChoose, text)) << text;
}
TEST(Reply, TakesAChoiceByTextBeforeItsNumber) {
  EXPECT_EQ(*parse_reply(kChoose, "1"), Value::of("staging"));
  EXPECT_EQ(*parse_reply(kChoose, " production "), Value::of("production"));
  EXPECT_EQ(*parse_reply(kChoose, "2"), Value::of("2"));
  EXPECT_EQ(*parse_reply(kChoose, "3"), Value::of("2"));
  EXPECT_THAT(parse_reply(kChoose, "stagin").error().hint(), HasSubstr("did you mean 'staging'?"));
}
TEST(Form, HasTheFieldsOfItsSchema) {
  const auto fields = fields_of(form().schema);
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields[0].name, "count");
  EXPECT_EQ(fields[0].type, graph::FieldType::number);
  EXPECT_TRUE(fields[0].required);
  EXPECT_FALSE(fields[1].required);
  EXPECT_EQ(fields[2].choices.size(), 2U);
  EXPECT_TRUE(fields_of(Value()).empty());
}
TEST(Form, FieldsAreTypedBySchema) {
  EXPECT_EQ(answer_of(form(), setting({"count=3", "note=7", "size=m"}))->dump(), R"({"count":3,"note":"7","size":"m"})");
  EXPECT_THAT(answer_of(form(), setting({"count=three"})).error().message(), HasSubstr("count has the type number"));
  EXPECT_THAT(answer_of(form(), setting({"size=xl"})).error().hint(), HasSubstr("s, m"));
  EXPECT_FALSE(answer_of(form(), setting({"count"})));
}
TEST(AnswerFlags, FitTheirQuestion) {
  AnswerFlags approve, reject, choose;
  approve.approve = true;
  reject.reject = true;
  choose.choice = "production";
  EXPECT_EQ(*answer_of(kYesOrNo, approve), Value::of(true));
  EXPECT_EQ(*answer_of(kYesOrNo, reject), Value::of(false));
  EXPECT_EQ(*answer_of(kChoose, choose), Value::of("production"));
  for (const auto& [question, flags] : {std::pair{kChoose, approve}, {kYesOrNo, choose}, {form(), reject}}) {
    const auto answer = answer_of(question, flags);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::usage);
    EXPECT_THAT(answer.error().message(), HasSubstr("it takes --"));
  }
}
TEST(AnswerFlags, AreOneAndOnlyOne) {
  AnswerFlags both;
  both.approve = both.reject = true;
  EXPECT_THAT(answer_of(kYesOrNo, both).error().message(), HasSubstr("one answer at a time"));
  EXPECT_THAT(answer_of(kYesOrNo, {}).error().message(), HasSubstr("--approve or --reject"));
}
TEST(AnswerFlags, TakeAnyAnswerAsJson) {
  AnswerFlags flags;
  flags.json = R"({"count": 1})";
  EXPECT_EQ(answer_of(form(), flags)->dump(), R"({"count":1})");
  flags.json = "{";
  EXPECT_EQ(answer_of(form(), flags).error().kind(), ErrorKind::usage);
}

}  // namespace
}  // namespace oe::cli
