#include <fmt/core.h>
#include <gtest/gtest.h>

#include "oe/doc/edit.hpp"

namespace oe::doc {
namespace {

std::string described(const std::string& before, const std::string& after) {
  std::string lines;
  for (const Change& change : changes(*Value::parse(before), *Value::parse(after))) {
    const char* sign = change.kind == Change::Kind::added ? "+" : change.kind == Change::Kind::removed ? "-" : "~";
    const std::string was = change.kind == Change::Kind::added ? "" : " " + change.before.dump();
    const std::string now = change.kind == Change::Kind::removed ? "" : " " + change.after.dump();
    lines += fmt::format("{}{}{}{}\n", sign, change.pointer, was, now);
  }
  return lines;
}

TEST(Changes, OfEqualTreesAreNone) {
  EXPECT_EQ(described(R"({"a":[1,{"b":null}]})", R"({"a":[1,{"b":null}]})"), "");
  EXPECT_EQ(described(R"({"a":1,"b":2})", R"({"b":2,"a":1})"), "");
}

TEST(Changes, AreFoundAtTheDeepestPlace) {
  EXPECT_EQ(described(R"({"a":{"b":[1,2,3]}})", R"({"a":{"b":[1,5,3]}})"), "~/a/b/1 2 5\n");
  EXPECT_EQ(described(R"({"a":{"b":1,"c":2}})", R"({"a":{"b":1,"d":3}})"), "-/a/c 2\n+/a/d 3\n");
  EXPECT_EQ(described(R"({"a":[1]})", R"({"a":{"0":1}})"), "~/a [1] {\"0\":1}\n");
  EXPECT_EQ(described("1", "2"), "~ 1 2\n");
}

TEST(Changes, EscapePointers) {
  EXPECT_EQ(described("{}", R"({"a/b~c":1})"), "+/a~1b~0c 1\n");
}

TEST(Changes, SeeAnInsertedItemAsOneAddition) {
  EXPECT_EQ(described("[1,2,3]", "[1,9,2,3]"), "+/1 9\n");
  EXPECT_EQ(described("[1,2,3]", "[9,1,2,3,8]"), "+/0 9\n+/4 8\n");
  EXPECT_EQ(described("[]", "[7]"), "+/0 7\n");
  EXPECT_EQ(described("[1,1,1]", "[1,1,1,1]"), "+/3 1\n");
}

TEST(Changes, SeeARemovedItemAsOneRemoval) {
  EXPECT_EQ(described("[1,2,3]", "[1,3]"), "-/1 2\n");
  EXPECT_EQ(described("[1,2]", "[]"), "-/0 1\n-/1 2\n");
}

TEST(Changes, FindTheChangedItemBesideTheInsertedOne) {
  const std::string a = R"({"id":"a","kind":"tool","n":1})";
  const std::string changed = R"({"id":"a","kind":"tool","n":2})";
  const std::string fresh = R"({"id":"x","kind":"dataset","n":7})";
  EXPECT_EQ(described("[" + a + "]", "[" + fresh + "," + changed + "]"), "+/0 " + fresh + "\n~/1/n 1 2\n");
  EXPECT_EQ(described("[" + a + "]", "[" + changed + "," + fresh + "]"), "~/0/n 1 2\n+/1 " + fresh + "\n");
}

TEST(Changes, KeepAnItemWithSeveralChangesTogether) {
  EXPECT_EQ(described(R"([{"id":"a","p":1,"q":1,"r":1,"s":1,"t":1}])", R"([{"id":"a","p":2,"q":2,"r":2,"s":1,"t":1}])"),
            "~/0/p 1 2\n~/0/q 1 2\n~/0/r 1 2\n");
}

TEST(Changes, OfLongListsStayFast) {
  std::string before = "[";
  std::string after = "[";
  for (int item = 0; item < 3'000; ++item) {
    before += fmt::format("{}{}", item ? "," : "", item);
    after += fmt::format("{}{}", item ? "," : "", item == 1'500 ? 999'999 : item);
  }
  EXPECT_EQ(described(before + "]", after + ",5]"), "~/1500 1500 999999\n+/3000 5\n");
  std::string reversed = "[";
  for (int item = 3'000; item > 0; --item) reversed += fmt::format("{}{}", item < 3'000 ? "," : "", item);
  EXPECT_FALSE(described(before + "]", reversed + "]").empty());
}

}  // namespace
}  // namespace oe::doc
