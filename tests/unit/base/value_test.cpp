#include "oe/base/value.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>

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
TEST(Value, IsWrittenByteForByteAsNlohmannWritesIt) {
  using Json = nlohmann::json;
  Json every{{"empty", ""}, {"quote \" \\ /", "\b\f\n\r\t\x01\x1F\x7F"}, {"umlaut \u00E4", "\u20AC \U0001F600"}};
  for (int c = 0; c < 256; ++c) every["bytes"].push_back("a" + std::string(1, static_cast<char>(c)) + "b");
  every["whole"] = {0, -1, 7U, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
                    std::numeric_limits<std::uint64_t>::max()};
  every["parts"] = {0.0, -0.0, 1.0, 0.1, 1e300, 5e-324, 1e16, 123456789.123, std::numeric_limits<double>::infinity()};
  every["rest"] = {nullptr, true, false, Json::object(), Json::array(), {{{"deep", {{1, {2}}}}}}};
  EXPECT_EQ(Value(every).dump(), every.dump(-1, ' ', false, Json::error_handler_t::replace));
  for (const auto& [name, part] : every.items())
    EXPECT_EQ(Value(part).dump(), part.dump(-1, ' ', false, Json::error_handler_t::replace)) << name;
}
TEST(Value, MissingMemberIsNull) {
  EXPECT_TRUE(Value::object().get("x").is_null());
}

}  // namespace
}  // namespace oe
