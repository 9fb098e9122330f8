#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "unit/graph/sketch.hpp"

namespace oe::graph {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Value parsed(std::string_view text) {
  return *Value::parse(text);
}

TEST(CheckInterface, FitsDefaultsToTypes) {
  Sketch sketch;
  sketch.input("n", FieldType::number).input("s", FieldType::string).input("n").node("a");
  sketch.graph.inputs[0].otherwise = Value::of("x");
  sketch.graph.inputs[1].otherwise = Value();
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:1:5: /graph/inputs/0/default: the default of input 'n' must be a number, found \"x\"",
                          "w:3:5: /graph/inputs/2: there are two inputs with the name 'n'; rename one of them"));
}
TEST(CheckInterface, WantsOutputsInTheState) {
  Sketch sketch;
  sketch.field("report").field("idle").node("a", Tool{}, {}, {"report"});
  const auto output = [&](const std::string& name, const std::string& value) {
    sketch.graph.outputs.push_back({.name = name, .value = value, .where = Sketch::place("outputs", sketch.graph.outputs.size(), 1)});
  };
  output("a", "$.report.x");
  output("b", "$.reprot");
  output("c", "report");
  output("a", "$.idle");
  output("d", "$nodes.a.output");
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:2:5: /graph/outputs/1: this output names 'reprot', which is not declared in state.schema; did "
                          "you mean 'report'?",
                          "w:3:5: /graph/outputs/2: output 'c' is 'report', which is no path to a state field; write "
                          "'$.field'",
                          "w:4:5: /graph/outputs/3: warning: this output names 'idle', which no node writes; let a node "
                          "write it, or take it out",
                          HasSubstr("there are two outputs with the name 'a'"), HasSubstr("'$nodes.a.output', which is no path")));
}

TEST(CheckNames, LooksIntoArguments) {
  Sketch sketch;
  sketch.input("limit").node("a").node("b", Tool{.args = parsed(R"({
    "a": "$run.inputs.limit", "b": ["up to {{$run.inputs.limits}}"], "c": "$nodes.a.status", "d": "$nodes.c.output",
    "e": "$HOME", "f": "$nodes.a.exit"})")});
  sketch.node("c").edge("a", "b");
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:11:5: /graph/nodes/1/args: an argument of node 'b' names '$run.inputs.limits', and there is no "
                          "input 'limits'; did you mean 'limit'?",
                          "w:11:5: /graph/nodes/1/args: an argument of node 'b' names '$nodes.c.output', and node 'c' need not "
                          "have ended here: no edges lead from it to 'b'",
                          HasSubstr("a node has no 'exit'; write '$nodes.a.status'"), HasSubstr("'c' stands alone")));
}
TEST(CheckNames, KnowsTheItemInThePlaceholdersOfArguments) {
  Sketch sketch;
  sketch.field("rows").node("a", Tool{.args = parsed(R"({"x": "{{item.id}} {{row.id}} {{$index}} {{nope}}"})")}, {}, {"rows"});
  sketch.loop("$.rows");
  std::get<Each>(sketch.last().work).as = "row";
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("warning: an argument of node 'a' names 'nope'")));
}

TEST(CheckLimits, WantsDeclaredSecrets) {
  Sketch sketch;
  sketch.graph.secrets = {"API_KEY"};
  sketch.node("a");
  sketch.last().secrets = {"API_KEY", "API_KYE", "OTHER"};
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/secrets/1: node 'a' wants the secret 'API_KYE', which the workflow does not "
                          "declare; did you mean 'API_KEY'?",
                          HasSubstr("/secrets/2: node 'a' wants the secret 'OTHER', which the workflow does not declare; add "
                                    "'secrets: [OTHER]' at the top of the file")));
}
TEST(CheckLimits, WantsBudgetsThatAllowSomething) {
  Sketch sketch;
  sketch.node("a").node("b").node("c").node("d");
  sketch.graph.nodes[0].budget.tokens = 0;
  sketch.graph.nodes[1].budget.usd = -1;
  sketch.graph.nodes[2].budget.usd = std::numeric_limits<double>::quiet_NaN();
  sketch.graph.nodes[3].budget = {.tokens = 1, .usd = 0.5, .time = std::chrono::milliseconds(1)};
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/budget: warning: 'a' never starts: its budget is 0; raise it, or take it "
                          "out for no limit",
                          "w:11:5: /graph/nodes/1/budget/usd: the budget of 'b' must be 0 dollars or more",
                          HasSubstr("/budget/usd: the budget of 'c'")));
}
TEST(CheckLimits, CompilesThePatternsOfRetries) {
  Sketch sketch;
  sketch.node("a");
  sketch.last().on_error.retry_on.output = {"busy|again", "("};
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/on_error/retry_on/output/1: '(' is no regular expression: missing ): (; RE2 "
                          "has neither back references nor look-around"));
}
TEST(CheckLimits, WarnsAboutATimeoutBehindTheDeadline) {
  Sketch sketch;
  sketch.node("a");
  sketch.last().timeout = std::chrono::milliseconds(200);
  sketch.last().deadline = std::chrono::milliseconds(100);
  EXPECT_THAT(problems_of(sketch), ElementsAre("w:10:5: /graph/nodes/0/timeout_ms: warning: 'a' never reaches its timeout: its "
                                               "deadline of 100 ms is earlier"));
}

Names gate_problems(const Human& human, Names writes = {}) {
  Sketch sketch;
  for (const std::string& field : writes) sketch.field(field);
  return problems_of(sketch.node("ask", human, {}, std::move(writes)));
}
Human form(std::optional<Value> otherwise = std::nullopt) {
  return {.ask = Human::Ask::form,
          .schema = parsed(R"({"properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name"]})"),
          .otherwise = std::move(otherwise)};
}

TEST(CheckGates, FindsNothingInSoundOnes) {
  EXPECT_THAT(gate_problems({.otherwise = parsed("false")}, {"ok"}), IsEmpty());
  EXPECT_THAT(gate_problems({.ask = Human::Ask::choose, .choices = {"a", "b"}, .otherwise = parsed("\"b\"")}, {"pick"}), IsEmpty());
  EXPECT_THAT(gate_problems(form(parsed(R"({"name": "x", "age": 3})")), {"name", "age"}), IsEmpty());
  EXPECT_THAT(gate_problems(form(), {"all"}), IsEmpty());
}
TEST(CheckGates, WantsChoices) {
  EXPECT_THAT(gate_problems({.ask = Human::Ask::choose}),
              ElementsAre("w:10:5: /graph/nodes/0/choices: 'ask' has nothing to choose from; add 'choices: [...]'"));
  EXPECT_THAT(gate_problems({.ask = Human::Ask::choose, .choices = {"a", "b", "a"}}),
              ElementsAre("w:10:5: /graph/nodes/0/choices/2: 'a' stands twice among the choices"));
}
TEST(CheckGates, WantsAFlatForm) {
  EXPECT_THAT(gate_problems({.ask = Human::Ask::form}),
              ElementsAre("w:10:5: /graph/nodes/0/schema: the form of 'ask' has no properties; write 'schema: {properties: "
                          "{name: {type: string}}}'"));
  EXPECT_THAT(gate_problems({.ask = Human::Ask::form, .schema = parsed(R"({"properties": {"x": {"type": "array"}}})")}),
              ElementsAre("w:10:5: /graph/nodes/0/schema/properties/x: 'x' of the form is of type array, which a form cannot "
                          "ask for; a form has strings, numbers, integers and booleans"));
}
TEST(CheckGates, FitsTheDefault) {
  EXPECT_THAT(gate_problems({.otherwise = parsed("\"yes\"")}),
              ElementsAre("w:10:5: /graph/nodes/0/default: the default of 'ask' must be true or false, found \"yes\""));
  EXPECT_THAT(gate_problems({.ask = Human::Ask::choose, .choices = {"a", "b"}, .otherwise = parsed("\"c\"")}),
              ElementsAre(HasSubstr("must be one of a, b, found \"c\"")));
  EXPECT_THAT(gate_problems(form(parsed("3"))), ElementsAre(HasSubstr("must be an object, as the form gives, found 3")));
  EXPECT_THAT(gate_problems(form(parsed(R"({"age": 1.5, "size": 1})"))),
              ElementsAre("w:10:5: /graph/nodes/0/default/age: 'age' of the form is of type integer, found 1.5",
                          "w:10:5: /graph/nodes/0/default/size: the form of 'ask' has no 'size'",
                          HasSubstr("the default of 'ask' lacks 'name', which the form requires")));
}
TEST(CheckGates, KnowsWhereAnAnswerGoes) {
  EXPECT_THAT(gate_problems({}, {"a", "b"}), ElementsAre("w:10:5: /graph/nodes/0/writes: 'ask' gives one answer and writes 2 "
                                                         "fields; name one field in writes, or ask for a form"));
  EXPECT_THAT(gate_problems(form(), {"name", "size"}),
              ElementsAre("w:10:5: /graph/nodes/0/writes/1: the form of 'ask' has no 'size' to write; several writes are named "
                          "as the properties of the form"));
}
TEST(CheckGates, RefusesAQuestionThatNothingFills) {
  EXPECT_THAT(gate_problems({.question = "Ship {{version}}?"}),
              ElementsAre(HasSubstr("/question: nothing fills '{{version}}' of 'ask': it would fail")));
}

TEST(CheckWork, WarnsAboutThePlaceholdersOfASource) {
  Sketch sketch;
  sketch.field("rows").node("d", Dataset{.source = SqliteSource{.uri = "{{$run.inputs.base}}", .query = "select {{x}}"}}, {}, {"rows"});
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("/source/query: warning: nothing fills '{{x}}' of 'd'")));
}

TEST(CheckChildren, ComparesTheFieldsThatAreShared) {
  Sketch child, sketch;
  child.field("n", FieldType::string).field("m", FieldType::string).field("own").node("inner");
  Subgraph shared{.impl = "child.yaml", .scope = StateScope::shared};
  *shared.body = child.graph;
  sketch.field("n", FieldType::number).field("m").node("c", shared);
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/state_scope: the field 'n' that 'c' shares with child.yaml is a number here "
                          "and a string there; declare it with the same type in both"));
}

TEST(CheckChildren, OnlyAnIsolatedOneCanBeTriedAgain) {
  for (const StateScope scope : {StateScope::shared, StateScope::isolated}) {
    Sketch child, sketch;
    child.field("n").node("inner");
    Subgraph subgraph{.impl = "child.yaml", .scope = scope};
    *subgraph.body = child.graph;
    sketch.field("n").node("c", subgraph);
    sketch.graph.nodes.front().on_error = {.policy = ErrorPolicy::retry, .attempts = 2};
    const bool refused = ::testing::Value(problems_of(sketch), Contains(HasSubstr("cannot be tried again")));
    EXPECT_EQ(refused, scope == StateScope::shared);
  }
}

}  // namespace
}  // namespace oe::graph
