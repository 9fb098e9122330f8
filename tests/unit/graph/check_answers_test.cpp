#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sketch.hpp"

namespace oe::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Asking asking(const char* schema) {
  return {.schema = Value::parse(schema).value()};
}
Sketch two_fields() {
  return Sketch().field("x").field("y");
}

TEST(CheckAnswers, ATextGoesIntoExactlyOneField) {
  Sketch sketch = two_fields();
  sketch.node("s", Skill{}, {}, {"x", "y"}).node("a", Agent{}).node("fine", Agent{}, {}, {"x"});
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/writes: a skill without a schema puts its answer into exactly one "
                          "field, and 's' names 2; give it one name in writes, or a schema",
                          HasSubstr("/graph/nodes/1/writes: an agent without a schema puts its answer into exactly "
                                    "one field, and 'a' names none")));
}

TEST(CheckAnswers, AnObjectGoesIntoTheFieldsThatTheSchemaNames) {
  const Asking ask = asking(R"({"type":"object","properties":{"x":{},"y":{}},"required":["x"]})");
  Sketch sketch = two_fields();
  sketch.node("a", Agent{.ask = ask}, {}, {"x", "y"}).node("s", Skill{.ask = ask}, {}, {"y", "x"});
  sketch.node("c", CliAgent{.prompt = "hi", .output = CaptureAs::json, .schema = ask.schema}, {}, {"x", "y"});
  sketch.node("open", Agent{.ask = asking(R"({"type":"object"})")}, {}, {"x", "y"});
  EXPECT_THAT(problems_of(sketch), IsEmpty());
}

TEST(CheckAnswers, AMemberThatIsNoFieldIsAnErrorWhenTheAnswerMustHoldIt) {
  const Asking ask = asking(R"({"properties":{"xx":{},"extra":{}},"required":["xx"]})");
  Sketch sketch = Sketch().field("x1").field("xy");
  sketch.node("a", Agent{.ask = ask}).node("w", Tool{}, {}, {"x1", "xy"});
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre("w:10:5: /graph/nodes/0/schema/properties/extra: warning: the answer of 'a' may hold 'extra', "
                  "which is not declared in state.schema; declare it under state.schema",
                  "w:10:5: /graph/nodes/0/schema/properties/xx: the answer of 'a' holds 'xx', which is not "
                  "declared in state.schema; did you mean 'x1'?"));
}

TEST(CheckAnswers, ComparesTheSchemaWithWrites) {
  Sketch sketch = two_fields();
  sketch.node("a", Agent{.ask = asking(R"({"properties":{"x":{}}})")}, {}, {"y"});
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/schema/properties/x: warning: the answer of 'a' gives 'x', which is "
                          "not in writes; add 'x' to writes",
                          "w:10:5: /graph/nodes/0/writes/0: warning: 'a' writes 'y', which its schema does not name; "
                          "add 'y' to the properties of the schema"));
}

TEST(CheckAnswers, RefusesASchemaThatIsNoneOfAnObject) {
  Sketch sketch = two_fields();
  sketch.node("a", Agent{.ask = asking(R"({"type":"array"})")}, {}, {"x"});
  sketch.node("b", Skill{.ask = asking("true")}, {}, {"x"});
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre("w:10:5: /graph/nodes/0/schema: the schema of 'a' must be that of an object, whose members are "
                  "fields; found \"array\"; write 'schema: {type: object, properties: {<field>: ...}, required: "
                  "[<field>]}'",
                  HasSubstr("/graph/nodes/1/schema: the schema of 'b' must be that of an object, whose members are "
                            "fields; found true")));
}

TEST(CheckAnswers, ASchemaOfTextIsNotUsed) {
  Sketch sketch = two_fields();
  sketch.node("c", CliAgent{.prompt = "hi", .schema = Value::object()}, {}, {"x"});
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("/schema: warning: the schema of 'c' is not used")));
}

TEST(CheckWork, ASecretStandsInAHeaderOfANodeThatListsIt) {
  Sketch sketch;
  sketch.field("rows").graph.secrets = {"TOKEN", "OTHER"};
  const HttpSource source{
      .url = "http://h/{{$secrets.TOKEN}}",
      .headers = {
          {"A", "Bearer {{$secrets.TOKEN}}"}, {"B", "{{$secrets.TOKNE}}"}, {"C", "{{$secrets}}"}, {"D", "{{oops}}"}}};
  sketch.node("d", Dataset{.source = source}, {}, {"rows"}).last().secrets = {"TOKEN"};
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre(HasSubstr("/source/url: warning: nothing fills '{{$secrets.TOKEN}}' of 'd': it stays as it is; "
                            "only a header of an http source can hold a secret"),
                  HasSubstr("/source/headers/B: 'd' does not list the secret 'TOKNE'; did you mean 'TOKEN'?"),
                  HasSubstr("/source/headers/C: '{{$secrets}}' names no secret; write '{{$secrets.NAME}}'"),
                  HasSubstr("/source/headers/D: warning: nothing fills '{{oops}}'")));
}

TEST(CheckWork, ASecretGoesOnlyToAHostThatIsWritten) {
  const auto problems = [](const std::string& url) {
    Sketch sketch;
    sketch.field("rows").graph.secrets = {"T"};
    sketch.node("d", Dataset{HttpSource{.url = url, .headers = {{"A", "{{$secrets.T}}"}}}}, {}, {"rows"}).last().secrets = {"T"};
    return problems_of(sketch);
  };
  for (const char* url : {"{{$run.inputs.base}}/x", "https://{{$run.inputs.host}}/x", "https://a.{{$run.inputs.host}}"}) {
    EXPECT_THAT(problems(url), ElementsAre(HasSubstr("/source/url: 'd' sends a secret, and its host is a placeholder"))) << url;
  }
  EXPECT_THAT(problems("https://host/{{$run.inputs.q}}"), IsEmpty());
}

TEST(CheckFanOuts, RefusesRowsThatAreNotReadOneByOne) {
  Sketch sketch;
  sketch.node("a").loop("");
  std::get<Each>(sketch.last().work).rows = Dataset{HttpSource{.url = "http://h/"}};
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/for_each/source: for_each of 'a' goes over a source that is not read "
                          "row by row; load it with a dataset node first, and go over the field that it writes"));
}

TEST(CheckNames, TheInputsOfASkillAreItsArguments) {
  Sketch sketch;
  sketch.field("x").node("s", Skill{.inputs = Value::parse(R"({"a":"$.gone"})").value()}, {}, {"x"});
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("an argument of node 's' names 'gone'")));
}

}  // namespace
}  // namespace oe::graph
