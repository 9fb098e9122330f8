#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "oe/exec/dataset.hpp"

namespace oe::exec {
namespace {

using graph::RowFormat;

std::string rows(std::string_view text, RowFormat format) {
  const Result<Value> value = parse_rows(text, format, "cases.txt");
  return value ? value->dump() : value.error().to_string();
}

TEST(Rows, JsonIsATopLevelArray) {
  EXPECT_EQ(rows(R"([{"a":1}, 2])", RowFormat::json), R"([{"a":1},2])");
  EXPECT_THAT(rows("\n  {\"a\":1}", RowFormat::json),
              testing::HasSubstr("cases.txt:2:3: a dataset is a JSON array, and this is object"));
}

TEST(Rows, JsonErrorsAreLocated) {
  EXPECT_THAT(rows("[1,\n 2,\n oops]", RowFormat::json), testing::StartsWith("cases.txt:3:2"));
  EXPECT_THAT(rows("", RowFormat::json), testing::StartsWith("cases.txt"));
  EXPECT_THAT(rows(std::string(200'000, '['), RowFormat::json), testing::HasSubstr("nested deeper"));
}

TEST(Rows, AByteOrderMarkIsTakenOffInEveryFormat) {
  EXPECT_EQ(rows("\xEF\xBB\xBF[1]", RowFormat::json), "[1]");
  EXPECT_EQ(rows("\xEF\xBB\xBF{\"a\":1}\n", RowFormat::jsonl), R"([{"a":1}])");
  EXPECT_EQ(rows("\xEF\xBB\xBF"
                 "a\n1\n",
                 RowFormat::csv),
            R"([{"a":"1"}])");
}

TEST(Rows, JsonLinesSkipsBlankLines) {
  EXPECT_EQ(rows("\n{\"a\":1}\r\n   \n 2 \n\n\"x\"", RowFormat::jsonl), R"([{"a":1},2,"x"])");
  EXPECT_EQ(rows("", RowFormat::jsonl), "[]");
}

TEST(Rows, JsonLinesErrorsNameTheLineAndTheColumnInIt) {
  EXPECT_THAT(rows("{}\n\n  {\"a\": oops}\n", RowFormat::jsonl), testing::StartsWith("cases.txt:3:9"));
  EXPECT_THAT(rows("{} {}\n", RowFormat::jsonl), testing::StartsWith("cases.txt:1:4"));
  EXPECT_THAT(rows("{\n\"a\":1}\n", RowFormat::jsonl), testing::StartsWith("cases.txt:1:"));
}

TEST(Rows, InvalidUtf8IsLocatedInEveryFormat) {
  EXPECT_THAT(rows("a,b\n1,\xFF\n", RowFormat::csv), testing::StartsWith("cases.txt:2:3: not valid UTF-8"));
  EXPECT_THAT(rows("[\"\xC3(\"]", RowFormat::json), testing::StartsWith("cases.txt:1:3: not valid UTF-8"));
}

TEST(DelimitedRows, AllValuesAreStringsUnderTheHeader) {
  EXPECT_EQ(rows("id,price,ok\n1,2.50,true\n2,,\n", RowFormat::csv),
            R"([{"id":"1","ok":"true","price":"2.50"},{"id":"2","ok":"","price":""}])");
}

TEST(DelimitedRows, EndWithOrWithoutALineEnd) {
  for (const std::string text : {"a,b\n1,2", "a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n1,2\n\n\n"}) {
    EXPECT_EQ(rows(text, RowFormat::csv), R"([{"a":"1","b":"2"}])") << text;
  }
  EXPECT_EQ(rows("a,b\n1,", RowFormat::csv), R"([{"a":"1","b":""}])");
  EXPECT_EQ(rows("a,b\n,", RowFormat::csv), R"([{"a":"","b":""}])");
}

TEST(DelimitedRows, NothingOrAHeaderAloneIsNoRow) {
  EXPECT_EQ(rows("", RowFormat::csv), "[]");
  EXPECT_EQ(rows("\n\n", RowFormat::csv), "[]");
  EXPECT_EQ(rows("a,b\n", RowFormat::csv), "[]");
}

TEST(DelimitedRows, EmptyLinesAreSkippedEverywhere) {
  EXPECT_EQ(rows("\n\r\na\n\n1\n\r\n2\n", RowFormat::csv), R"([{"a":"1"},{"a":"2"}])");
}

TEST(DelimitedRows, QuotesHoldSeparatorsQuotesAndLineEnds) {
  EXPECT_EQ(rows("a,b\n\"x,\"\"y\"\"\",\"line 1\r\nline 2\"\n", RowFormat::csv),
            R"([{"a":"x,\"y\"","b":"line 1\r\nline 2"}])");
  EXPECT_EQ(rows("\"a\"\n\"\"\n", RowFormat::csv), R"([{"a":""}])");
}

TEST(DelimitedRows, TabsSeparateTsvAndCommasAreText) {
  EXPECT_EQ(rows("a\tb\n1,5\t\"x\ty\"\n", RowFormat::tsv), R"([{"a":"1,5","b":"x\ty"}])");
}

TEST(DelimitedRows, ARowOfAnotherLengthIsAnErrorAtItsPlace) {
  EXPECT_THAT(rows("a,b\n1,2\n1,2,3\n", RowFormat::csv),
              testing::StartsWith("cases.txt:3:5: row with 3 fields under a header of 2"));
  EXPECT_THAT(rows("a,b\n\n1\n", RowFormat::csv),
              testing::StartsWith("cases.txt:3:1: row with 1 fields under a header of 2"));
}

TEST(DelimitedRows, LinesInsideQuotesCountAsLines) {
  EXPECT_THAT(rows("a,b\n\"1\n2\n3\",x\noops\n", RowFormat::csv), testing::StartsWith("cases.txt:5:1"));
}

TEST(DelimitedRows, WrongQuotesAreErrorsAtTheirPlace) {
  EXPECT_THAT(rows("a,b\n1,x\"y\"\n", RowFormat::csv), testing::StartsWith("cases.txt:2:4: a quote inside a field"));
  EXPECT_THAT(rows("a\n\"x\"y\n", RowFormat::csv), testing::StartsWith("cases.txt:2:4: text after a closing quote"));
  EXPECT_THAT(rows("a\n\"x\n\n", RowFormat::csv), testing::StartsWith("cases.txt:2:1: this quote is never closed"));
  EXPECT_THAT(rows("\"", RowFormat::csv), testing::StartsWith("cases.txt:1:1: this quote is never closed"));
}

TEST(DelimitedRows, AColumnNamedTwiceIsAnErrorButUnnamedOnesAreNot) {
  EXPECT_THAT(rows("id,x,id\n1,2,3\n", RowFormat::csv),
              testing::StartsWith("cases.txt:1:6: the header names column 'id' twice"));
  EXPECT_EQ(rows("id,,\n1,,\n", RowFormat::csv), R"([{"":"","id":"1"}])");
}

TEST(DelimitedRows, NamesAndValuesMayBeAnyText) {
  EXPECT_EQ(rows("größe,a b\n1 m, x \n", RowFormat::csv), R"([{"a b":" x ","größe":"1 m"}])");
}

TEST(DelimitedRows, TenTimesTheRowsTakeNotAHundredTimesAsLong) {
  const auto seconds_for = [](std::size_t rows) {
    std::string text = "id,name\n";
    for (std::size_t i = 0; i < rows; ++i) text += std::to_string(i) + ",\"some name\"\n";
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(parse_rows(text, RowFormat::csv, "big.csv")->size(), rows);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const auto best_of_three = [&](std::size_t rows) {
    return std::min({seconds_for(rows), seconds_for(rows), seconds_for(rows)});
  };
  EXPECT_LT(best_of_three(100'000), 40 * best_of_three(10'000));
}

}  // namespace
}  // namespace oe::exec
