#include "oe/graph/expression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::graph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Value json(std::string_view text) {
  return *Value::parse(text);
}

// State of the reference's truth vectors, with a few fields more.
std::optional<Value> state(std::string_view name) {
  static const Value fields = json(R"({
    "n": 3, "s": "x", "a": [1, 2], "e": [], "o": {"k": null}, "zero": 0, "minus": -0.0, "empty": "", "no": false, "yes": true,
    "ten": "10", "spaced": " 7 ", "word": "abc", "one": [5], "twin": [1, 2], "rows": [{"id": "r1"}, {"id": "r2", "length": 9}],
    "big": 9007199254740993, "mark": "é", "smile": "😀", "private": "\uE000", "half": 1.5, "hex": "0x10"})");
  if (name == "$item") return json(R"({"id": 7, "ok": true})");
  const Value found = fields.get(name);
  return found.is_null() ? std::nullopt : std::optional(found);
}

bool holds(std::string_view text) {
  const Result<Expression> expression = Expression::parse(text);
  EXPECT_TRUE(expression) << text << ": " << (expression ? "" : expression.error().to_string());
  return expression && expression->holds(state);
}

struct Truth {
  const char* text;
  bool expected;
};
void PrintTo(const Truth& truth, std::ostream* out) {
  *out << truth.text;
}

class TruthTable : public testing::TestWithParam<Truth> {};
TEST_P(TruthTable, HoldsAsTheReferenceSays) {
  EXPECT_EQ(holds(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Reference, TruthTable,
                         testing::Values(Truth{"$.n > 2", true}, Truth{"$.n == \"3\"", false},
                                         Truth{"length($.a) >= 2", true}, Truth{"$.a.length == 2", true},
                                         Truth{"$.e", true}, Truth{"length($.e)", false}, Truth{"$.missing", false},
                                         Truth{"$.missing == 1", false}, Truth{"$.missing != 1", true},
                                         Truth{"$.missing != $.gone", false}, Truth{"$.missing == $.gone", false},
                                         Truth{"$.o.k == $.o.k", true}, Truth{"$.o.k < 1", true},
                                         Truth{"($.n > 5) || $.s == 'x'", true}));

INSTANTIATE_TEST_SUITE_P(Truthiness, TruthTable,
                         testing::Values(Truth{"$.o", true}, Truth{"$.zero", false}, Truth{"$.minus", false},
                                         Truth{"$.empty", false}, Truth{"$.no", false}, Truth{"$.yes", true},
                                         Truth{"$.o.k", false}, Truth{"'0'", true}, Truth{"''", false},
                                         Truth{"0.0", false}, Truth{"true", true}, Truth{"false", false},
                                         Truth{"-1", true}));

INSTANTIATE_TEST_SUITE_P(Identity, TruthTable,
                         testing::Values(Truth{"$.a == $.a", true}, Truth{"$.a == $.twin", false},
                                         Truth{"$.a != $.twin", true}, Truth{"($.a) == $.a", true},
                                         Truth{"$.a == 'x'", false}, Truth{"$.s == \"x\"", true},
                                         Truth{"$.n == 3.0", true}, Truth{"$.yes == 1", false},
                                         Truth{"$.zero == false", false}, Truth{"$.zero == $.minus", true},
                                         Truth{"$.o.k == 0", false}, Truth{"$.o.k == false", false},
                                         Truth{"$.big == 9007199254740992", true}, Truth{"$.rows.0 == $.rows.0", true},
                                         Truth{"$.missing == $.missing", false}));

INSTANTIATE_TEST_SUITE_P(
    Relations, TruthTable,
    testing::Values(Truth{"$.ten > 9", true}, Truth{"$.ten > '9'", false}, Truth{"$.spaced == 7", false},
                    Truth{"$.spaced >= 7", true}, Truth{"$.word > 1", false}, Truth{"$.word <= 1", false},
                    Truth{"$.yes > 0", true}, Truth{"$.yes <= 1", true}, Truth{"$.empty < 1", true},
                    Truth{"$.hex == 16", false}, Truth{"$.hex >= 16", true}, Truth{"$.hex <= 16", true},
                    Truth{"'1e3' > 999", true}, Truth{"'inf' > 1", false}, Truth{"'Infinity' > 1", true},
                    Truth{"'nan' >= 0", false}, Truth{"'+5' >= 5", true}, Truth{"'+-5' < 0", false},
                    Truth{"$.one > 4", true}, Truth{"$.a > 0", false}, Truth{"$.e < 1", true}, Truth{"$.a > '1'", true},
                    Truth{"$.o < 'a'", true}, Truth{"$.missing < 1", false}, Truth{"$.missing >= 0", false},
                    Truth{"'a' < 'b'", true}, Truth{"'a' < 'a'", false}, Truth{"'a' <= 'a'", true},
                    Truth{"'a' < 'ab'", true}, Truth{"'B' < 'a'", true}, Truth{"$.half < 2", true},
                    Truth{"-3 < -2", true}));

// UTF-16: the smile is a pair of surrogates (D83D...), which sorts before U+E000.
INSTANTIATE_TEST_SUITE_P(CodeUnits, TruthTable,
                         testing::Values(Truth{"$.smile < $.private", true}, Truth{"$.private > $.smile", true},
                                         Truth{"$.mark < $.smile", true}, Truth{"length($.smile) == 2", true},
                                         Truth{"length($.mark) == 1", true}));

INSTANTIATE_TEST_SUITE_P(Paths, TruthTable,
                         testing::Values(Truth{"$.rows.0.id == 'r1'", true}, Truth{"$.rows.1.id == 'r2'", true},
                                         Truth{"$.rows.2.id", false}, Truth{"$.rows.00.id", false},
                                         Truth{"$.rows.length == 2", true}, Truth{"$.rows.1.length == 9", true},
                                         Truth{"$.rows.length.x", false}, Truth{"$.s.length", false},
                                         Truth{"$.n.x.y", false}, Truth{"$.o.k.deeper", false},
                                         Truth{"$.rows.99999999999999999999", false}, Truth{"$item.id == 7", true},
                                         Truth{"$item.ok", true}, Truth{"$index", false},
                                         Truth{"length($.n) == 0", true}, Truth{"length($.missing) == 0", true},
                                         Truth{"length($.o) == 0", true}, Truth{"length(length($.s)) == 0", true}));

INSTANTIATE_TEST_SUITE_P(Connectives, TruthTable,
                         testing::Values(Truth{"true || false && false", true},
                                         Truth{"(true || false) && false", false}, Truth{"$.n && $.s && $.a", true},
                                         Truth{"$.empty || $.zero || $.no", false}, Truth{"($.s || $.n) == true", true},
                                         Truth{"\t$.n\n>  2 ", true}, Truth{"1.2.3 == 1.2", true},
                                         Truth{"'a\"b' == 'a\"b'", true}, Truth{"\"it's\" != ''", true}));

INSTANTIATE_TEST_SUITE_P(OurAdditions, TruthTable,
                         testing::Values(Truth{"!$.missing", true}, Truth{"!$.n", false}, Truth{"!!$.n", true},
                                         Truth{"!($.n > 5) && $.yes", true}, Truth{"!$.n == false", true},
                                         Truth{"$.o.k == null", true}, Truth{"$.n != null", true},
                                         Truth{"$.missing == null", false}));

struct Fault {
  const char* text;
  unsigned column;
  const char* message;
};
void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.text;
}

class Faults : public testing::TestWithParam<Fault> {};
TEST_P(Faults, NameTheColumn) {
  const Result<Expression> expression = Expression::parse(GetParam().text);
  ASSERT_FALSE(expression);
  EXPECT_EQ(expression.error().kind(), ErrorKind::input);
  EXPECT_EQ(expression.error().location().column, GetParam().column);
  EXPECT_THAT(expression.error().to_string(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, Faults,
    testing::Values(
        Fault{"", 1, "empty"}, Fault{"  \n", 1, "empty"}, Fault{"$.n > 2 ) junk", 9, "unexpected ')'"},
        Fault{"$.a == 1 $.b", 10, "unexpected '$.b'"}, Fault{"1 < 2 < 3", 7, "comparisons do not chain"},
        Fault{"5 -3", 3, "unexpected '-3'"}, Fault{"$.n = 3", 5, "did you mean '=='?"},
        Fault{"$.n & $.s", 5, "did you mean '&&'?"}, Fault{"$.n | $.s", 5, "did you mean '||'?"},
        Fault{"$.n > 'x", 7, "not closed"}, Fault{"($.n > 1", 9, "expected ')' for the '(' at column 1, found the end"},
        Fault{"$.n >", 6, "a value is missing before the end"}, Fault{"&& $.n", 1, "a value is missing before '&&'"},
        Fault{"()", 2, "a value is missing before ')'"}, Fault{"length()", 8, "a value is missing"},
        Fault{"length($.a, 2)", 11, "unexpected character ','"}, Fault{"size($.a)", 1, "the only function is length"},
        Fault{"length", 1, "unknown word 'length'"}, Fault{"status == 'ok'", 1, "a state field is written '$.status'"},
        Fault{"$.a[0]", 4, "unexpected character '['"}, Fault{"$", 1, "unexpected character '$'"},
        Fault{"$.", 1, "empty name"}, Fault{"$.a..b", 1, "empty name"}, Fault{"$.a. == 1", 1, "empty name"},
        Fault{"$count > 1", 1, "a state field is written '$.count'"}, Fault{"$.n\r> 1", 4, "unexpected byte 0x0D"},
        Fault{"$.n > é", 7, "unexpected byte 0xC3"}, Fault{"- 3", 1, "unexpected character '-'"}));

TEST(Expression, RefusesALongText) {
  EXPECT_TRUE(Expression::parse("'" + std::string(4094, 'x') + "'"));
  const auto expression = Expression::parse("'" + std::string(4095, 'x') + "'");
  ASSERT_FALSE(expression);
  EXPECT_THAT(expression.error().message(), HasSubstr("longer than 4096"));
}

TEST(Expression, RefusesDeepNesting) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '(') + "1" + std::string(depth, ')'); };
  EXPECT_TRUE(Expression::parse(nested(63)));
  const auto expression = Expression::parse(nested(64));
  ASSERT_FALSE(expression);
  EXPECT_EQ(expression.error().location().column, 65U);
  EXPECT_FALSE(Expression::parse(std::string(4000, '!') + "1"));
}

TEST(Expression, ReadsALongFlatTextWithoutNesting) {
  std::string text = "$.n";
  while (text.size() < 4000) text += " && $.n";
  EXPECT_TRUE(holds(text));
}

TEST(Expression, NamesItsFieldsOnceInOrder) {
  const auto expression = Expression::parse("$.b.x > 1 && length($.a) > $.b.y || !($item.z == $.c)");
  EXPECT_THAT(expression->fields(), ElementsAre("b", "a", "c"));
}

TEST(Expression, StopsAtTheFirstTermThatDecides) {
  int lookups = 0;
  const Lookup counting = [&](std::string_view name) {
    ++lookups;
    return state(name);
  };
  EXPECT_TRUE(Expression::parse("$.n || $.s")->holds(counting));
  EXPECT_FALSE(Expression::parse("$.no && $.s")->holds(counting));
  EXPECT_EQ(lookups, 2);
}

}  // namespace
}  // namespace oe::graph
