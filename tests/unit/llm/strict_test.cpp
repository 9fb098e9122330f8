#include "oe/llm/schema.hpp"

#include "wired.hpp"

namespace oe::llm {
namespace {

Value strict(std::string_view schema) {
  return strict_subset(json_value(schema)).value();
}
std::string refusal(std::string_view schema) {
  const auto made = strict_subset(json_value(schema));
  return made ? "took it: " + made->dump() : made.error().message();
}
/// The strict form of a member of an object.
Value strict_member(const std::string& schema) {
  return strict(R"({"type":"object","required":["m"],"properties":{"m":)" + schema + "}}").get("properties").get("m");
}
std::string member_refusal(const std::string& schema) {
  return refusal(R"({"type":"object","required":["m"],"properties":{"m":)" + schema + "}}");
}

TEST(StrictSubset, RequiresEveryMemberAndMakesTheOthersNullable) {
  EXPECT_EQ(strict(R"({"$schema":"x","properties":{"a":{"type":"string"},"b":{"type":"integer"},
                       "c":{"anyOf":[{"type":"null"},{"type":"boolean"}]}},"required":["a"]})"),
            json_value(R"({"type":"object","additionalProperties":false,"required":["a","b","c"],"properties":{
                "a":{"type":"string"},"b":{"anyOf":[{"type":"integer"},{"type":"null"}]},
                "c":{"anyOf":[{"type":"null"},{"type":"boolean"}]}}})"));
}
TEST(StrictSubset, PutsLimitsIntoTheDescription) {
  EXPECT_EQ(strict_member(R"({"type":"string","description":"its name","maxLength":9,"pattern":"^a","title":"T"})"),
            json_value(R"j({"type":"string","description":"its name (maxLength: 9, pattern: \"^a\")"})j"));
  EXPECT_EQ(strict_member(R"({"type":"integer","minimum":1,"default":3})"),
            json_value(R"j({"type":"integer","description":"(minimum: 1)"})j"));
}
TEST(StrictSubset, GivesValuesTheirTypes) {
  EXPECT_EQ(strict_member(R"({"enum":["a","b"]})"), json_value(R"({"type":"string","enum":["a","b"]})"));
  EXPECT_EQ(strict_member(R"({"const":3})"), json_value(R"({"type":"integer","enum":[3]})"));
  EXPECT_EQ(strict_member(R"({"enum":["a",null]})"),
            json_value(R"({"anyOf":[{"type":"null"},{"type":"string","enum":["a"]}]})"));
}
TEST(StrictSubset, TurnsListsOfTypesIntoAlternatives) {
  EXPECT_EQ(strict_member(R"({"type":["string","null"]})"),
            json_value(R"({"anyOf":[{"type":"string"},{"type":"null"}]})"));
  EXPECT_EQ(strict_member(R"({"oneOf":[{"type":"string"},{"type":"array","items":{"type":"number"}}]})"),
            json_value(R"({"anyOf":[{"type":"string"},{"type":"array","items":{"type":"number"}}]})"));
}
TEST(StrictSubset, PutsInWhatReferencesPointAt) {
  EXPECT_EQ(
      strict(
          R"({"type":"object","required":["a"],"properties":{"a":{"allOf":[{"$ref":"#/definitions/d"}],"description":"D"}},
                       "definitions":{"d":{"type":"boolean","description":"own"}}})")
          .get("properties")
          .get("a"),
      json_value(R"({"type":"boolean","description":"D"})"));
}
TEST(StrictSubset, NamesWhatItCannotSay) {
  EXPECT_EQ(refusal(R"({"type":"array","items":{"type":"string"}})"),
            "no strict schema can say /: an answer that is no object; put it into a member");
  EXPECT_EQ(refusal(R"({"anyOf":[{"type":"object","properties":{}}]})").substr(0, 7), "took it");
  EXPECT_EQ(member_refusal("{}"), "no strict schema can say /properties/m: any value at all; give it a type");
  EXPECT_EQ(member_refusal("true"), "no strict schema can say /properties/m: any value at all");
  EXPECT_EQ(member_refusal(R"({"type":"object"})"), "no strict schema can say /properties/m: an object of any members");
  EXPECT_EQ(member_refusal(R"({"type":"object","additionalProperties":{"type":"string"}})"),
            "no strict schema can say /properties/m/additionalProperties: members of any name");
  EXPECT_EQ(member_refusal(R"({"type":"array"})"),
            "no strict schema can say /properties/m: a list of anything; give it 'items'");
  EXPECT_EQ(member_refusal(R"({"type":"array","items":[{"type":"string"}]})"),
            "no strict schema can say /properties/m/items: a schema for each place of a list");
  EXPECT_EQ(member_refusal(R"({"$ref":"#"})"), "no strict schema can say /properties/m: a schema inside itself");
  EXPECT_EQ(member_refusal(R"({"allOf":[{"type":"string"},{"type":"string"}]})"),
            "no strict schema can say /properties/m/allOf: several schemas at once");
  EXPECT_EQ(member_refusal(R"({"enum":[[1]]})"),
            "no strict schema can say /properties/m/enum: a list or an object among the values");
  EXPECT_EQ(refusal(R"({"type":"object","properties":{},"required":["x"]})"),
            "no strict schema can say /required: 'x' is none of the properties");
  EXPECT_EQ(refusal(R"({"type":"nope"})"), "the schema cannot be used: /type: there is no type 'nope'");
}
TEST(StrictSubset, StaysSmall) {
  std::string bombs = R"({"type":"object","properties":{"a":{"$ref":"#/d/0"}},"d":[)";
  for (int i = 0; i < 30; ++i) {
    const std::string next = "{\"$ref\":\"#/d/" + std::to_string(i + 1) + "\"}";
    bombs += R"({"type":"object","properties":{"l":)" + next + ",\"r\":" + next + "}},";
  }
  EXPECT_NE(refusal(bombs + R"({"type":"string"}]})").find("more than 5000 parts"), std::string::npos);
}

Value without(std::string_view answer, std::string_view schema) {
  return without_absent(json_value(answer), json_value(schema));
}
constexpr const char* kOptional = R"({"type":"object","required":["a"],"properties":{"a":{"type":"string"},
    "b":{"type":"integer"},"c":{"type":["string","null"]},"list":{"type":"array","items":{"$ref":"#/definitions/i"}}},
    "definitions":{"i":{"type":"object","properties":{"x":{"type":"string"}}}}})";
TEST(WithoutAbsent, TakesOutNullsThatStandForNothing) {
  EXPECT_EQ(without(R"({"a":"x","b":null,"c":null,"list":[{"x":null},{"x":"y"}]})", kOptional),
            json_value(R"({"a":"x","c":null,"list":[{},{"x":"y"}]})"));
}
TEST(WithoutAbsent, KeepsWhatIsWrong) {
  EXPECT_EQ(without(R"({"a":null})", kOptional), json_value(R"({"a":null})"));
  EXPECT_EQ(without("[null]", kOptional), json_value("[null]"));
  EXPECT_EQ(without(R"({"a":null})", R"({"type":"nope"})"), json_value(R"({"a":null})"));
}
TEST(WithoutAbsent, FindsTheAlternativeThatWasMeant) {
  const char* kinds = R"({"type":"object","required":["op"],"properties":{"op":{"anyOf":[
      {"type":"object","required":["kind"],"properties":{"kind":{"const":"add"},"n":{"type":["integer","null"]}}},
      {"type":"object","required":["kind"],"properties":{"kind":{"const":"cut"},"n":{"type":"integer"}}}]}}})";
  EXPECT_EQ(without(R"({"op":{"kind":"add","n":null}})", kinds), json_value(R"({"op":{"kind":"add","n":null}})"));
  EXPECT_EQ(without(R"({"op":{"kind":"cut","n":null}})", kinds), json_value(R"({"op":{"kind":"cut"}})"));
}
TEST(WithoutAbsent, EndsWithASchemaInsideItself) {
  EXPECT_EQ(without(R"({"a":null})", R"({"allOf":[{"$ref":"#"}],"properties":{"a":{"anyOf":[{"$ref":"#"}]}}})"),
            json_value(R"({"a":null})"));
  EXPECT_EQ(without(R"({"k":{"k":{"v":null}}})",
                    R"({"type":"object","properties":{"v":{"type":"string"},"k":{"$ref":"#"}}})"),
            json_value(R"({"k":{"k":{}}})"));
}
TEST(WithoutAbsent, MakesAStrictAnswerFitTheSchemaItWasMadeFrom) {
  const Value answer = without(R"({"a":"x","b":null,"c":null,"list":null})", kOptional);
  EXPECT_EQ(*faults_of(answer, json_value(kOptional)), std::vector<std::string>{});
}

}  // namespace
}  // namespace oe::llm
