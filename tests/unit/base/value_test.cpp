#include "oe/base/value.hpp"

#include <gtest/gtest.h>

namespace oe {
namespace {

TEST(Value, RoundTripsThroughItsText) {
  const std::string text = R"({"a":[1,2.5,"x",null,true],"b":{}})";
  EXPECT_EQ(Value::parse(text)->dump(), text);
}

TEST(Value, GivesTheSameBytesWhateverTheOrderOfKeys) {
  EXPECT_EQ(Value::parse(R"({"b":1,"a":2})")->dump(), Value::parse(R"({"a":2,"b":1})")->dump());
}

TEST(Value, SaysWhereAJsonTextIsWrong) {
  const Result<Value> value = Value::parse("{\n  \"a\": 1,\n  oops\n}");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().kind(), ErrorKind::input);
  EXPECT_EQ(value.error().location().line, 3U);
  EXPECT_EQ(value.error().location().column, 3U);
}

TEST(Value, StopsAtTheDepthLimitHoweverDeepTheText) {
  const std::string deep(1'000'000, '[');
  const Result<Value> value = Value::parse(deep);
  ASSERT_FALSE(value);
  EXPECT_NE(value.error().message().find("deeper"), std::string::npos);
}

TEST(Value, RefusesWhatFollowsTheValue) {
  EXPECT_FALSE(Value::parse("{} {}"));
}
TEST(Value, RefusesANumberOutOfRange) {
  EXPECT_FALSE(Value::parse("1e999"));
}
TEST(Value, ReplacesInvalidUtf8WhenWritten) {
  EXPECT_EQ(Value::of("a\xFF").dump(), "\"a\uFFFD\"");
}
TEST(Value, MissingMemberIsNull) {
  EXPECT_TRUE(Value::object().get("x").is_null());
}

}  // namespace
}  // namespace oe
