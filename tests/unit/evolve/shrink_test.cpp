#include "evolve/shrink.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "oe/base/text.hpp"

#include "unit/evolve/run_builder.hpp"

namespace oe::evolve::test {
namespace {

using Json = nlohmann::json;

/// Shrinks, and holds shrink() to its promises on the way.
std::string shrunk(const std::string& text, const std::function<bool(const Json&)>& fails, std::size_t most = 1000) {
  std::set<std::string> asked;
  std::size_t asks = 0;
  const auto still_fails = [&](const Value& value) {
    ++asks;
    const bool failing = fails(value.json());
    if (failing) asked.insert(value.dump());
    return failing;
  };
  const Value original = json(text);
  const Value smallest = shrink(original, still_fails, most);
  EXPECT_LE(asks, most);
  EXPECT_TRUE(smallest == original || asked.contains(smallest.dump())) << smallest.dump() << " was never seen to fail";
  EXPECT_EQ(smallest, shrink(
                          original, [&](const Value& value) { return fails(value.json()); }, most));
  return smallest.dump();
}

bool contains(const Json& value, const std::string& text) {
  return value.is_string() && value.get_ref<const std::string&>().find(text) != std::string::npos;
}

TEST(Shrink, TakesMembersOut) {
  EXPECT_EQ(shrunk(R"({"a":1,"b":{"c":2,"d":3},"e":null})", [](const Json& v) { return v.contains("b"); }),
            R"({"b":{}})");
}
TEST(Shrink, KeepsMembersThatOnlyFailTogether) {
  EXPECT_EQ(shrunk(R"({"a":7,"b":"long text","c":[1,2],"d":true})",
                   [](const Json& v) { return v.contains("a") && v.contains("c"); }),
            R"({"a":0,"c":[]})");
}
TEST(Shrink, FindsOneItemOfMany) {
  Json list = Json::array();
  for (int i = 0; i < 100; ++i) list.push_back(i);
  EXPECT_EQ(shrunk(
                list.dump(), [](const Json& v) { return std::find(v.begin(), v.end(), 61) != v.end(); }, 100),
            "[61]");
}
TEST(Shrink, KeepsItemsFarApart) {
  const auto has_both = [](const Json& v) {
    return std::find(v.begin(), v.end(), 1) != v.end() && std::find(v.begin(), v.end(), 9) != v.end();
  };
  EXPECT_EQ(shrunk("[1,2,3,4,5,6,7,8,9]", has_both), "[1,9]");
}
TEST(Shrink, ReachesThroughNestedValues) {
  EXPECT_EQ(shrunk(R"({"x":[{"y":[1,{"z":"deep down","w":2}]},3]})",
                   [](const Json& v) {
                     return contains(v.value("/x/0/y/0/z"_json_pointer, Json()), "d") ||
                            contains(v.value("/x/0/y/1/z"_json_pointer, Json()), "d");
                   }),
            R"({"x":[{"y":[{"z":"d"}]}]})");
}
TEST(Shrink, CutsTextsToWhatMatters) {
  EXPECT_EQ(shrunk(R"("aaaaaaXYbbbbbb")", [](const Json& v) { return contains(v, "XY"); }), R"("XY")");
  EXPECT_EQ(shrunk(R"("a needle, a haystack")", [](const Json& v) { return v.is_string(); }), R"("")");
}
TEST(Shrink, NeverCutsThroughACharacter) {
  const std::string text = "\"\u00e9\u00e9\u20ac\U0001F600\u00e9\ufffd\u00e9\"";
  const auto fails = [](const Json& v) {
    EXPECT_FALSE(invalid_utf8(v.get_ref<const std::string&>())) << "half a character was asked about";
    return contains(v, "\U0001F600");
  };
  EXPECT_EQ(shrunk(text, fails), "\"\U0001F600\"");
}
TEST(Shrink, SetsNumbersToZeroWhereTheyDoNotMatter) {
  EXPECT_EQ(shrunk(R"({"n":-42,"m":1.5})", [](const Json& v) { return v.contains("n") && v.value("m", 0.0) > 1; }),
            R"({"m":1.5,"n":0})");
  EXPECT_EQ(shrunk("0.0", [](const Json&) { return true; }), "0.0");
}
TEST(Shrink, ReadsKeysThatLookLikePointers) {
  EXPECT_EQ(shrunk(R"({"a/b":"left","~1":"right","":"empty"})",
                   [](const Json& v) { return contains(v.value("a/b", Json()), "f"); }),
            R"({"a/b":"f"})");
}
TEST(Shrink, GivesTheOriginalBackWhenNothingSmallerFails) {
  const std::string text = R"({"a":[1,"two"],"b":{}})";
  const Json original = Json::parse(text);
  EXPECT_EQ(shrunk(text, [&](const Json& v) { return v == original; }), text);
  EXPECT_EQ(shrunk(
                text, [](const Json&) { return true; }, 0),
            text);
  for (const char* atom : {"null", "true", "false", "\"\"", "[]", "{}"}) {
    EXPECT_EQ(shrunk(atom, [](const Json&) { return true; }), atom);
  }
}
TEST(Shrink, StopsAskingAtTheLimit) {
  Json list = Json::array();
  for (int i = 0; i < 1000; ++i) list.push_back("some text " + std::to_string(i));
  for (const std::size_t most : {1U, 2U, 7U, 50U}) {
    std::size_t asks = 0;
    shrink(
        Value(list), [&](const Value& v) { return ++asks % 3 == 0 && v.size() > 2; }, most);
    EXPECT_EQ(asks, most);
  }
}
// A node that answers by chance must not keep the search going for ever.
TEST(Shrink, EndsWithAWhimsicalTest) {
  std::uint32_t state = 1;
  const auto whim = [&](const Value&) { return ((state = state * 1664525 + 1013904223) >> 31) == 0; };
  const Value smallest = shrink(json(R"({"a":[1,2,3,{"b":"text"}],"c":"more text","d":[[],[[]]]})"), whim, 100'000);
  EXPECT_LE(smallest.dump().size(), 60U);
}

}  // namespace
}  // namespace oe::evolve::test
