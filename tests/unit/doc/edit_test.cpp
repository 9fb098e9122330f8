#include "oe/doc/edit.hpp"
#include "unit/doc/parsed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::doc {
namespace {

using testing::HasSubstr;

Value json(const std::string& text) {
  Result<Value> value = Value::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : Value();
}

std::string shown(const Result<std::string>& result) {
  return result ? *result : "refused: " + result.error().to_string();
}
std::string set(const std::string& text, const std::string& pointer, const std::string& value) {
  return shown(set_scalar(parsed(text), pointer, json(value)));
}
std::string add(const std::string& text, const std::string& pointer, const std::string& key, const std::string& value,
                const KeyOrder& order = {}) {
  return shown(add_member(parsed(text), pointer, key, json(value), order));
}
std::string insert(const std::string& text, const std::string& pointer, std::size_t index, const std::string& value,
                   const KeyOrder& order = {}) {
  return shown(insert_item(parsed(text), pointer, index, json(value), order));
}
std::string remove(const std::string& text, const std::string& pointer, const std::string& key) {
  return shown(remove_member(parsed(text), pointer, key));
}

// --- set_scalar

TEST(SetScalar, ReplacesTheScalarAndNothingElse) {
  EXPECT_EQ(set("a:  1   # note\nb: 2", "/a", "30000"), "a:  30000   # note\nb: 2");
  EXPECT_EQ(set("\xEF\xBB\xBF"
                "é: [ü, 7]\r\nb: 2\r\n",
                "/é/1", "8"),
            "\xEF\xBB\xBF"
            "é: [ü, 8]\r\nb: 2\r\n");
  EXPECT_EQ(set("{\"a\": {\"b\": 1}}", "/a/b", "2.5"), "{\"a\": {\"b\": 2.5}}");
}

TEST(SetScalar, KeepsTheQuotes) {
  EXPECT_EQ(set("a: 'x'\n", "/a", R"("it's")"), "a: 'it''s'\n");
  EXPECT_EQ(set("a: \"x\"\n", "/a", R"("y \"z\"\n")"), "a: \"y \\\"z\\\"\\n\"\n");
  EXPECT_EQ(set("a: x\n", "/a", R"("y z")"), "a: y z\n");
  EXPECT_EQ(set("a: 'x'\n", "/a", "5"), "a: 5\n");
  EXPECT_EQ(set("a: 'x'\n", "/a", R"("tab\u0001")"), "a: \"tab\\u0001\"\n");
}

TEST(SetScalar, QuotesWhatWouldReadAsSomethingElse) {
  for (const char* text : {"",
                           "1",
                           "1e3",
                           "0x1F",
                           "true",
                           "Null",
                           "~",
                           "yes",
                           "Off",
                           "- x",
                           "a: b",
                           "a #b",
                           " x",
                           "x ",
                           "#x",
                           "*x",
                           "&x",
                           "!x",
                           "@x",
                           "%x",
                           "`x",
                           "'x",
                           "\"x",
                           "x:",
                           "[x",
                           "{x",
                           "?",
                           "-",
                           "---",
                           ".5",
                           "2024-01-01",
                           "12:30:00",
                           "1_000",
                           "<<",
                           "=",
                           ".inf",
                           "|",
                           ">",
                           ",",
                           "\xC2\x85",
                           "\xEF\xBB\xBF",
                           "a\xE2\x80\xA8z",
                           "\x7F",
                           "\xC2\x9F"}) {
    const Value value = Value::of(std::string_view(text));
    for (const char* style : {"a: w\n", "a: 'w'\n", "[w, b]", "{k: w}"}) {
      const Document document = parsed(style);
      const std::string pointer = style[0] == 'a' ? "/a" : style[0] == '[' ? "/0" : "/k";
      const Result<std::string> edited = set_scalar(document, pointer, value);
      ASSERT_TRUE(edited) << text << " in " << style << edited.error().to_string();
      EXPECT_EQ(to_value(*parsed(*edited).at(pointer)), value) << *edited;
    }
  }
  EXPECT_EQ(set("a: w\nb: 'q'\n", "/a", R"("true")"), "a: 'true'\nb: 'q'\n");
  EXPECT_EQ(set("a: w\n", "/a", R"("true")"), "a: \"true\"\n");
  EXPECT_EQ(set("a: w\n", "/a", R"x("length($.a) > 0 && $.b")x"), "a: length($.a) > 0 && $.b\n");
}

TEST(SetScalar, FillsWhatIsMissing) {
  EXPECT_EQ(set("a:\nb:   # note\n", "/a", "1"), "a: 1\nb:   # note\n");
  EXPECT_EQ(set("a:\nb:   # note\n", "/b", "1"), "a:\nb: 1   # note\n");
  EXPECT_EQ(set("- \n-\n", "/1", "1"), "- \n- 1\n");
  EXPECT_EQ(set("{a, b: , c: }", "/a", "1"), "{a: 1, b: , c: }");
  EXPECT_EQ(set("{a, b: , c: }", "/c", "1"), "{a, b: , c: 1}");
  EXPECT_EQ(set("a: ~\n", "/a", "\"x\""), "a: x\n");
  EXPECT_EQ(set("a: &x\nb: 1\n", "/a", "5"), "a: &x 5\nb: 1\n");
}

TEST(SetScalar, WritesSeveralLinesAsALiteralBlock) {
  EXPECT_EQ(set("x:\n    a: w  # note\n    b: 1\n", "/x/a", R"("one\n\ntwo\n")"),
            "x:\n    a: |  # note\n        one\n\n        two\n    b: 1\n");
  EXPECT_EQ(set("- w\r\n- 2", "/0", R"("one\ntwo")"), "- |-\r\n  one\r\n  two\r\n- 2");
  EXPECT_EQ(set("[w]", "/0", R"("one\ntwo")"), "[\"one\\ntwo\"]");
}

TEST(SetScalar, ReplacesBlockScalarsInTheirStyle) {
  EXPECT_EQ(set("a: |\n   one\n   two\n\n# c\nb: 1\n", "/a", R"("x\n  y\n")"), "a: |\n   x\n     y\n\n# c\nb: 1\n");
  EXPECT_EQ(set("a: | # note\n  one\nb: 1\n", "/a", R"("x")"), "a: |- # note\n  x\nb: 1\n");
  EXPECT_EQ(set("a: >\n  one\n  two\nb: 1\n", "/a", R"("x\ny\n\nz\n")"), "a: >\n  x\n\n  y\n\n\n  z\nb: 1\n");
  EXPECT_EQ(set("a: | # note\n  one\nb: 1\n", "/a", "5"), "a: 5 # note\nb: 1\n");
  EXPECT_EQ(set("a: |2-\n    one\nb: 1\n", "/a", R"("x")"), "a: |-\n  x\nb: 1\n");
}

TEST(SetScalar, ReplacesAScalarOfSeveralLines) {
  EXPECT_EQ(set("a: one\n  two # c\nb: 1\n", "/a", "5"), "a: 5 # c\nb: 1\n");
  EXPECT_EQ(set("a: \"one\n  two\" # c\nb: 1\n", "/a", "\"x\""), "a: \"x\" # c\nb: 1\n");
}

TEST(SetScalar, LeavesTheTextAloneWhenTheValueIsThereAlready) {
  EXPECT_EQ(set("a: 0x10 # c\n", "/a", "16"), "a: 0x10 # c\n");
}

TEST(SetScalar, RefusesWhatIsShared) {
  const std::string text = "a: &x 1\nb: *x\nc: &y {k: 1}\nd: *y\ne: &z 5\n";
  EXPECT_THAT(set(text, "/a", "2"), HasSubstr("shared: line 2"));
  EXPECT_THAT(set(text, "/b", "2"), HasSubstr("alias *x"));
  EXPECT_THAT(set(text, "/c/k", "2"), HasSubstr("shared: line 4"));
  EXPECT_THAT(set(text, "/d/k", "2"), HasSubstr("alias *y"));
  EXPECT_THAT(set(text, "/e", "2"), HasSubstr("e: &z 2\n"));
}

TEST(SetScalar, RefusesWithAReason) {
  EXPECT_THAT(set("a: [1]\n", "/a", "2"), HasSubstr("not a single value"));
  EXPECT_THAT(set("a: 1\n", "/a", "[2]"), HasSubstr("not a single value"));
  EXPECT_THAT(set("a: 1\n", "/b", "2"), HasSubstr("nothing at '/b'"));
  EXPECT_THAT(set("a: !!str 1\n", "/a", "2"), HasSubstr("without changing more"));
  EXPECT_EQ(set_scalar(parsed("a: !!str 1\n"), "/a", Value::of(2)).error().kind(), ErrorKind::failed);
}

// --- add_member

TEST(AddMember, GoesBehindTheLastMemberOfABlock) {
  EXPECT_EQ(add("a:\n  b: 1 # one\n  # about nothing\n\nc: 2\n", "/a", "d", "3"),
            "a:\n  b: 1 # one\n  d: 3\n  # about nothing\n\nc: 2\n");
  EXPECT_EQ(add("a: 1", "", "b", "2"), "a: 1\nb: 2");
  EXPECT_EQ(add("a: 1\r\n", "", "b", "2"), "a: 1\r\nb: 2\r\n");
  EXPECT_EQ(add("- a: 1\n  b: |\n    x\n\n- c\n", "/0", "d", "\"q\""), "- a: 1\n  b: |\n    x\n  d: q\n\n- c\n");
  EXPECT_EQ(add("a:\n  b:\n    - x\n    - y\nc: 1\n", "/a", "d", "3"), "a:\n  b:\n    - x\n    - y\n  d: 3\nc: 1\n");
}

TEST(AddMember, KeepsDeeperCommentsWithTheMemberAbove) {
  EXPECT_EQ(add("a:\n  b:\n    c: 1\n    # more about c\n", "/a", "d", "3"),
            "a:\n  b:\n    c: 1\n    # more about c\n  d: 3\n");
}

TEST(AddMember, KeepsBlankLinesBetweenMembers) {
  EXPECT_EQ(add("a: 1\n\nb: 2\n", "", "c", "3"), "a: 1\n\nb: 2\n\nc: 3\n");
}

TEST(AddMember, WorksInBraces) {
  EXPECT_EQ(add("a: { b: 1 } # c\n", "/a", "d", "[1, \"x,y\"]"), "a: { b: 1, d: [1, \"x,y\"] } # c\n");
  EXPECT_EQ(add("{\"b\":1}", "", "d", "\"x\""), "{\"b\":1,\"d\":\"x\"}");
  EXPECT_EQ(add("{b: 1,}", "", "d", "2"), "{b: 1, d: 2,}");
  EXPECT_EQ(add("{b}", "", "d", "2"), "{b, d: 2}");
  EXPECT_EQ(add("{\n\t\"b\": 1\n}\n", "", "d", "2"), "{\n\t\"b\": 1,\n\t\"d\": 2\n}\n");
}

TEST(AddMember, WorksInJsonOverSeveralLines) {
  EXPECT_EQ(add("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n", "/a", "c", "{\"x\": 1}"),
            "{\n  \"a\": {\n    \"b\": 1,\n    \"c\": {\n      \"x\": 1\n    }\n  }\n}\n");
  EXPECT_EQ(add("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n", "", "c", "\"yes\""),
            "{\n  \"a\": {\n    \"b\": 1\n  },\n  \"c\": \"yes\"\n}\n");
}

TEST(AddMember, FillsEmptyMappings) {
  EXPECT_EQ(add("a:\n  b: {}  # c\n  d: 1\n", "/a/b", "x", "1"), "a:\n  b: { x: 1 }  # c\n  d: 1\n");
  EXPECT_EQ(add("a:\n  b:  # c\n  d: 1\n", "/a/b", "x", "1"), "a:\n  b:  # c\n    x: 1\n  d: 1\n");
  EXPECT_EQ(add("a: ~\n", "/a", "x", "1"), "a:\n  x: 1\n");
  EXPECT_EQ(add("a: {} # c\n", "/a", "x", "{\"y\": 1}"), "a: # c\n  x:\n    y: 1\n");
  EXPECT_EQ(add("[{}]", "/0", "x", "1"), "[{\"x\": 1}]");
  EXPECT_EQ(add("{\"a\": {}}", "/a", "x", "1"), "{\"a\": {\"x\": 1}}");
  EXPECT_EQ(add("-\n- b\n", "/0", "x", "{\"y\": [1]}"), "- x:\n    y: [1]\n- b\n");
  EXPECT_EQ(add("{}\n", "", "x", "1"), "{\"x\": 1}\n");
}

TEST(AddMember, WritesValuesAsTheFileDoes) {
  EXPECT_EQ(add("n:\n    id: a\n    m:\n        k: 1\n", "/n", "args", R"({"b":[{"x":1,"y":"t\nu\n"}],"a":[]})"),
            "n:\n    id: a\n    m:\n        k: 1\n    args:\n        a: []\n        b:\n            - x: 1\n"
            "              y: |\n                  t\n                  u\n");
  EXPECT_EQ(add("n:\n  l:\n  - 1\n  - 2\n", "/n", "m", "[3, 4]"), "n:\n  l:\n  - 1\n  - 2\n  m:\n  - 3\n  - 4\n");
  EXPECT_EQ(add("a: {x: 1}\n", "", "b", "{\"y\": 2}"), "a: {x: 1}\nb: {y: 2}\n");
  EXPECT_EQ(add("\"a\": 1\n", "", "b", "2"), "\"a\": 1\n\"b\": 2\n");
}

TEST(AddMember, OrdersKeysLikeSiblingsThenAsAsked) {
  EXPECT_EQ(add("f:\n  a: { type: string, about: x }\n", "/f", "b", R"({"about":"y","type":"array","extra":1,"big":2})",
                {"extra"}),
            "f:\n  a: { type: string, about: x }\n  b: { type: array, about: y, extra: 1, big: 2 }\n");
}

TEST(AddMember, RefusesWithAReason) {
  EXPECT_THAT(add("a: 1\n", "", "a", "2"), HasSubstr("already"));
  EXPECT_THAT(add("a: [1]\n", "/a", "b", "2"), HasSubstr("not a mapping"));
  EXPECT_THAT(add("a: { # note\n }\n", "/a", "b", "2"), HasSubstr("comment"));
  EXPECT_THAT(add("a: &x {k: 1}\nb: *x\n", "/a", "c", "2"), HasSubstr("shared"));
}

TEST(AddMember, PutsKeysThatNoSiblingHasWhereTheAskedOrderHasThem) {
  const KeyOrder asked = {"id", "impl", "reads", "writes", "timeout"};
  EXPECT_EQ(
      insert("- id: a\n  impl: i\n  writes: [w]\n", "", 1,
             R"({"writes":["v"],"reads":["r"],"id":"b","extra":1,"impl":"j","timeout":5})", asked),
      "- id: a\n  impl: i\n  writes: [w]\n- id: b\n  impl: j\n  reads: [r]\n  writes: [v]\n  timeout: 5\n  extra: 1\n");
}

// --- insert_item

TEST(InsertItem, GoesRightBehindTheItemBefore) {
  const std::string text = "n:\n  - id: a # first\n    k: 1\n\n  # about b\n  - id: b\n    k: 2\n# end\nz: 1\n";
  EXPECT_EQ(
      insert(text, "/n", 1, R"({"id":"x","k":3})"),
      "n:\n  - id: a # first\n    k: 1\n\n  - id: x\n    k: 3\n\n  # about b\n  - id: b\n    k: 2\n# end\nz: 1\n");
  EXPECT_EQ(
      insert(text, "/n", 2, R"({"id":"x","k":3})"),
      "n:\n  - id: a # first\n    k: 1\n\n  # about b\n  - id: b\n    k: 2\n\n  - id: x\n    k: 3\n# end\nz: 1\n");
}

TEST(InsertItem, AtTheFrontLeavesTheCommentsOfTheNextItemWithIt) {
  EXPECT_EQ(insert("n:\n  # about a\n  - a\n", "/n", 0, "\"x\""), "n:\n  - x\n  # about a\n  - a\n");
  EXPECT_EQ(insert("# the file\n- a\n", "", 0, "\"x\""), "# the file\n- x\n- a\n");
  EXPECT_EQ(insert("- - a\n  - b\n", "/0", 0, "\"x\""), "- - x\n  - a\n  - b\n");
}

TEST(InsertItem, WorksOnListsThatAreNotIndented) {
  EXPECT_EQ(insert("n:\n- a\n- b\n# end\nz: 1\n", "/n", 2, "\"c\""), "n:\n- a\n- b\n- c\n# end\nz: 1\n");
  EXPECT_EQ(insert("n:\r\n-   a\r\n-   b", "/n", 2, "{\"k\": [1, 2]}"),
            "n:\r\n-   a\r\n-   b\r\n-   k:\r\n    - 1\r\n    - 2");
}

TEST(InsertItem, ImitatesTheItemsBeside) {
  EXPECT_EQ(insert("e:\n  - { from: a, to: b }\n", "/e", 1, R"({"to":"c","from":"b","when":"$.x > 1"})"),
            "e:\n  - { from: a, to: b }\n  - { from: b, to: c, when: $.x > 1 }\n");
  EXPECT_EQ(insert("e:\n  - {from: a, to: b}\n", "/e", 0, R"({"to":"c","from":"b","when":"length($.a, 'x') > 0"})"),
            "e:\n  - {from: b, to: c, when: \"length($.a, 'x') > 0\"}\n  - {from: a, to: b}\n");
  EXPECT_EQ(insert("e:\n  - from: a\n    to: b\n", "/e", 1, R"({"to":"c","from":"b"})"),
            "e:\n  - from: a\n    to: b\n  - from: b\n    to: c\n");
  EXPECT_EQ(insert("e:\n  - 'a'\n", "/e", 1, "\"1\""), "e:\n  - 'a'\n  - '1'\n");
}

TEST(InsertItem, WorksInBrackets) {
  EXPECT_EQ(insert("a: [1, 2] # c\n", "/a", 0, "0"), "a: [0, 1, 2] # c\n");
  EXPECT_EQ(insert("a: [1, 2] # c\n", "/a", 1, "0"), "a: [1, 0, 2] # c\n");
  EXPECT_EQ(insert("a: [1, 2] # c\n", "/a", 2, "0"), "a: [1, 2, 0] # c\n");
  EXPECT_EQ(insert("a: [1,2]\n", "/a", 1, "0"), "a: [1,0,2]\n");
  EXPECT_EQ(insert("a: [ &x 1, !!str 2 ]\n", "/a", 0, "0"), "a: [ 0, &x 1, !!str 2 ]\n");
  EXPECT_EQ(insert("a: [1, 2,\n    3, 4]\n", "/a", 3, "0"), "a: [1, 2,\n    3, 0, 4]\n");
}

TEST(InsertItem, WorksInBracketsWithALineForEachItem) {
  const std::string text = "[\n  # one\n  {\"a\": 1}, # c\n  {\"a\": 2} # d\n]\n";
  EXPECT_EQ(insert(text, "", 0, "{\"a\": 0}"), "[\n  {\"a\": 0},\n  # one\n  {\"a\": 1}, # c\n  {\"a\": 2} # d\n]\n");
  EXPECT_EQ(insert(text, "", 1, "{\"a\": 0}"), "[\n  # one\n  {\"a\": 1}, # c\n  {\"a\": 0},\n  {\"a\": 2} # d\n]\n");
  EXPECT_EQ(insert(text, "", 2, "{\"a\": 0}"), "[\n  # one\n  {\"a\": 1}, # c\n  {\"a\": 2}, # d\n  {\"a\": 0}\n]\n");
}

TEST(InsertItem, ExpandsJsonItemsLikeTheirSiblings) {
  EXPECT_EQ(insert("[\n  {\n    \"b\": 1,\n    \"a\": [1, 2]\n  }\n]", "", 1, R"({"a":[3],"b":"x"})"),
            "[\n  {\n    \"b\": 1,\n    \"a\": [1, 2]\n  },\n  {\n    \"b\": \"x\",\n    \"a\": [3]\n  }\n]");
}

TEST(InsertItem, FillsEmptyLists) {
  const std::string edge = R"({"from":"a","to":"b"})";
  EXPECT_EQ(insert("g:\n  e:\n  n: 1\n", "/g/e", 0, edge), "g:\n  e:\n    - from: a\n      to: b\n  n: 1\n");
  EXPECT_EQ(insert("g:\n  e: [] # none\n  n: {x: 1}\n", "/g/e", 0, edge),
            "g:\n  e: # none\n    - {from: a, to: b}\n  n: {x: 1}\n");
  EXPECT_EQ(insert("e: []", "/e", 0, edge), "e:\n  - from: a\n    to: b");
  EXPECT_EQ(insert("e: null\r\nf: 1\r\n", "/e", 0, edge), "e:\r\n  - from: a\r\n    to: b\r\nf: 1\r\n");
  EXPECT_EQ(insert("r: []\n", "/r", 0, "\"x\""), "r: [x]\n");
  EXPECT_EQ(insert("[]", "", 0, "\"x\""), "[\"x\"]");
  EXPECT_EQ(insert("- []\n- 1\n", "/0", 0, edge), "- - from: a\n    to: b\n- 1\n");
  EXPECT_EQ(insert("{\n  \"e\": []\n}\n", "/e", 0, edge),
            "{\n  \"e\": [\n    {\n      \"from\": \"a\",\n      \"to\": \"b\"\n    }\n  ]\n}\n");
}

TEST(InsertItem, KeepsTheTextOfABlockScalarAboveIt) {
  EXPECT_EQ(insert("- |+\n  a\n\n- b\n", "", 1, "\"x\""), "- |+\n  a\n\n- x\n- b\n");
  EXPECT_EQ(insert("- |\n  a\n\n\n- b\n", "", 1, "\"x\""), "- |\n  a\n\n- x\n\n\n- b\n");
}

TEST(InsertItem, AddsNoBlankLineToATextThatWouldKeepIt) {
  EXPECT_EQ(insert("- a\n\n- |+\n  b\n", "", 2, "\"x\""), "- a\n\n- |+\n  b\n- x\n");
}

TEST(InsertItem, KeepsTheTextOfABlockScalarAtTheEndOfAFileWithoutItsLastLineEnd) {
  EXPECT_EQ(insert("- a\n- |\n  b", "", 2, "\"x\""), "- a\n- |-\n  b\n- x");
  EXPECT_EQ(insert("- a\n- k: >2\n    b", "", 2, "\"x\""), "- a\n- k: >2-\n    b\n- x");
  EXPECT_EQ(insert("- a", "", 1, R"("one\ntwo\n")"), "- a\n- \"one\\ntwo\\n\"");
}

TEST(InsertItem, RefusesWithAReason) {
  EXPECT_THAT(insert("a: {}\n", "/a", 0, "1"), HasSubstr("not a list"));
  EXPECT_EQ(insert_item(parsed("[]"), "", 1, Value()).error().kind(), ErrorKind::bug);
  EXPECT_THAT(insert("a: &x [1]\nb: *x\n", "/a", 0, "1"), HasSubstr("shared"));
}

TEST(InsertItem, NeverTouchesTheDocument) {
  const Document document = parsed("a: [1]\n");
  ASSERT_TRUE(insert_item(document, "/a", 0, Value::of(5)));
  EXPECT_EQ(document.text(), "a: [1]\n");
}

// --- remove_member, written_like

TEST(RemoveMember, TakesItsLinesAndNothingElse) {
  EXPECT_EQ(remove("a: 1\n# note\nb:\n  - x\n  - y\nc: 3\n", "", "b"), "a: 1\n# note\nc: 3\n");
  EXPECT_EQ(remove("a: 1\nb: 2", "", "b"), "a: 1");
  EXPECT_EQ(remove("- a: 1\n  b: 2\n", "/0", "a"), "- b: 2\n");
  EXPECT_EQ(remove("{ a: 1, b: 2, c: 3 }", "", "a"), "{ b: 2, c: 3 }");
  EXPECT_EQ(remove("{ a: 1, b: 2, c: 3 }", "", "c"), "{ a: 1, b: 2 }");
}

TEST(RemoveMember, RefusesToLoseAComment) {
  EXPECT_THAT(remove("{\n  a: 1, # one\n  b: 2\n}\n", "", "b"), HasSubstr("comment"));
  EXPECT_THAT(remove("a: 1\n", "", "a"), HasSubstr("beside others"));
  EXPECT_THAT(remove("a: 1\n", "", "b"), HasSubstr("no member 'b'"));
}

TEST(WrittenLike, TakesSpacingAndOrderFromTheExample) {
  EXPECT_EQ(written_like(parsed("{\"b\":1,\"a\":2}"), json(R"({"a":"x","b":[1,2]})")), R"({"b":[1,2],"a":"x"})");
  EXPECT_EQ(written_like(parsed("{ \"b\": 1, \"a\": 2 }"), json(R"({"a":"x","b":[1]})")), R"({ "b": [1], "a": "x" })");
}

}  // namespace
}  // namespace oe::doc
