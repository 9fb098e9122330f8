#include "oe/llm/schema.hpp"

#include <chrono>

#include "wired.hpp"

namespace oe::llm {
namespace {

using FaultLines = std::vector<std::string>;

FaultLines faults(std::string_view value, std::string_view schema) {
  auto found = faults_of(json_value(value), json_value(schema));
  return found ? *found : FaultLines{"error: " + found.error().message()};
}
std::string error_in(std::string_view schema, std::string_view value = "{}") {
  const auto found = faults_of(json_value(value), json_value(schema));
  return found ? "" : found.error().message();
}

TEST(SchemaFaults, AreNoneWhenTheValueFits) {
  EXPECT_EQ(faults(kSampleAnswer, kSampleSchema), FaultLines{});
  EXPECT_EQ(faults("1.0", R"({"type":"integer"})"), FaultLines{});
  EXPECT_EQ(faults("7", "true"), FaultLines{});
  EXPECT_EQ(faults("7", "{}"), FaultLines{});
}
TEST(SchemaFaults, NameThePlaceAndWhatIsWanted) {
  EXPECT_EQ(faults(R"({"verdict":"maybe","why":""})", kSampleSchema),
            FaultLines{R"(/verdict: must be one of "ok", "bad", not "maybe")"});
  EXPECT_EQ(faults(R"({"verdict":"ok"})", kSampleSchema), FaultLines{R"(/: lacks "why")"});
  EXPECT_EQ(faults(R"({"verdict":"ok","why":"","wyh":1})", kSampleSchema),
            FaultLines{R"(/: may not have "wyh"; did you mean 'why'?)"});
  EXPECT_EQ(faults(R"([1,"2"])", R"({"items":{"type":"integer"}})"), FaultLines{R"(/1: must be an integer, not "2")"});
  EXPECT_EQ(faults(R"({"a/b":{"~":1}})", R"({"properties":{"a/b":{"properties":{"~":{"type":"string"}}}}})"),
            FaultLines{"/a~1b/~0: must be a string, not 1"});
  EXPECT_EQ(faults("3", R"({"type":["string","null","boolean"]})"),
            FaultLines{"/: must be true or false, null or a string, not 3"});
  EXPECT_EQ(faults("3", "false"), FaultLines{"/: must not be there"});
}
TEST(SchemaFaults, KnowTheLimits) {
  EXPECT_EQ(faults("5", R"({"minimum":6})"), FaultLines{"/: must be at least 6, not 5"});
  EXPECT_EQ(faults("6", R"({"exclusiveMinimum":6})"), FaultLines{"/: must be more than 6, not 6"});
  EXPECT_EQ(faults("5.5", R"({"maximum":5})"), FaultLines{"/: must be at most 5, not 5.5"});
  EXPECT_EQ(faults("5", R"({"exclusiveMaximum":5})"), FaultLines{"/: must be less than 5, not 5"});
  EXPECT_EQ(faults("5", R"({"multipleOf":2})"), FaultLines{"/: must be a multiple of 2, not 5"});
  EXPECT_EQ(faults("0.3", R"({"multipleOf":0.1})"), FaultLines{});
  EXPECT_EQ(faults(R"("héé")", R"({"maxLength":3})"), FaultLines{});
  EXPECT_EQ(faults(R"("héé")", R"({"minLength":4})"), FaultLines{"/: must have at least 4 characters, not 3"});
  EXPECT_EQ(faults("[1]", R"({"minItems":2})"), FaultLines{"/: must have at least 2 items, not 1"});
  EXPECT_EQ(faults("[1,2]", R"({"maxItems":1})"), FaultLines{"/: must have at most 1 items, not 2"});
  EXPECT_EQ(faults("{}", R"({"minProperties":1})"), FaultLines{"/: must have at least 1 members, not 0"});
  EXPECT_EQ(faults("[1,2,1.0]", R"({"uniqueItems":true})"), FaultLines{"/: must not have the same item twice: 1"});
  EXPECT_EQ(faults("[1,2]", R"({"contains":{"type":"string"}})").size(), 1U);
}
TEST(SchemaFaults, HaveTheirPatternsFromRe2) {
  EXPECT_EQ(faults(R"("abc")", R"({"pattern":"^a+$"})"), FaultLines{R"(/: must match ^a+$, not "abc")"});
  EXPECT_EQ(
      faults(R"({"x1":1,"y":1})", R"({"patternProperties":{"^x\\d":{"type":"integer"}},"additionalProperties":false})"),
      FaultLines{R"(/: may not have "y")"});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(faults_of(Value::of(std::string(200'000, 'a') + "b"), json_value(R"({"pattern":"^(a+)+$"})"))->size(), 1U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}
TEST(SchemaFaults, KnowFormats) {
  EXPECT_EQ(faults(R"("2026-13-01")", R"({"format":"date"})"),
            FaultLines{R"(/: must be of the format date, not "2026-13-01")"});
  EXPECT_EQ(faults(R"("2026-10-04T12:00:00Z")", R"({"format":"date-time"})"), FaultLines{});
  EXPECT_EQ(faults(R"("256.1.1.1")", R"({"format":"ipv4"})").size(), 1U);
  EXPECT_EQ(faults(R"("x")", R"({"format":"of-my-own"})"), FaultLines{});
}
TEST(SchemaFaults, OfAlternativesAreThoseOfTheNearest) {
  const char* kinds = R"({"oneOf":[
      {"type":"object","required":["kind","n"],"properties":{"kind":{"const":"add"},"n":{"type":"integer"}}},
      {"type":"object","required":["kind","name"],"properties":{"kind":{"const":"drop"},"name":{"type":"string"}}}]})";
  EXPECT_EQ(faults(R"({"kind":"drop","name":3})", kinds), FaultLines{"/name: must be a string, not 3"});
  EXPECT_EQ(faults(R"({"kind":"add","n":3})", kinds), FaultLines{});
  EXPECT_EQ(faults("3", R"({"anyOf":[{"type":"string"},{"type":"null"}]})"),
            FaultLines{"/: must be a string or null, not 3"});
  EXPECT_EQ(faults("3", R"({"oneOf":[{"type":"integer"},{"minimum":2}]})"),
            FaultLines{"/: fits 2 of the alternatives and may fit only one"});
}
TEST(SchemaFaults, FollowReferencesAndConditions) {
  const char* tree = R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["v"],
      "properties":{"v":{"type":"integer"},"kids":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}})";
  EXPECT_EQ(faults(R"({"v":1,"kids":[{"v":2},{"v":"x"}]})", tree),
            FaultLines{R"(/kids/1/v: must be an integer, not "x")"});
  const char* when = R"({"definitions":{"d":{"if":{"properties":{"k":{"const":"a"}}},"then":{"required":["x"]},
      "else":{"required":["y"]}}},"properties":{"p":{"$ref":"#/definitions/d"}}})";
  EXPECT_EQ(faults(R"({"p":{"k":"a"}})", when), FaultLines{R"(/p: lacks "x")"});
  EXPECT_EQ(faults(R"({"p":{"k":"b","y":1}})", when), FaultLines{});
  EXPECT_EQ(faults(R"({"a":1})", R"({"dependencies":{"a":["b"]}})"), FaultLines{R"(/: lacks "b", which "a" needs)"});
  EXPECT_EQ(faults(R"({"abc":1})", R"({"propertyNames":{"maxLength":2}})").size(), 1U);
  EXPECT_EQ(faults("[1,2,3]", R"({"items":[{},{"type":"string"}],"additionalItems":false})"),
            (FaultLines{"/1: must be a string, not 2", "/: must have at most 2 items"}));
  EXPECT_EQ(faults("1", R"({"not":{"type":"integer"}})"), FaultLines{"/: must not be 1"});
}
TEST(SchemaFaults, ComeBestFirstOnceAndAtMostTen) {
  EXPECT_EQ(faults(R"({"a":"x","b":1,"c":9})",
                   R"({"properties":{"a":{"enum":["y"]},"b":{"type":"string"},"c":{"maximum":1}}})"),
            (FaultLines{"/b: must be a string, not 1", R"(/a: must be "y", not "x")", "/c: must be at most 1, not 9"}));
  EXPECT_EQ(faults("[1,1,1,1,1,1,1,1,1,1,1,1]", R"({"items":{"type":"string"}})").size(), 10U);
  EXPECT_EQ(faults("1", R"({"allOf":[{"type":"string"},{"type":"string"}]})").size(), 1U);
}
TEST(SchemaFaults, AreSevenLinesForSevenFaults) {
  EXPECT_EQ(faults(R"({"nodes":[{"id":7,"temp":"hot","kind":"x"},{"id":"a","temp":3,"kind":"agent","more":1}],"v":2})",
                   R"({"type":"object","required":["name"],"properties":{"v":{"const":1},"nodes":{"items":{
                       "type":"object","additionalProperties":false,"properties":{"id":{"type":"string"},
                       "temp":{"type":"number","maximum":2},"kind":{"enum":["agent","tool"]}}}}}})")
                .size(),
            7U);
}
TEST(SchemaFaults, OfAHugeValueAreShort) {
  const FaultLines lines = *faults_of(Value::of(std::string(1'000'000, 'x')), json_value(R"({"type":"integer"})"));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_LT(lines.front().size(), 120U);
}

TEST(SchemaForm, IsCheckedWithItsPlace) {
  EXPECT_EQ(error_in(R"({"type":"strin"})"), "the schema cannot be used: /type: there is no type 'strin'");
  EXPECT_EQ(error_in(R"({"properties":{"a":{"required":"x"}}})"),
            "the schema cannot be used: /properties/a/required: must be a list of names");
  EXPECT_EQ(error_in(R"({"items":3})"),
            "the schema cannot be used: /items: must be a schema: an object, true or false");
  EXPECT_EQ(error_in(R"j({"pattern":"(?=x)"})j").substr(0, 60),
            "the schema cannot be used: /pattern: '(?=x)' is no regular e");
  EXPECT_EQ(error_in(R"j({"patternProperties":{"(":{}}})j").substr(0, 61),
            "the schema cannot be used: /patternProperties: '(' is no regu");
  EXPECT_EQ(error_in(R"({"patternProperties":{"a":{"type":"x"}}})"),
            "the schema cannot be used: /patternProperties/a/type: there is no type 'x'");
  EXPECT_EQ(error_in(R"({"anyOf":[]})"), "the schema cannot be used: /anyOf: must be a list of schemas");
  EXPECT_EQ(error_in(R"({"multipleOf":0})"), "the schema cannot be used: /multipleOf: must be a number above 0");
  EXPECT_EQ(error_in(R"({"id":"a","items":{"id":"urn:)" + std::string(200'000, 'x') + "\"}}"),
            "the schema cannot be used: /items/id: must be at most 200 bytes");
  EXPECT_EQ(error_in("[]"), "the schema cannot be used: /: must be a schema: an object, true or false");
}
TEST(SchemaForm, HasReferencesThatLeadSomewhere) {
  EXPECT_EQ(error_in(R"({"properties":{"a":{"$ref":"#/definitions/x"}}})"),
            "the schema cannot be used: /properties/a: '#/definitions/x' leads nowhere");
  EXPECT_EQ(faults("1", R"({"$ref":"#/a%25~1b","a%/b":{"type":"integer"}})"), FaultLines{});
  EXPECT_NE(error_in(R"({"$ref":"#/a%2","a%2":{}})"), "");
  EXPECT_EQ(error_in(R"({"$ref":"http://x.example/y.json"})"),
            "the schema cannot be used: /: 'http://x.example/y.json' leads nowhere");
  EXPECT_EQ(error_in(R"({"$ref":"#"})"), "the schema cannot be used: /: '#' goes round in a circle");
  EXPECT_EQ(error_in(R"({"$ref":"#/a","a":{"$ref":"#/b"},"b":{"$ref":"#/a"}})"),
            "the schema cannot be used: /: '#/b' goes round in a circle");
}
TEST(SchemaForm, ThatEntersItselfWithoutEndIsAnError) {
  EXPECT_NE(error_in(R"({"allOf":[{"$ref":"#"}]})").find("refers to itself without end"), std::string::npos);
  EXPECT_NE(error_in(R"({"anyOf":[{"$ref":"#"},{"$ref":"#"}]})").find("refers to itself without end"),
            std::string::npos);
}
TEST(SchemaForm, HasLimits) {
  std::string deep = "{}";
  for (int i = 0; i < 80; ++i) deep = R"({"items":)" + deep + "}";
  EXPECT_NE(error_in(deep).find("nested deeper than 64"), std::string::npos);
  std::string wide = R"({"properties":{)";
  for (int i = 0; i < 10'001; ++i) wide += "\"p" + std::to_string(i) + "\":{},";
  wide.back() = '}';
  EXPECT_NE(error_in(wide + "}").find("more than 10000 parts"), std::string::npos);
}

std::string found_json(std::string_view text) {
  const auto value = json_in(text);
  return value ? value->dump() : "error: " + value.error().message();
}
TEST(JsonIn, IsTheTextItself) {
  EXPECT_EQ(found_json(" {\"a\":1}\n"), R"({"a":1})");
  EXPECT_EQ(found_json("[1]"), "[1]");
}
TEST(JsonIn, IsTheContentOfTheOnlyFence) {
  EXPECT_EQ(found_json("Here:\n```json\n{\"a\": 1}\n```\nDone."), R"({"a":1})");
  EXPECT_EQ(found_json("```\n[1]\n```"), "[1]");
}
TEST(JsonIn, IsTheOnlyObjectInProse) {
  EXPECT_EQ(found_json(R"(It is {"a":"}{","b":{}} and {that} is it)"), R"({"a":"}{","b":{}})");
  EXPECT_EQ(found_json("open { brace, then {\"a\":1}"), R"({"a":1})");
}
TEST(JsonIn, IsNotGuessed) {
  EXPECT_EQ(found_json("none at all"), "error: no JSON in 'none at all'");
  EXPECT_EQ(found_json(R"({"a":1} or {"a":2})"), "error: 2 JSON objects where one was asked for");
  EXPECT_EQ(found_json(R"({"a":1)"), R"(error: no JSON in '{"a":1')");
  EXPECT_EQ(found_json(""), "error: no JSON in ''");
}
TEST(JsonIn, EndsSoonOnHostileText) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(json_in(std::string(2'000'000, '{')));
  EXPECT_FALSE(json_in("{\"a\":" + std::string(1'000'000, '[')));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace oe::llm
