#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/graph/expression.hpp"

namespace oe::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Scope sample_scope() {
  static const std::vector<Input> kInputs = {{.name = "limit", .type = FieldType::number}, {.name = "who"}};
  const auto field = [](std::string_view name) {
    if (name == "n") return FieldType::number;
    if (name == "s") return FieldType::string;
    if (name == "b") return FieldType::boolean;
    if (name == "o") return FieldType::object;
    if (name == "a") return FieldType::array;
    return FieldType::any;
  };
  const auto node = [](std::string_view id) { return id == "ask" ? std::string() : "there is no node '" + std::string(id) + "'"; };
  return {.field = field, .variables = {"$item", "$index", "$row"}, .inputs = &kInputs, .node = node};
}

// Each fault as "begin-end: error: message; hint", columns from 1.
std::vector<std::string> faults_of(std::string_view text) {
  const auto expression = Expression::parse(text);
  EXPECT_TRUE(expression) << text << (expression ? "" : expression.error().to_string());
  std::vector<std::string> lines;
  for (const Fault& fault : expression->faults(sample_scope())) {
    lines.push_back(std::to_string(fault.begin + 1) + "-" + std::to_string(fault.end) +
                    (fault.severity == Severity::error ? ": error: " : ": ") + fault.message +
                    (fault.hint.empty() ? "" : "; " + fault.hint));
  }
  return lines;
}

TEST(Faults, AreNotInWhatMayHold) {
  for (const char* text :
       {"$.n == 3", "$.n == null", "$.n != null", "$.n == $.any", "$.any == 'x'", "$.s == $.s + 'x'", "$.n > '3'",
        "$.s > 3", "$.b > 0", "$.a > 4", "$.a == $.a", "$.n", "!$.s", "length($.s) > length($.a)", "length($.any)",
        "$.o.x.y.z == 3", "$.a.0 == 3", "$.a[0].x", "$.a.length > 2", "1 in $.a", "'x' in $.o", "$.any in $.s",
        "$.n + $.any > 1", "'a' + $.any == 'ab'", "$.any + $.any", "-$.n < 0", "item.x == 3 && row.y && $index > 1",
        "$run.inputs.limit > 3", "$run.id == 'x'", "$run.inputs.who == 3", "$run.args.x", "$run.inputs",
        "$nodes.ask.status == 'failed'", "$nodes.ask.output.x > 3", "$nodes.ask", "matches($.s, 'x')",
        "matches(lower($.any), 'x')", "contains($.a, 3)", "null == null"}) {
    EXPECT_THAT(faults_of(text), IsEmpty()) << text;
  }
}

struct Case {
  const char* text;
  const char* fault;
};
void PrintTo(const Case& test, std::ostream* out) {
  *out << test.text;
}

class OneFault : public testing::TestWithParam<Case> {};
TEST_P(OneFault, IsLocatedAndExplained) {
  EXPECT_THAT(faults_of(GetParam().text), ElementsAre(GetParam().fault));
}

INSTANTIATE_TEST_SUITE_P(
    Comparisons, OneFault,
    testing::Values(
        Case{"$.n == \"3\"", "8-10: the condition cannot hold: $.n is a number and \"3\" is a string"},
        Case{"$.n != '3'", "8-10: the condition always holds: $.n is a number and '3' is a string"},
        Case{"true == $.s", "9-11: the condition cannot hold: true is a boolean and $.s is a string"},
        Case{"$.any || $.n == true", "17-20: a part of the condition cannot hold: $.n is a number and true is a boolean"},
        Case{"$.a == $.b", "8-10: the condition cannot hold: $.a is an array and $.b is a boolean"},
        Case{"$.a == $.any", "8-12: the condition cannot hold: arrays and objects are equal only to themselves, not to "
                             "another one with the same content"},
        Case{"$.n + 1 == null", "12-15: the condition cannot hold: $.n + 1 is a number and null is null"},
        Case{"$.n > 'abc'", "7-11: the condition cannot hold: $.n is a number and 'abc' is a string"},
        Case{"$.o < 3", "7-7: the condition cannot hold: $.o is an object and 3 is a number"},
        Case{"$index == 'x'", "11-13: the condition cannot hold: $index is a number and 'x' is a string"},
        Case{"$run.inputs.limit == 'x'",
             "22-24: the condition cannot hold: $run.inputs.limit is a number and 'x' is a string"},
        Case{"$.a.length == 'x'", "15-17: the condition cannot hold: $.a.length is a number and 'x' is a string"},
        Case{"$nodes.ask.status == 'success'",
             "22-30: error: the condition cannot hold: no status is 'success'; a status is succeeded, failed, timed_out, "
             "cancelled or skipped"}));

INSTANTIATE_TEST_SUITE_P(
    Operations, OneFault,
    testing::Values(
        Case{"length($.n) > 0", "8-10: $.n is a number: its length is always 0"},
        Case{"1 + $.b", "5-7: error: $.b is a boolean: '+' takes two numbers or two strings, so this is always unset"},
        Case{"$.b - 1", "1-3: error: $.b is a boolean: '-' takes numbers, so this is always unset"},
        Case{"1 + 'a'", "5-7: error: 'a' is a string: '+' cannot take it together with a number, so this is always unset"},
        Case{"'a' * 2", "1-3: error: 'a' is a string: '*' takes numbers, so this is always unset"},
        Case{"-$.s", "2-4: error: $.s is a string: '-' takes a number, so this is always unset"},
        Case{"1 in $.n", "6-8: error: the condition cannot hold: $.n is a number, which holds nothing"},
        Case{"1 in $.s", "1-1: error: the condition cannot hold: 1 is a number and $.s is a string, which holds only "
                         "strings"},
        Case{"contains($.b, 1)", "10-12: error: the condition cannot hold: $.b is a boolean, which holds nothing"},
        Case{"matches($.n, 'x')", "9-11: error: $.n is a number: 'matches' takes strings and is always false here"},
        Case{"startsWith($.s, 3)", "17-17: error: 3 is a number: 'startsWith' takes strings and is always false here"},
        Case{"upper($.b) == 'X'", "7-9: error: $.b is a boolean: 'upper' takes strings and is always unset here"}));

INSTANTIATE_TEST_SUITE_P(
    Names, OneFault,
    testing::Values(
        Case{"status == 'ok'",
             "1-6: error: unknown word 'status'; a state field is written '$.status', a text '\"status\"'"},
        Case{"1 < $count", "5-10: error: unknown variable '$count'; a state field is written '$.count'"},
        Case{"$iter > 1", "1-5: error: there is no $iter here; only a loop has it"},
        Case{"$pipeline == 'x'", "1-9: error: there is no $pipeline here; only a pipeline has it"},
        Case{"$nodes.gone.status", "1-18: error: there is no node 'gone'"},
        Case{"$nodes.ask.state",
             "1-16: error: a node has no 'state'; write '$nodes.ask.status' or '$nodes.ask.output'"},
        Case{"$run.inputs.limits", "1-18: error: there is no input 'limits'; did you mean 'limit'?"},
        Case{"$run.name", "1-9: error: $run has no 'name'; it has 'id', 'inputs' and 'args'"},
        Case{"$.n.x", "1-5: $.n.x is always unset: there is no 'x' in a number"},
        Case{"$.a.x", "1-5: $.a.x is always unset: there is no 'x' in an array"},
        Case{"$.s.length", "1-10: $.s.length is always unset: there is no 'length' in a string"}));

TEST(Faults, AreAllReportedInOrder) {
  EXPECT_THAT(faults_of("$foo && -$.s && length($.n)"),
              ElementsAre(testing::StartsWith("1-4:"), testing::StartsWith("10-12:"), testing::StartsWith("24-26:")));
}

TEST(PointedOut, PutsCaretsUnderTheFault) {
  EXPECT_EQ(pointed_out("$.n == \"3\"", 7, 10, 4), "    $.n == \"3\"\n           ^^^");
  EXPECT_EQ(pointed_out("'é' ==\t1\nx", 8, 9, 0), "'é' == 1 x\n       ^");
  EXPECT_EQ(pointed_out("", 0, 0, 2), "  \n  ^");
  EXPECT_EQ(pointed_out("1 <", 3, 4, 0), "1 <\n   ^");
}
TEST(PointedOut, CutsALongTextOutsideOfCharacters) {
  const std::string text = std::string(100, 'a') + "éX" + std::string(200, 'b');
  const std::string lines = pointed_out(text, 102, 103, 0);
  EXPECT_EQ(lines, "..." + std::string(58, 'a') + "éX" + std::string(59, 'b') + "...\n" + std::string(62, ' ') + "^");
  EXPECT_EQ(pointed_out(std::string(200, 'x'), 0, 200, 0), std::string(120, 'x') + "...\n" + std::string(120, '^'));
}

}  // namespace
}  // namespace oe::graph
