#include "oe/graph/expression.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

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
    "ten": "10", "spaced": " 7 ", "word": "abc", "one": [5], "nested": [[1, 2]], "twin": [1, 2], "rows": [{"id": "r1"}, {"id": "r2", "length": 9}],
    "big": 9007199254740993, "mark": "é", "smile": "😀", "private": "\uE000", "half": 1.5, "hex": "0x10"})");
  if (name == "$item" || name == "$row") return json(R"({"id": 7, "ok": true})");
  if (name == "$run") return json(R"({"id": "r", "inputs": {"limit": 5, "any key": [1]}})");
  if (name == "$nodes.ask") return json(R"({"status": "failed", "output": {"n": [4]}})");
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

INSTANTIATE_TEST_SUITE_P(
    Indices, TruthTable,
    testing::Values(Truth{"$.rows[0].id == 'r1'", true}, Truth{"$.rows[1][\"id\"] == 'r2'", true},
                    Truth{"$.rows['1']['length'] == 9", true}, Truth{"$.rows[2]", false}, Truth{"$.a[0] == $.a.0", true},
                    Truth{"$['n'] == 3", true}, Truth{"$.rows[0] == $.rows.0", true}, Truth{"$item['id'] == 7", true},
                    Truth{"$.n[0]", false}));

INSTANTIATE_TEST_SUITE_P(
    Variables, TruthTable,
    testing::Values(Truth{"item.id == 7", true}, Truth{"item", true}, Truth{"row.ok && $row.ok", true},
                    Truth{"$run.inputs.limit == 5", true}, Truth{"$run.inputs['any key'][0] == 1", true},
                    Truth{"$run.inputs.gone", false}, Truth{"$nodes.ask.status == 'failed'", true},
                    Truth{"$nodes.ask.output.n[0] == 4", true}, Truth{"$nodes.other.status == 'failed'", false},
                    Truth{"$iter", false}, Truth{"nothing", false}));

INSTANTIATE_TEST_SUITE_P(
    Arithmetic, TruthTable,
    testing::Values(Truth{"1 + 2 * 3 == 7", true}, Truth{"(1 + 2) * 3 == 9", true}, Truth{"10 - 3 - 2 == 5", true},
                    Truth{"12 / 3 / 2 == 2", true}, Truth{"7 % 4 == 3", true}, Truth{"-7 % 4 == -3", true},
                    Truth{"$.n -1 == 2", true}, Truth{"$.n-1 == 2", true}, Truth{"5 -3 == 2", true},
                    Truth{"-$.n == -3", true}, Truth{"- - 3 == 3", true}, Truth{"!-$.n == false", true},
                    Truth{"'a' + 'b' + 'c' == 'abc'", true}, Truth{"$.s + 'y' == 'xy'", true},
                    Truth{"0.5 + 0.5 == 1", true}, Truth{"1 / 4 == 0.25", true}, Truth{"1 / 3 * 3 == 1", true},
                    Truth{"1 + 1 < 3 && 2 > 1", true}, Truth{"2 * -3 == -6", true}));

INSTANTIATE_TEST_SUITE_P(
    UnsetArithmetic, TruthTable,
    testing::Values(Truth{"1 / 0 == 1 / 0", false}, Truth{"0 / 0 != 1", true}, Truth{"1 % 0", false},
                    Truth{"'a' + 1 != 'x'", true}, Truth{"'a' + 1", false}, Truth{"'3' * 1 == 3", false},
                    Truth{"$.missing + 1", false}, Truth{"$.yes + 1", false}, Truth{"-$.s", false},
                    Truth{"$.o.k + 1", false}, Truth{"$.a + $.a", false}, Truth{"-'5'", false}));

INSTANTIATE_TEST_SUITE_P(
    Membership, TruthTable,
    testing::Values(Truth{"1 in $.a", true}, Truth{"1.0 in $.a", true}, Truth{"'1' in $.a", false},
                    Truth{"$.a in $.nested", true}, Truth{"$.twin in $.nested", true}, Truth{"$.e in $.nested", false},
                    Truth{"'b' in 'abc'", true}, Truth{"'' in 'abc'", true}, Truth{"'ca' in 'abc'", false},
                    Truth{"'k' in $.o", true}, Truth{"'x' in $.o", false}, Truth{"null in $.o", false},
                    Truth{"1 in 'a1'", false}, Truth{"$.missing in $.a", false}, Truth{"1 in $.missing", false},
                    Truth{"1 in $.n", false}, Truth{"!(3 in $.a)", true}, Truth{"1 + 1 in $.a", true},
                    Truth{"1 in $.a && 2 in $.a", true}, Truth{"contains($.a, 2)", true},
                    Truth{"contains('abc', 'bc')", true}, Truth{"contains($.o, 'k')", true},
                    Truth{"contains('bc', 'abc')", false}));

INSTANTIATE_TEST_SUITE_P(
    Functions, TruthTable,
    testing::Values(Truth{"startsWith($.word, 'ab')", true}, Truth{"startsWith($.word, 'b')", false},
                    Truth{"endsWith($.word, 'bc')", true}, Truth{"startsWith($.missing, '')", false},
                    Truth{"startsWith($.n, '3')", false}, Truth{"lower('ÄBc') == 'Äbc'", true},
                    Truth{"upper($.word) == 'ABC'", true}, Truth{"lower($.n)", false}, Truth{"lower(upper('a')) == 'a'", true},
                    Truth{"matches($.word, '^a.c$')", true}, Truth{"matches($.word, 'b')", true},
                    Truth{"matches($.word, '^b')", false}, Truth{"matches($.n, '3')", false},
                    Truth{"matches($.missing, '')", false}, Truth{"matches($.mark, '^.$')", true},
                    Truth{"length($.s + 'yz') == 3", true}));

struct Slip {
  const char* text;
  unsigned column;
  const char* message;
};
void PrintTo(const Slip& fault, std::ostream* out) {
  *out << fault.text;
}

class Slips : public testing::TestWithParam<Slip> {};
TEST_P(Slips, NameTheColumn) {
  const Result<Expression> expression = Expression::parse(GetParam().text);
  ASSERT_FALSE(expression);
  EXPECT_EQ(expression.error().kind(), ErrorKind::input);
  EXPECT_EQ(expression.error().location().column, GetParam().column);
  EXPECT_THAT(expression.error().to_string(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, Slips,
    testing::Values(
        Slip{"", 1, "empty"}, Slip{"  \n", 1, "empty"}, Slip{"$.n > 2 ) junk", 9, "unexpected ')'"},
        Slip{"$.a == 1 $.b", 10, "unexpected '$.b'"}, Slip{"1 < 2 < 3", 7, "comparisons do not chain"},
        Slip{"(1 < 2) < (3 < 4) < 5", 19, "comparisons do not chain"}, Slip{"1 in 2 in 3", 8, "unexpected 'in'"},
        Slip{"5 3", 3, "unexpected '3'"}, Slip{"$.n = 3", 5, "did you mean '=='?"},
        Slip{"$.n & $.s", 5, "did you mean '&&'?"}, Slip{"$.n | $.s", 5, "did you mean '||'?"},
        Slip{"$.n > 'x", 7, "not closed"}, Slip{"($.n > 1", 9, "expected ')' for the '(' at column 1, found the end"},
        Slip{"$.n >", 6, "a value is missing before the end"}, Slip{"&& $.n", 1, "a value is missing before '&&'"},
        Slip{"()", 2, "a value is missing before ')'"}, Slip{"length()", 1, "takes 1 argument, found 0"},
        Slip{"1 && length($.a, 2)", 6, "'length' takes 1 argument, found 2\nhint: write length(x)"},
        Slip{"matches($.s)", 1, "write matches(text, \"pattern\")"}, Slip{"contains()", 1, "takes 2 arguments, found 0"},
        Slip{"size($.a)", 1, "the functions are length, contains, "},
        Slip{"startswith($.a, 'x')", 1, "did you mean 'startsWith'?"}, Slip{"length(1, ", 11, "a value is missing"},
        Slip{"matches($.s, '(')", 14, "'(' is no regular expression: missing )"},
        Slip{"matches($.s, $.s)", 14, "must be a text that stands here"},
        Slip{"$.a[x]", 4, "expected a position or a key"}, Slip{"$.a[-1]", 4, "write '[0]'"}, Slip{"$.a[0", 4, "and ']'"},
        Slip{"$.a['k]", 5, "not closed"}, Slip{"$.a[]", 4, "expected a position"}, Slip{"$['$item']", 4, "cannot begin with '$'"},
        Slip{"$nodes", 1, "the id of a node is missing"}, Slip{"nodes.", 1, "empty name"}, Slip{"in $.a", 1, "before 'in'"},
        Slip{"$.n in", 7, "before the end"}, Slip{"1 +", 4, "before the end"}, Slip{"* 3", 1, "before '*'"},
        Slip{"1 + > 2", 5, "before '>'"}, Slip{"(1).x", 4, "unexpected character '.'"}, Slip{"$", 1, "unexpected character '$'"},
        Slip{"$.", 1, "empty name"}, Slip{"$.a..b", 1, "empty name"}, Slip{"$.a. == 1", 1, "empty name"},
Slip{"$.n\r> 1", 4, "unexpected byte 0x0D"},
        Slip{"$.n > é", 7, "unexpected byte 0xC3"}));

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
  for (const char* prefix : {"!", "-", "(", "length("}) {
    std::string deep;
    while (deep.size() < 4000) deep += prefix;
    EXPECT_FALSE(Expression::parse(deep + "1"));
    while (deep.size() < 100'000) deep += prefix;
    EXPECT_FALSE(Expression::parse(deep + "1"));
    EXPECT_EQ(parse_path(deep), std::nullopt);
  }
}

TEST(Expression, ReadsALongFlatTextWithoutNesting) {
  std::string text = "$.n";
  while (text.size() < 4000) text += " && $.n";
  EXPECT_TRUE(holds(text));
  std::string sum = "1";
  while (sum.size() < 4000) sum += "+1-1*1";
  EXPECT_TRUE(holds(sum + " == 1"));
}

TEST(Expression, NamesItsFieldsOnceInOrder) {
  const auto expression = Expression::parse("$.b.x > 1 && length($.a) > $.b.y || !($item.z == $.c)");
  EXPECT_THAT(expression->fields(), ElementsAre("b", "a", "c"));
}

TEST(Expression, NamesItsNodesOnceInOrder) {
  const auto expression = Expression::parse("$nodes.b.output.x > 1 && $nodes.a.status == $nodes.b.status && $.nodes.c");
  EXPECT_THAT(expression->nodes(), ElementsAre("b", "a"));
  EXPECT_THAT(expression->fields(), ElementsAre("nodes"));
}

std::optional<Value> value(std::string_view text) {
  return Expression::parse(text)->value(state);
}
TEST(Expression, HasAValue) {
  EXPECT_EQ(value("$.n + 1"), json("4"));
  EXPECT_EQ(value("$.n + 1")->dump(), "4");
  EXPECT_EQ(value("1 / 2")->dump(), "0.5");
  EXPECT_EQ(value("$.rows[0]"), json(R"({"id": "r1"})"));
  EXPECT_EQ(value("'a' + $.s"), json(R"("ax")"));
  EXPECT_EQ(value("$.n > 2 || $.s"), json("true"));
  EXPECT_EQ(value("$.missing"), std::nullopt);
  EXPECT_EQ(value("null"), json("null"));
}

TEST(Expression, IsConstantWhenItReadsNothing) {
  EXPECT_TRUE(Expression::parse("1 + 1 > 2 && length('x')")->is_constant());
  for (const char* text : {"$.n", "1 > $item", "!item", "length($run.id)"}) {
    EXPECT_FALSE(Expression::parse(text)->is_constant()) << text;
  }
}

// Whatever comes in: an expression or an error, and an expression has a value or none.
TEST(Expression, NeverBreaksOnWhatIsNone) {
  constexpr std::array kPieces = {"$.n", "$.a[0]", "$.rows", "'x'", "\"", "3", "1.5", "(", ")", "+", "-", "*", "/", "%",
                                  "==", "<", "in", "!", "&&", "||", ",", "length(", "contains(", "matches(", "'['", ".",
                                  "[", "]", "item", "$nodes.ask.output", "null", "true", "$", " ", "\n", "\xC3", "é"};
  std::mt19937 random(7);
  std::size_t parsed = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto pieces = random() % 8 + 1; pieces > 0; --pieces) text += kPieces[random() % kPieces.size()];
    const auto expression = Expression::parse(text);
    if (!expression) {
      EXPECT_LE(expression.error().location().column, text.size() + 1) << text;
      continue;
    }
    ++parsed;
    (void)expression->value(state);
    for (const Fault& fault : expression->faults({})) EXPECT_LE(fault.end, text.size()) << text;
  }
  EXPECT_GT(parsed, 500U);
}

TEST(Pattern, TakesLinearTime) {
  const auto pattern = Pattern::compile("(a*)*b$");
  ASSERT_TRUE(pattern);
  EXPECT_FALSE(pattern->found_in(std::string(100'000, 'a')));
  EXPECT_TRUE(pattern->found_in("xaab"));
}
TEST(Pattern, SaysWhyItIsNone) {
  const auto pattern = Pattern::compile("a(?=b)");
  ASSERT_FALSE(pattern);
  EXPECT_EQ(pattern.error().to_string(),
            "'a(?=b)' is no regular expression: invalid perl operator: (?=\nhint: RE2 has neither back references nor "
            "look-around");
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
