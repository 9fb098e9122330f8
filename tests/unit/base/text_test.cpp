#include "oe/base/text.hpp"

#include <gtest/gtest.h>

namespace oe {
namespace {

const std::vector<std::string> kKeys = {"reads", "writes", "timeout_ms", "for_each"};

TEST(Nearest, FindsASlipOfOneLetter) {
  EXPECT_EQ(nearest("raeds", kKeys), "reads");
}
TEST(Nearest, FindsALongWordWithTwoSlips) {
  EXPECT_EQ(nearest("timout_sm", kKeys), "timeout_ms");
}
TEST(Nearest, RefusesAWordThatIsMerelyShort) {
  EXPECT_EQ(nearest("x", kKeys), std::nullopt);
}
TEST(Nearest, SuggestsNothingForAnotherWord) {
  EXPECT_EQ(did_you_mean("provider", kKeys), "");
}

TEST(AsciiPrefix, EndsAtTheFirstOtherByteWhereverItStands) {
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string ascii(length, 'x');
    EXPECT_EQ(ascii_prefix(ascii), length);
    EXPECT_EQ(ascii_prefix(ascii + "\u00e9" + ascii), length);
  }
}

TEST(Utf8, AcceptsEveryLengthOfSequence) {
  EXPECT_EQ(invalid_utf8("a\u00e9\u65e5\U0001F600"), std::nullopt);
}
TEST(Utf8, RefusesOverlongForms) {
  EXPECT_EQ(invalid_utf8("ab\xC0\xAF"), 2U);
}
TEST(Utf8, RefusesSurrogates) {
  EXPECT_EQ(invalid_utf8("\xED\xA0\x80"), 0U);
}
TEST(Utf8, RefusesACutSequence) {
  EXPECT_EQ(invalid_utf8("x\xE6\x97"), 1U);
}

TEST(ShellQuote, LeavesPlainWordsAlone) {
  EXPECT_EQ(shell_quote("a/b-c.txt"), "a/b-c.txt");
}
TEST(ShellQuote, KeepsQuotesInside) {
  EXPECT_EQ(shell_quote("it's"), "'it'\\''s'");
}
TEST(ShellQuote, KeepsTheEmptyWord) {
  EXPECT_EQ(shell_quote(""), "''");
}

TEST(Ellipsis, CutsBetweenCharacters) {
  EXPECT_EQ(ellipsis("\u65e5\u672c\u8a9e", 7), "\u65e5...");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
}

}  // namespace
}  // namespace oe
