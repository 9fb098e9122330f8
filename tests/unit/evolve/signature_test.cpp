#include "evolve/signature.hpp"

#include <gtest/gtest.h>

#include "evolve/line.hpp"
#include "evolve/probe.hpp"
#include "unit/evolve/run_builder.hpp"

namespace oe::evolve::test {
namespace {

TEST(ErrorSignature, TakesNumbersOut) {
  EXPECT_EQ(error_signature("exit status 3 after 1200 ms"), error_signature("exit status 14 after 9 ms"));
  EXPECT_NE(error_signature("exit status 3"), error_signature("signal 3"));
  EXPECT_EQ(error_signature("7"), error_signature("12345"));
}
TEST(ErrorSignature, TakesQuotedTextOut) {
  EXPECT_EQ(error_signature("no key 'a' in \"b\""), error_signature("no key 'long 12' in \"\""));
  EXPECT_EQ(error_signature("no `x`"), error_signature("no `y`"));
  EXPECT_NE(error_signature("no key 'a'"), error_signature("no value 'a'"));
}
TEST(ErrorSignature, KeepsApostrophes) {
  EXPECT_NE(error_signature("can't read what's left"), error_signature("can't write what's left"));
  EXPECT_EQ(error_signature("can't read 'a'"), error_signature("can't read 'b'"));
}
TEST(ErrorSignature, KeepsTheRestOfAnOpenQuote) {
  EXPECT_NE(error_signature("bad 'start of text"), error_signature("bad 'other text"));
}
TEST(ErrorSignature, LooksAtTheFirstLineOnly) {
  EXPECT_EQ(error_signature("broken\n  at a.js:1"), error_signature("broken\n  at b.js:99"));
  EXPECT_EQ(error_signature(""), "");
  EXPECT_EQ(error_signature("\nsecond"), "");
}
TEST(ErrorSignature, LeavesOutWhereACheckoutLies) {
  EXPECT_EQ(error_signature("cannot open /home/me/repo/data/rows.csv"),
            error_signature("cannot open /tmp/w/case-1f/data/rows.csv"));
}

AddDatasetCase recorded(Value item, std::string error) {
  AddDatasetCase add;
  add.item = std::move(item);
  add.error = std::move(error);
  return add;
}

TEST(FailsAlike, LooksPastTheTextOfTheItem) {
  const AddDatasetCase add = recorded(json(R"({"name":"a long name"})"), "cannot parse a long name here");
  EXPECT_TRUE(fails_alike(add, "cannot parse long here", json(R"({"name":"long"})")));
  EXPECT_FALSE(fails_alike(add, "cannot read long here", json(R"({"name":"long"})")));
  EXPECT_FALSE(fails_alike(add, "", json(R"({"name":"long"})")));
}
// The case keeps a short form of the error; the probe gives the whole one.
TEST(FailsAlike, ComparesAnErrorWithItsShortForm) {
  const std::string text = "the schema says no: " + std::string(400, 'a');
  const AddDatasetCase add = recorded(json("1"), text.substr(0, 157) + "...");
  EXPECT_TRUE(fails_alike(add, text + "\n  at line 3", json("1")));
  EXPECT_TRUE(fails_alike(recorded(json("1"), "bad 'x' in b.json"), "bad `y` in /tmp/w/b.json\nmore", json("1")));
}

TEST(OneLine, LeavesNothingThatLooksLikeStructure) {
  EXPECT_EQ(one_line("  a\r\n\tb\x01"
                     "c \x7f d\n"),
            "a b c d");
  EXPECT_EQ(one_line("\n \t"), "");
  EXPECT_EQ(one_line("\u00e9\u00e9\u00e9\u00e9", 6), "\u00e9...");
}

}  // namespace
}  // namespace oe::evolve::test
