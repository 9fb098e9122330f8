#include "oe/doc/document.hpp"
#include "unit/doc/parsed.hpp"

#include <chrono>
#include <ctime>
#include <fmt/core.h>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::doc {
namespace {

using testing::HasSubstr;

std::string value_of(const std::string& text) {
  return to_value(parsed(text).root()).dump();
}

Error refused(const std::string& text, const Limits& limits = {}) {
  Result<Document> document = Document::parse(text, "f.yaml", limits);
  EXPECT_FALSE(document) << "accepted: " << text.substr(0, 200);
  return document ? Error(ErrorKind::bug, "accepted") : document.error();
}

std::string span_text(const Document& document, std::string_view pointer) {
  const Node* node = document.at(pointer);
  if (!node) return "<nothing there>";
  return document.text().substr(node->span.begin, node->span.end - node->span.begin);
}

std::string place_of(const Error& error) {
  return fmt::format("{}:{}", error.location().line, error.location().column);
}

// Processor time: other work on the machine does not count.
std::chrono::milliseconds time_of(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return std::chrono::milliseconds((std::clock() - start) * 1'000 / CLOCKS_PER_SEC);
}

// --- values

TEST(Document, ResolvesPlainScalarsByTheCoreSchema) {
  EXPECT_EQ(value_of("[null, Null, NULL, ~, true, True, TRUE, false, False, FALSE]"),
            "[null,null,null,null,true,true,true,false,false,false]");
  EXPECT_EQ(value_of("[0, -1, +12, 0123, 0o17, 0xfF]"), "[0,-1,12,123,15,255]");
  EXPECT_EQ(value_of("[.5, 1., 1e3, -1.5E-2, +0.25]"), "[0.5,1.0,1000.0,-0.015,0.25]");
}

TEST(Document, KeepsWhatIsNoNumberAsText) {
  EXPECT_EQ(
      value_of("[yes, no, on, 1_000, 0x, 0o8, 0x-1, 1e, ., .inf, -.inf, .nan, 1e999, 12:30, 2024-01-01, -, +]"),
      R"(["yes","no","on","1_000","0x","0o8","0x-1","1e",".",".inf","-.inf",".nan","1e999","12:30","2024-01-01","-","+"])");
}

TEST(Document, NeverResolvesQuotedText) {
  EXPECT_EQ(value_of("- '1'\n- \"true\"\n- |\n  5\n- >-\n  null\n- ''\n"), R"(["1","true","5\n","null",""])");
}

TEST(Document, ObeysTheCoreTags) {
  EXPECT_EQ(value_of(R"([!!str 1, ! 2, !!int "3", !!bool 'true', !mine 4, !mine "5"])"), R"(["1","2",3,true,4,"5"])");
}

TEST(Document, TurnsIntegersOverSixtyFourBitsIntoDoubles) {
  EXPECT_EQ(value_of("[9223372036854775807, -9223372036854775808, 18446744073709551615]"),
            "[9223372036854775807,-9223372036854775808,18446744073709551615]");
  EXPECT_EQ(value_of("[18446744073709551616, -9223372036854775809]"),
            "[1.8446744073709552e+19,-9.223372036854776e+18]");
}

TEST(Document, TreatsTheMergeKeyAsAPlainKey) {
  EXPECT_EQ(value_of("a: &a {x: 1}\nb: {<<: *a}\n"), R"({"a":{"x":1},"b":{"<<":{"x":1}}})");
}

TEST(Document, ReadsMissingValuesAsNull) {
  EXPECT_EQ(value_of("a:\nb: # note\nc: [ {d, e: } ]\nf:\n-\n- 1\n"),
            R"({"a":null,"b":null,"c":[{"d":null,"e":null}],"f":[null,1]})");
}

TEST(Document, ReadsJsonWithTabsBetweenTokens) {
  EXPECT_EQ(value_of("{\n\t\"a\":\t1,\n\t\"b\": [\t1,\t2 ],\"c\":\"x\\/y\"\n}\n"), R"({"a":1,"b":[1,2],"c":"x/y"})");
}

TEST(Document, ReadsEscapedSurrogatePairsInJsonAndKeepsTheSpansBehindThem) {
  const Document document = parsed(R"({"a": "\ud83d\ude00 \\ud83d\\ude00", "é": "\uD83D\uDE00", "b": 12})");
  EXPECT_EQ(document.at("/a")->text, "\U0001F600 \\ud83d\\ude00");
  EXPECT_EQ(span_text(document, "/é"), R"("\uD83D\uDE00")");
  EXPECT_EQ(span_text(document, "/b"), "12");
}

TEST(Document, TakesABackslashInPlainTextAsABackslash) {
  EXPECT_EQ(parsed("a: \\ud83d\\ude00\n").at("/a")->text, "\\ud83d\\ude00");
}

// --- places

TEST(Document, SpansCoverTheNodeWithItsQuotesAndWithoutItsProperties) {
  const Document document = parsed("a: &x !t 'q' # c\nb: &y\n  k: [1, {z: 2}]\nc: !s\n- &z 1\n- 2\n# end\n");
  EXPECT_EQ(span_text(document, "/a"), "'q'");
  EXPECT_EQ(span_text(document, "/b"), "k: [1, {z: 2}]");
  EXPECT_EQ(span_text(document, "/b/k"), "[1, {z: 2}]");
  EXPECT_EQ(span_text(document, "/b/k/1"), "{z: 2}");
  EXPECT_EQ(span_text(document, "/c"), "- &z 1\n- 2");
  EXPECT_EQ(document.at("/a")->tag(), "!t");
  EXPECT_EQ(document.at("/a")->anchor(), "x");
  EXPECT_EQ(document.at("/b")->anchor(), "y");
}

TEST(Document, EndsABlockScalarBeforeTheBlankLinesThatAreNotPartOfIt) {
  const Document document = parsed("a: |\n  one\n\n  two\n\n\nb: |+\n  x\n\nc: >-\n  y\n");
  EXPECT_EQ(span_text(document, "/a"), "|\n  one\n\n  two");
  EXPECT_EQ(span_text(document, "/b"), "|+\n  x\n");
  EXPECT_EQ(span_text(document, "/c"), ">-\n  y");
}

TEST(Document, PlacesMissingValuesBehindTheirColonOrDash) {
  const Document document = parsed("a:   # none\nb:\n  -\n  - 1\nc: &x\n");
  EXPECT_EQ(document.at("/a")->span, (Span{2, 2}));
  EXPECT_EQ(document.at("/b/0")->span.begin, document.text().find('-') + 1);
  EXPECT_EQ(document.at("/c")->span.begin, document.text().find("&x") + 2);
}

TEST(Document, CountsBytesBehindABomAndBeyondAscii) {
  const Document document = parsed("\xEF\xBB\xBFé: 日本 # ☕\r\nb: [ü, 7]\r\n");
  EXPECT_EQ(span_text(document, "/é"), "日本");
  EXPECT_EQ(span_text(document, "/b/1"), "7");
  const Location where = document.locate(document.at("/b/1")->span.begin, "/b/1");
  EXPECT_EQ(where, (Location{.file = "f.yaml", .line = 2, .column = 9, .path = "/b/1"}));
  EXPECT_EQ(document.locate(document.at("/é")->span.begin).column, 5U);
}

TEST(Document, FindsEverySpanInALongTextBeyondAscii) {
  std::string text;
  for (int line = 0; line < 500; ++line) text += fmt::format("ключ{}: \"значение {}\" # ☕\n", line, line);
  const Document document = parsed(text);
  for (int line = 0; line < 500; ++line) {
    ASSERT_EQ(span_text(document, fmt::format("/ключ{}", line)), fmt::format("\"значение {}\"", line));
  }
}

TEST(Document, FollowsPointersThroughAliasesAndEscapes) {
  const Document document = parsed("base: &b {x: [1, 2]}\nuse: *b\n\"a/b~c\": 3\n\"\": 4\n");
  EXPECT_EQ(document.at("/use/x/1")->text, "2");
  EXPECT_EQ(document.at("/a~1b~0c")->text, "3");
  EXPECT_EQ(document.at("/")->text, "4");
  EXPECT_EQ(document.at(""), &document.root());
  EXPECT_EQ(document.at("/" + pointer_token("a/b~c"))->text, "3");
  for (const char* nowhere : {"use", "/nope", "/use/x/2", "/use/x/01", "/use/x/-1", "/use/x/", "/base/x/0/y", "/a~2"}) {
    EXPECT_EQ(document.at(nowhere), nullptr) << nowhere;
  }
}

TEST(Document, AliasesPointAtTheLatestAnchorAndOutliveCopies) {
  std::optional<Document> copy;
  {
    const Document document = parsed("a: &x 1\nb: *x\nc: &x 2\nd: [*x, *x]\n");
    copy = document;
  }
  EXPECT_EQ(to_value(copy->root()).dump(), R"({"a":1,"b":1,"c":2,"d":[2,2]})");
  EXPECT_EQ(copy->at("/b")->target, copy->at("/a"));
  EXPECT_EQ(copy->at("/d/1")->target, copy->at("/c"));
}

TEST(Document, ReadsDirectivesAndDocumentMarksAroundOneDocument) {
  EXPECT_EQ(value_of("%YAML 1.2\n---\na: 1\n...\n# end\n"), R"({"a":1})");
}

// --- what it refuses

TEST(Document, SaysWhichByteIsNotUtf8) {
  const Error error = refused("a: 1\nb: x\xFFy\n");
  EXPECT_EQ(place_of(error), "2:5");
  EXPECT_THAT(error.message(), HasSubstr("0xFF"));
  EXPECT_EQ(error.kind(), ErrorKind::input);
  refused(
      std::string("\xFF\xFE"
                  "a\0",
                  4));
}

TEST(Document, SaysTheLimitAndTheSizeOfALargeFile) {
  const Error error = refused(std::string(50'000'000, 'x'));
  EXPECT_THAT(error.message(), HasSubstr("50000000"));
  EXPECT_THAT(error.message(), HasSubstr("8388608"));
  EXPECT_EQ(error.location().file, "f.yaml");
}

TEST(Document, RefusesDeepNestingCheaplyInEveryStyle) {
  std::string indented;
  for (std::size_t level = 0; level < 2'000; ++level) indented += std::string(level, ' ') + "a:\n";
  std::string dashes;
  for (int level = 0; level < 10'000; ++level) dashes += "- ";
  const auto took = time_of([&] {
    for (const std::string& deep : {std::string(10'000, '['), std::string(1'000'000, '['), dashes + "x", indented,
                                    std::string(5'000, '[') + std::string(5'000, ']')}) {
      EXPECT_THAT(refused(deep).message(), HasSubstr("deeper than 64"));
    }
    std::string braces;
    for (int level = 0; level < 10'000; ++level) braces += "{a: ";
    EXPECT_THAT(refused(braces).message(), HasSubstr("deeper than 64"));
  });
  EXPECT_LT(took.count(), 500);
}

TEST(Document, AcceptsNestingUpToTheLimit) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(Document::parse(nested(64), "f"));
  EXPECT_FALSE(Document::parse(nested(65), "f"));
  EXPECT_EQ(place_of(refused(nested(65))), "1:65");
}

TEST(Document, CountsTheDepthOfWhatAnAliasNames) {
  const std::string half = std::string(40, '[') + "1" + std::string(40, ']');
  EXPECT_THAT(refused("a: &a " + half + "\nb: " + std::string(30, '[') + "*a" + std::string(30, ']') + "\n").message(),
              HasSubstr("deeper"));
}

TEST(Document, RefusesABillionLaughsInMilliseconds) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 11; ++level) {
    bomb +=
        fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", level, level - 1);
  }
  const auto took = time_of([&] { EXPECT_THAT(refused(bomb).message(), HasSubstr("400000 values")); });
  EXPECT_LT(took.count(), 50);
  Limits many;
  many.nodes = std::size_t(-1) / 2;
  many.aliases = 1'000;
  EXPECT_TRUE(Document::parse(bomb, "f", many)) << "3.5e10 values are no reason to expand anything";
}

TEST(Document, LimitsNodesAndAliases) {
  Limits few;
  few.nodes = 5;
  EXPECT_TRUE(Document::parse("[a, b, c, d]", "f", few));
  EXPECT_FALSE(Document::parse("[a, b, c, d, e]", "f", few));
  few.aliases = 1;
  EXPECT_TRUE(Document::parse("[&a 1, *a]", "f", few));
  EXPECT_THAT(refused("[&a 1, *a, *a]", few).message(), HasSubstr("more than 1 aliases"));
}

TEST(Document, RefusesAliasesWithoutATarget) {
  const Error error = refused("a: 1\nb: *nope\n");
  EXPECT_EQ(place_of(error), "2:4");
  EXPECT_THAT(error.message(), HasSubstr("*nope"));
  EXPECT_THAT(refused("a: &x [1, *x]\n").message(), HasSubstr("inside of what it names"));
  EXPECT_THAT(refused("&r\na: {b: *r}\n").message(), HasSubstr("inside of what it names"));
}

TEST(Document, SaysWhereTheFirstOfTwoEqualKeysIs) {
  const Error error = refused("a: 1\nb:\n  id: x\n  k: 1\n  \"id\": y\n");
  EXPECT_EQ(place_of(error), "5:3");
  EXPECT_THAT(error.message(), HasSubstr("'id'"));
  EXPECT_THAT(error.message(), HasSubstr("line 3"));
  EXPECT_THAT(refused("{a: 1, a: 2}").message(), HasSubstr("twice"));
}

TEST(Document, FindsADuplicateAmongManyKeysQuickly) {
  std::string text;
  for (int key = 0; key < 60'000; ++key) text += fmt::format("k{}: 1\n", key);
  const auto took = time_of([&] { EXPECT_EQ(refused(text + "k1: 2\n").location().line, 60'001U); });
  EXPECT_LT(took.count(), 1'500);
}

TEST(Document, ExplainsTabs) {
  for (const char* text : {"a:\n\tb: 1\n", "a:\n  - x\n\t- y\n", "a: 1\n\tb: 1\n"}) {
    const Error error = refused(text);
    EXPECT_THAT(error.message(), HasSubstr("tab")) << text;
    EXPECT_THAT(error.hint(), HasSubstr("spaces")) << text;
    EXPECT_NE(error.location().line, 0U);
  }
  EXPECT_EQ(place_of(refused("a:\n\tb: 1\n")), "2:1");
}

TEST(Document, ExplainsCommonSlips) {
  EXPECT_THAT(refused("a: @x\n").message(), HasSubstr("cannot begin with '@'"));
  EXPECT_THAT(refused("a: b: c\n").hint(), HasSubstr("quotes"));
  EXPECT_THAT(refused("a: 1\n b: 2\n").to_string(), HasSubstr("f.yaml:2"));
  EXPECT_THAT(refused("a: [1, 2\nb: 3\n").message(), HasSubstr("not closed (it began in line 1)"));
  EXPECT_THAT(refused("a: {x: 1\nb: 3\n").message(), HasSubstr("not closed"));
  EXPECT_THAT(refused("a: \"x\n").message(), HasSubstr("never ends"));
  EXPECT_THAT(refused("a: 'x\n").message(), HasSubstr("never ends"));
  EXPECT_THAT(refused("a:\n  b: 1\n c: 2\n").message(), HasSubstr("does not line up"));
  EXPECT_THAT(refused("a: \"\\q\"\n").message(), HasSubstr("escape"));
  EXPECT_THAT(refused("a: 1\nb\n").message(), HasSubstr("key without its ':'"));
}

TEST(Document, NamesControlCharacters) {
  const Error error = refused("é: 1\nb: x\x01y\n");
  EXPECT_THAT(error.message(), HasSubstr("U+0001"));
  EXPECT_EQ(place_of(error), "2:5");
  refused(std::string("a: 1\0b", 6));
}

TEST(Document, RefusesASecondDocument) {
  const Error error = refused("a: 1\n---\nb: 2\n");
  EXPECT_EQ(place_of(error), "2:1");
  EXPECT_THAT(error.message(), HasSubstr("second document"));
}

TEST(Document, RefusesAnEmptyFile) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "\xEF\xBB\xBF", "%YAML 1.2\n---\n"}) {
    EXPECT_THAT(refused(text).message(), HasSubstr("empty")) << text;
  }
  EXPECT_TRUE(Document::parse("null", "f"));
}

TEST(Document, RefusesKeysThatAreNoScalars) {
  for (const char* text : {"? [a]\n: 1\n", "{[a]: 1}", "{a: &x b, *x : 1}", "? {a: 1}\n: 2\n"}) {
    EXPECT_THAT(refused(text).message(), HasSubstr("key")) << text;
  }
}

// Every prefix of a rich document is either read or refused with a place: never a crash, never an error without a line.
TEST(Document, SurvivesBeingCutAnywhere) {
  const std::string text =
      "\xEF\xBB\xBF# é\r\na: &x {k: [1, 'two', \"th\\u00e9\"]}\r\nb: *x\r\nc:\r\n- |2+\r\n    lit\r\n\r\n- >-\r\n  "
      "fold\r\n"
      "? d\r\n: !!str 5\r\n\"e\": {}\r\n...\r\n";
  ASSERT_TRUE(Document::parse(text, "f"));
  for (std::size_t length = 0; length < text.size(); ++length) {
    const Result<Document> document = Document::parse(text.substr(0, length), "f.yaml");
    if (document) continue;
    EXPECT_NE(document.error().location().line, 0U) << length << document.error().to_string();
  }
}

TEST(Document, ReadsAThousandNodeWorkflowFast) {
  std::string text = "name: big\nversion: 1.0.0\ngraph:\n  nodes:\n";
  for (int node = 0; node < 1'000; ++node) {
    text += fmt::format(
        "    - id: node_{0}\n      kind: tool\n      impl: ./tools/node_{0}.mjs\n      reads: [field_{0}, shared]\n"
        "      writes: [field_{1}]\n      timeout_ms: 30000\n      on_error: {{ policy: retry, attempts: 3 }}\n"
        "      args:\n        path: \"$.field_{0}\"\n        note: some words about what this node is for\n",
        node, node + 1);
  }
  const auto took = time_of([&] { EXPECT_EQ(parsed(text).at("/graph/nodes")->items.size(), 1'000U); });
  RecordProperty("milliseconds", static_cast<int>(took.count()));
  EXPECT_LT(took.count(), 250) << "the goal is 15 ms at -O1 on a quiet machine";
}

}  // namespace
}  // namespace oe::doc
