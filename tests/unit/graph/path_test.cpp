#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/graph/expression.hpp"

namespace oe::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Value tree(std::string_view text) {
  return *Value::parse(text);
}

std::optional<Value> sample(std::string_view name) {
  static const Value fields =
      tree(R"({"rows": [{"id": 1}, {"id": 2}], "name": "demo", "on": true, "deep": {"a": {"b": null}}})");
  const Value found = fields.get(name);
  return found.is_null() ? std::nullopt : std::optional(found);
}
std::optional<Value> item(std::string_view name) {
  if (name == "$item") return tree(R"({"key": "k", "n": [4, 5]})");
  if (name == "$index") return tree("0");
  return sample(name);
}

TEST(ParsePath, SplitsAStatePath) {
  EXPECT_THAT(*parse_path("$.a.b.length"), ElementsAre("a", "b", "length"));
}
TEST(ParsePath, KeepsTheVariableOfAnItemPath) {
  EXPECT_THAT(*parse_path("$item.x"), ElementsAre("$item", "x"));
  EXPECT_THAT(*parse_path("$index"), ElementsAre("$index"));
}
TEST(ParsePath, TakesPositionsAndKeys) {
  EXPECT_THAT(*parse_path("$.a[0].b.1"), ElementsAre("a", "0", "b", "1"));
  EXPECT_THAT(*parse_path("$.a[\"any key\"]['it.s']"), ElementsAre("a", "any key", "it.s"));
  EXPECT_THAT(*parse_path("$nodes.ask.output"), ElementsAre("$nodes", "ask", "output"));
}
TEST(ParsePath, TakesOnlyWholeTexts) {
  for (const char* text : {"",       "$",      "$.",   "a.b",     " $.a",   "$.a ",    "$.a.",  "$..a",  "$.a-b",  "$.0",
                           "$.50",   "$5.00",  "item", "item.x",  "$.a[0",  "$.a[x]",  "$nodes", "$.a $.b", "x$.a", "$item.",
                           "$HOME/x", "$.a[0] "}) {
    EXPECT_EQ(parse_path(text), std::nullopt) << text;
  }
}

TEST(Resolve, ReplacesPathsDeepInTheTree) {
  EXPECT_EQ(resolve(tree(R"({"a": {"b": ["$.name", 1, "$.deep"]}, "c": "text $.name"})"), sample),
            tree(R"({"a": {"b": ["demo", 1, {"a": {"b": null}}]}, "c": "text $.name"})"));
}
TEST(Resolve, DropsUnsetMembersAndNullsUnsetItems) {
  EXPECT_EQ(resolve(tree(R"({"a": "$.gone", "b": ["$.gone", "$.name.x"], "c": null})"), sample),
            tree(R"({"b": [null, null], "c": null})"));
}
TEST(Resolve, KeepsANullThatIsSet) {
  EXPECT_EQ(resolve(tree(R"({"a": "$.deep.a.b"})"), sample), tree(R"({"a": null})"));
}
TEST(Resolve, GivesTheLengthOfAList) {
  EXPECT_EQ(resolve(tree(R"(["$.rows.length", "$.name.length"])"), sample), tree("[2, null]"));
}
TEST(Resolve, DoesNotLookIntoWhatItPutIn) {
  const Lookup tricky = [](std::string_view) { return std::optional(Value::of("$.name")); };
  EXPECT_EQ(resolve(tree(R"(["$.x"])"), tricky), tree(R"(["$.name"])"));
}
TEST(Resolve, FillsItemPathsInsideAForEachOnly) {
  const Value args = tree(R"({"a": "$item.key", "b": "$index", "c": "$item.gone"})");
  EXPECT_EQ(resolve(args, item), tree(R"({"a": "k", "b": 0})"));
  EXPECT_EQ(resolve(args, sample), args);
}
TEST(Resolve, LeavesVariablesThatAreNotThere) {
  const Value args = tree(R"(["$HOME", "$x.y", "$nodes.a.output", "$row"])");
  EXPECT_EQ(resolve(args, item), args);
}
TEST(Resolve, AsksForANodeByItsId) {
  const Lookup nodes = [](std::string_view name) {
    return name == "$nodes.a" ? std::optional(tree(R"({"status": "succeeded", "output": [5]})")) : std::nullopt;
  };
  EXPECT_EQ(resolve(tree(R"({"x": "$nodes.a.output.0", "y": "$nodes.a.status.z", "z": "$nodes.a"})"), nodes),
            tree(R"({"x": 5, "z": {"status": "succeeded", "output": [5]}})"));
}
TEST(Resolve, RendersThePlaceholdersOfOtherTexts) {
  EXPECT_EQ(resolve(tree(R"({"a": "to {{name}}: {{rows.1.id}} {{gone}}", "b": ["{{item.key}}"]})"), item),
            tree(R"({"a": "to demo: 2 {{gone}}", "b": ["k"]})"));
}
TEST(Resolve, TakesAWholeTreeThatIsAPath) {
  EXPECT_EQ(resolve(Value::of("$.name"), sample), Value::of("demo"));
  EXPECT_EQ(resolve(Value::of("$.gone"), sample), Value());
}

TEST(NodesOf, NamesEachNodeOnce) {
  EXPECT_THAT(nodes_of(tree(R"(["$nodes.b.output", "x {{$nodes.a.status}} {{$nodes.b.output.k}}", "$.nodes.c", "$nodes"])")),
              ElementsAre("b", "a"));
}
TEST(FieldsOf, NamesThoseOfPlaceholders) {
  EXPECT_THAT(fields_of(tree(R"(["from {{a.b}} to {{c}} {{$item.d}}", "$.c"])")), ElementsAre("a", "c"));
}
TEST(FieldsOf, NamesEachStateFieldOnce) {
  EXPECT_THAT(fields_of(tree(R"({"z": "$.b.x", "y": ["$.a", "$.b", "$item.q", "plain", 3]})")), ElementsAre("a", "b"));
  EXPECT_THAT(fields_of(Value()), IsEmpty());
}

std::vector<std::string> names(std::string_view text) {
  std::vector<std::string> all;
  for (const Placeholder& placeholder : placeholders(text)) {
    all.emplace_back(text.substr(placeholder.begin, placeholder.end - placeholder.begin));
  }
  return all;
}

TEST(Placeholders, AreFoundWithTheirPaths) {
  const auto found = placeholders("x {{ a.b.0 }}{{$item.key}}");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found[0].path, ElementsAre("a", "b", "0"));
  EXPECT_EQ(found[0].begin, 2U);
  EXPECT_EQ(found[0].end, 13U);
  EXPECT_THAT(found[1].path, ElementsAre("$item", "key"));
}
TEST(Placeholders, AreNothingElse) {
  EXPECT_THAT(names("{{}} {{ }} {{0}} {{a b}} {{a-b}} {{a.}} {{.a}} {{$}} {{a {a}} {{ x } {{#if}} {a} {{a"), IsEmpty());
}
TEST(Placeholders, StandInsideMoreBraces) {
  EXPECT_THAT(names("{{{a}}} {{ {{b}}"), ElementsAre("{{a}}", "{{b}}"));
}
TEST(Placeholders, OfAHostileTextAreFoundInLinearTime) {
  EXPECT_THAT(names(std::string(2'000'000, '{')), IsEmpty());
}

std::string same(std::string_view text) {
  return std::string(text);
}

TEST(Render, PutsStringsRawAndTheRestAsJson) {
  EXPECT_EQ(render("{{name}}: {{ rows }}, {{on}} {{rows.1.id}} {{rows.length}}", sample, same),
            "demo: [{\"id\":1},{\"id\":2}], true 2 2");
}
TEST(Render, LeavesWhatIsUnset) {
  EXPECT_EQ(render("{{gone}} {{name.x}} {{$item}} {{name", sample, same), "{{gone}} {{name.x}} {{$item}} {{name");
}
TEST(Render, ReadsTheItem) {
  EXPECT_EQ(render("{{$index}}:{{$item.key}}:{{$item.n.1}}", item, same), "0:k:5");
}
TEST(Render, TakesAVariableByItsBareNameWhereNothingElseHasIt) {
  EXPECT_EQ(render("{{item.key}} {{index}} {{name}}", item, same), "k 0 demo");
  const Lookup both = [](std::string_view name) { return std::optional(Value::of(name)); };
  EXPECT_EQ(render("{{item}} {{$item}}", both, same), "item $item");
}
TEST(Render, QuotesEachValueAndNothingElse) {
  const auto bracket = [](std::string_view text) { return "<" + std::string(text) + ">"; };
  EXPECT_EQ(render("echo {{name}} '{{on}}' {{gone}}", sample, bracket), "echo <demo> '<true>' {{gone}}");
}
TEST(Render, DoesNotReadWhatItPutIn) {
  const Lookup tricky = [](std::string_view) { return std::optional(Value::of("{{b}}")); };
  EXPECT_EQ(render("{{a}}", tricky, same), "{{b}}");
}

}  // namespace
}  // namespace oe::graph
