#include "oe/formats/edit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/doc/edit.hpp"

namespace oe::formats {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

doc::Document workflow(const std::string& text) {
  Result<doc::Document> document = doc::Document::parse(text, "experience.yaml");
  EXPECT_TRUE(document) << document.error().to_string();
  return document ? *document : *doc::Document::parse("broken", "broken");
}
Value json(std::string_view text) {
  Result<Value> value = Value::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : Value();
}
std::string shown(const Result<std::string>& result) {
  return result ? *result : "refused: " + result.error().to_string();
}
std::string set(const std::string& text, const std::string& node, const std::string& name, const std::string& value) {
  return shown(apply(workflow(text), SetParameter{.node = {node}, .name = name, .value = json(value)}));
}
std::string insert(const std::string& text, const std::string& after, const std::string& node,
                   const std::vector<graph::Edge>& edges) {
  return shown(apply(workflow(text), InsertNode{.after = {after}, .node = json(node), .edges = edges}));
}
std::string append(std::string_view text, graph::RowFormat format, std::string_view row) {
  return shown(append_row(text, format, json(row), "cases"));
}
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

const std::string kWorkflow = R"(# Checks a release
name: check
version: 1.0.0

state:
  schema:
    items: { type: array }

graph:
  nodes:
    # loads the list
    - id: load
      kind: tool
      impl: ./load.mjs
      writes: [items]
      timeout_ms: 1000   # a guess

    # looks at each
    - id: look
      kind: command
      run: |
        grep x
        wc -l
      reads: [items]
      for_each: { source: $.items }

  edges:
    - { from: load, to: look }
    # - { from: look, to: nowhere }
)";

TEST(SetParameter, ChangesTheOneScalar) {
  EXPECT_EQ(set(kWorkflow, "load", "timeout_ms", "4500"), replaced(kWorkflow, "1000", "4500"));
}

TEST(SetParameter, AddsWhatIsMissing) {
  const std::string last = "      for_each: { source: $.items }\n";
  EXPECT_EQ(set(kWorkflow, "look", "timeout_ms", "4500"), replaced(kWorkflow, last, last + "      timeout_ms: 4500\n"));
  EXPECT_EQ(set(kWorkflow, "look", "for_each.concurrency", "4"),
            replaced(kWorkflow, "$.items }", "$.items, concurrency: 4 }"));
  EXPECT_EQ(set(kWorkflow, "look", "on_error", R"({"attempts":2,"policy":"retry"})"),
            replaced(kWorkflow, last, last + "      on_error: { policy: retry, attempts: 2 }\n"));
}

TEST(SetParameter, AddsTheRuntime) {
  const std::string notes = "    # - { from: look, to: nowhere }\n";
  EXPECT_EQ(set(kWorkflow, "", "runtime.concurrency", "4"),
            replaced(kWorkflow, notes, notes + "\nruntime: { concurrency: 4 }\n"));
  EXPECT_EQ(set("name: x\nruntime:\n  concurrency: 1 # one\n", "", "runtime.concurrency", "4"),
            "name: x\nruntime:\n  concurrency: 4 # one\n");
  EXPECT_EQ(set("name: x\nruntime:\nz: 1", "", "runtime.concurrency", "4"),
            "name: x\nruntime:\n  concurrency: 4\nz: 1");
  EXPECT_EQ(set("name: x\nruntime: {}\n", "", "runtime.concurrency", "4"), "name: x\nruntime: { concurrency: 4 }\n");
}

TEST(SetParameter, RewritesOnErrorMemberByMember) {
  const auto with = [](const std::string& on_error) {
    return "graph:\n  nodes:\n    - id: a\n      on_error:" + on_error + "      kind: tool\n";
  };
  EXPECT_EQ(set(with(" { policy: skip }\n"), "a", "on_error", R"({"policy":"retry","attempts":3})"),
            with(" { policy: retry, attempts: 3 }\n"));
  EXPECT_EQ(set(with("\n        policy: retry # hm\n        attempts: 2\n        backoff: linear\n"), "a", "on_error",
                R"({"policy":"retry","attempts":3})"),
            with("\n        policy: retry # hm\n        attempts: 3\n"));
  EXPECT_EQ(set(with(" {policy: retry, attempts: 2}\n"), "a", "on_error", R"({"policy":"skip"})"),
            with(" {policy: skip}\n"));
}

TEST(SetParameter, RequiresMembersOfASchema) {
  const auto with = [](const std::string& schema) { return "graph:\n  nodes:\n    - id: a\n      schema: " + schema; };
  EXPECT_EQ(set(with("{ type: object, required: [x] }\n"), "a", "schema.required", R"(["x","y"])"),
            with("{ type: object, required: [x, y] }\n"));
  EXPECT_EQ(set(with("{ type: object }\n"), "a", "schema.required", R"(["y"])"),
            with("{ type: object, required: [y] }\n"));
  EXPECT_EQ(set(with("\n        required:\n          - x # always\n        type: object\n"), "a", "schema.required",
                R"(["x","y"])"),
            with("\n        required:\n          - x # always\n          - y\n        type: object\n"));
  EXPECT_EQ(set(with("{ required: [x, z], type: object }\n"), "a", "schema.required", R"(["z"])"),
            with("{ type: object, required: [z] }\n"));
}
TEST(SetParameter, RequiresNothingWhereThereIsNoSchema) {
  EXPECT_THAT(set(kWorkflow, "load", "schema.required", R"(["x"])"), HasSubstr("no schema of an object"));
  EXPECT_THAT(set("graph:\n  nodes:\n    - id: a\n      schema: {}\n", "a", "schema.required", "true"),
              HasSubstr("list of names"));
}

TEST(SetParameter, RefusesWithAReason) {
  EXPECT_THAT(set(kWorkflow, "lok", "timeout_ms", "1"), HasSubstr("no node 'lok'"));
  EXPECT_THAT(set(kWorkflow, "load", "for_each.concurrency", "1"), HasSubstr("no for_each"));
  EXPECT_THAT(set("graph:\n  nodes:\n    - id: a\n      on_error: skip\n", "a", "on_error", "{}"),
              HasSubstr("not a mapping"));
  const std::string shared =
      "graph:\n  nodes:\n    - id: a\n      on_error: &e { policy: skip }\n    - id: b\n      on_error: *e\n";
  EXPECT_THAT(set(shared, "a", "on_error", R"({"policy":"fail_run"})"), HasSubstr("shared"));
  EXPECT_THAT(set(shared, "b", "on_error", R"({"policy":"fail_run"})"), HasSubstr("alias *e"));
}

TEST(InsertNode, PutsTheNodeBehindAnotherAndTheEdgesAtTheEnd) {
  const std::string node = R"({"writes":["good"],"reads":["items"],"kind":"tool","impl":"./filter.mjs","id":"filter"})";
  const std::string edited = insert(
      kWorkflow, "load", node,
      {{.from = {"load"}, .to = {"filter"}}, {.from = {"filter"}, .to = {"look"}, .when = "length($.good) > 0"}});
  std::string expected = replaced(kWorkflow, "   # a guess\n",
                                  "   # a guess\n\n    - id: filter\n      kind: tool\n      impl: ./filter.mjs\n"
                                  "      reads: [items]\n      writes: [good]\n");
  expected = replaced(
      expected, "to: look }\n",
      "to: look }\n    - { from: load, to: filter }\n    - { from: filter, to: look, when: length($.good) > 0 }\n");
  EXPECT_EQ(edited, expected);
}

TEST(InsertNode, ChangesExactlyWhatItSays) {
  const doc::Document before = workflow(kWorkflow);
  const doc::Document after =
      workflow(insert(kWorkflow, "look", R"({"id":"n","kind":"tool"})", {{.from = {"look"}, .to = {"n"}}}));
  const std::vector<doc::Change> changes = doc::changes(doc::to_value(before.root()), doc::to_value(after.root()));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].pointer, "/graph/edges/1");
  EXPECT_EQ(changes[1].pointer, "/graph/nodes/2");
  EXPECT_EQ(changes[1].kind, doc::Change::Kind::added);
}

TEST(InsertNode, AddsTheEdgesThatAreMissingOrEmpty) {
  const std::vector<graph::Edge> edge = {{.from = {"a"}, .to = {"b"}}};
  const std::string head = "graph:\r\n  nodes:\r\n  - id: a\r\n    kind: tool\r\n";
  const std::string node = "  - id: b\r\n    kind: tool\r\n";
  EXPECT_EQ(insert(head, "a", R"({"kind":"tool","id":"b"})", edge),
            head + node + "  edges:\r\n  - from: a\r\n    to: b\r\n");
  EXPECT_EQ(insert(head + "  edges: []\r\n", "a", R"({"kind":"tool","id":"b"})", edge),
            head + node + "  edges:\r\n  - from: a\r\n    to: b\r\n");
  EXPECT_EQ(insert(head + "  edges:   # none yet", "a", R"({"kind":"tool","id":"b"})", edge),
            head + node + "  edges:   # none yet\r\n  - from: a\r\n    to: b");
}

constexpr const char* kGrouped = R"(graph:
  nodes:
    - { id: a, kind: tool, impl: a.mjs }
    - { id: b, kind: tool, impl: b.mjs }
    - { id: c, kind: tool, impl: c.mjs }
  edges: []
  pipelines:
    - { id: p, items: $.rows, stages: [b, a] }
  loops:
    - { id: l, body: c, max_iters: 3 }
)";
TEST(SetParameter, FindsTheNodesOfPipelinesAndLoops) {
  EXPECT_EQ(set(kGrouped, "b", "timeout_ms", "5"), replaced(kGrouped, "b.mjs }", "b.mjs, timeout_ms: 5 }"));
  EXPECT_THAT(set(kGrouped, "p", "timeout_ms", "5"), HasSubstr("'p' in experience.yaml is a pipeline"));
  EXPECT_THAT(set(kGrouped, "l", "on_error", "{}"), HasSubstr("'l' in experience.yaml is a loop"));
}
TEST(SetParameter, SetsLiteralsOfANodeAndMakesWhatIsMissingOnTheWay) {
  const std::string text = "graph:\n  nodes:\n    - { id: a, kind: agent, args: { limit: 3 }, model: small }\n";
  EXPECT_EQ(set(text, "a", "model", "\"large\""), replaced(text, "small", "large"));
  EXPECT_EQ(set(text, "a", "args.limit", "5"), replaced(text, "3", "5"));
  EXPECT_EQ(set(text, "a", "args.by.name", "\"x\""), replaced(text, "limit: 3", "limit: 3, by: { name: x }"));
  EXPECT_EQ(set(text, "a", "max_tokens", "900"), replaced(text, "small }", "small, max_tokens: 900 }"));
  EXPECT_THAT(set(text, "a", "modle", "1"), HasSubstr("did you mean 'model'"));
  EXPECT_THAT(set(text, "a", "id", "\"b\""), HasSubstr("no parameter is called 'id'"));
  EXPECT_THAT(set(text, "a", "args", "{}"), HasSubstr("no parameter"));
}
TEST(SetParameter, WritesEverySettingOfARetry) {
  EXPECT_EQ(
      set(kGrouped, "c", "on_error", R"({"policy":"retry","attempts":2,"then":"fail_run","jitter":true,"max_ms":9})"),
      replaced(kGrouped, "c.mjs }",
               "c.mjs, on_error: { policy: retry, attempts: 2, max_ms: 9, jitter: true, then: fail_run } }"));
}
TEST(InsertNode, PutsANodeBehindTheLastOneOfAGroup) {
  const std::string node = "    - { id: n, kind: tool }\n";
  EXPECT_EQ(insert(kGrouped, "p", R"({"id":"n","kind":"tool"})", {}),
            replaced(kGrouped, "b.mjs }\n", "b.mjs }\n" + node));
  EXPECT_EQ(insert(kGrouped, "l", R"({"id":"n","kind":"tool"})", {}),
            replaced(kGrouped, "c.mjs }\n", "c.mjs }\n" + node));
}
TEST(InsertNode, WritesEveryKindOfEdge) {
  const std::string edited = insert(
      kGrouped, "c", R"({"id":"n","kind":"tool"})",
      {{.from = {"c"}, .to = {"n"}, .on = graph::EdgeOn::timeout}, {.from = {"c"}, .to = {"n"}, .otherwise = true}});
  EXPECT_THAT(edited, HasSubstr("\"on\": timeout"));
  EXPECT_THAT(edited, HasSubstr("else: true"));
}

TEST(InsertNode, DeclaresFieldsThatTheNodeIsTheFirstToWrite) {
  const std::string head = "state:\n  schema:\n    a: { type: array }   # rows\n";
  const std::string graph = "graph:\n  nodes:\n    - { id: x, kind: tool }\n  edges: []\n";
  const InsertNode change{
      .after = {"x"},
      .node = json(R"({"id":"n","kind":"tool","writes":["b","c"]})"),
      .fields = {{.name = "b", .type = graph::FieldType::array, .merge = graph::Merge::array_append},
                 {.name = "c", .description = "what is left"}}};
  EXPECT_EQ(shown(apply(workflow(head + graph), change)),
            head + "    b: { type: array, merge: array_append }\n    c: { description: what is left }\n" +
                replaced(graph, "tool }\n", "tool }\n    - { id: n, kind: tool, writes: [b, c] }\n"));
  EXPECT_THAT(shown(apply(workflow(graph), change)), HasSubstr("state:\n  schema:\n    b: { type: array"));
  EXPECT_THAT(shown(apply(workflow(replaced(head, " a:", " b:") + graph), change)), StartsWith("refused"));
}

TEST(InsertNode, RefusesWithAReason) {
  EXPECT_THAT(insert(kWorkflow, "nope", R"({"id":"n"})", {}), HasSubstr("no node 'nope'"));
  EXPECT_THAT(insert("nodes: &n [{id: a}]\ngraph: {nodes: *n}\n", "a", R"({"id":"n"})", {}), HasSubstr("alias *n"));
}

using graph::RowFormat;

TEST(AppendRow, OfCsvKeepsColumnsLineEndsAndAMissingLastOne) {
  EXPECT_EQ(append("a,b,c\n1,2,3\n", RowFormat::csv, R"({"c":true,"a":"x y"})"), "a,b,c\n1,2,3\nx y,,true\n");
  EXPECT_EQ(append("a,b\r\n1,2\r\n", RowFormat::csv, R"({"b":2.5,"a":null})"), "a,b\r\n1,2\r\n,2.5\r\n");
  EXPECT_EQ(append("a,b\r\n1,2", RowFormat::csv, R"({"b":"z"})"), "a,b\r\n1,2\r\n,z");
  EXPECT_EQ(append("a,b", RowFormat::csv, R"({"b":"z"})"), "a,b\n,z");
  EXPECT_EQ(append("a,b\n1,2\n\n", RowFormat::csv, R"({"b":"z"})"), "a,b\n1,2\n,z\n\n");
}

TEST(AppendRow, OfCsvQuotesWhereItMust) {
  EXPECT_EQ(append("a,b\n", RowFormat::csv, R"({"a":"x,\"y\"","b":"two\nlines"})"),
            "a,b\n\"x,\"\"y\"\"\",\"two\nlines\"\n");
  EXPECT_EQ(append("a,b\n", RowFormat::csv, R"({"a":[1,2],"b":{"k":"v"}})"),
            "a,b\n\"[1,2]\",\"{\"\"k\"\":\"\"v\"\"}\"\n");
  EXPECT_EQ(append("\"a\",\"b\"\n\"1\",\"2\"\n", RowFormat::csv, R"({"a":1,"b":"x"})"),
            "\"a\",\"b\"\n\"1\",\"2\"\n\"1\",\"x\"\n");
  EXPECT_EQ(append("\xEF\xBB\xBF\"a,\"\"1\"\"\",b\n", RowFormat::csv, R"({"a,\"1\"":5})"),
            "\xEF\xBB\xBF\"a,\"\"1\"\"\",b\n5,\n");
  EXPECT_EQ(append("a\n1\n", RowFormat::csv, "{}"), "a\n1\n\"\"\n");
}

TEST(AppendRow, OfTsvSeparatesWithTabs) {
  EXPECT_EQ(append("a\tb\n", RowFormat::tsv, R"({"a":"x,y","b":"p\tq"})"), "a\tb\nx,y\t\"p\tq\"\n");
}

TEST(AppendRow, OfATableRefusesWhatDoesNotFit) {
  EXPECT_THAT(append("name,size\n", RowFormat::csv, R"({"nmae":1})"), HasSubstr("no column 'nmae'"));
  EXPECT_THAT(append("name,size\n", RowFormat::csv, R"({"nmae":1})"), HasSubstr("did you mean 'name'?"));
  EXPECT_THAT(append("name\n", RowFormat::csv, "[1]"), HasSubstr("object"));
  EXPECT_THAT(append("\r\n", RowFormat::csv, "{}"), HasSubstr("no header"));
}

TEST(AppendRow, OfJsonlWritesOneLineLikeTheLineBefore) {
  EXPECT_EQ(append("", RowFormat::jsonl, R"({"b":1,"a":"x\ny"})"), "{\"a\":\"x\\ny\",\"b\":1}\n");
  EXPECT_EQ(append("{\"b\": 1, \"a\": 2}\n", RowFormat::jsonl, R"({"a":3,"b":4})"),
            "{\"b\": 1, \"a\": 2}\n{\"b\": 4, \"a\": 3}\n");
  EXPECT_EQ(append("{\"b\":1}\r\n{\"b\":2}", RowFormat::jsonl, R"({"b":3})"), "{\"b\":1}\r\n{\"b\":2}\r\n{\"b\":3}");
  EXPECT_EQ(append("{\"b\":1}\n\n", RowFormat::jsonl, "5"), "{\"b\":1}\n5\n\n");
  EXPECT_EQ(append("junk\n", RowFormat::jsonl, R"({"b":3})"), "junk\n{\"b\":3}\n");
}

TEST(AppendRow, OfJsonTakesTheIndentationOfTheFile) {
  EXPECT_EQ(append("[{\"a\":1}]", RowFormat::json, R"({"a":2})"), "[{\"a\":1},{\"a\":2}]");
  EXPECT_EQ(append("[\n    {\"a\": 1}\n]\n", RowFormat::json, R"({"a":2})"), "[\n    {\"a\": 1},\n    {\"a\": 2}\n]\n");
  EXPECT_EQ(append("[\n\t{\n\t\t\"a\": 1\n\t}\n]\n", RowFormat::json, R"({"a":2})"),
            "[\n\t{\n\t\t\"a\": 1\n\t},\n\t{\n\t\t\"a\": 2\n\t}\n]\n");
  EXPECT_EQ(append("[]\n", RowFormat::json, R"({"a":"yes"})"), "[{\"a\": \"yes\"}]\n");
  EXPECT_EQ(append("[\"\\ud83d\\ude00\", 1]", RowFormat::json, "2"), "[\"\\ud83d\\ude00\", 1, 2]");
}

TEST(AppendRow, OfJsonRefusesWhatIsNoArray) {
  EXPECT_THAT(append("{}", RowFormat::json, "1"), HasSubstr("JSON array"));
  EXPECT_THAT(append("", RowFormat::json, "1"), HasSubstr("empty"));
  EXPECT_THAT(append("[1", RowFormat::json, "1"), StartsWith("refused: cases:"));
}

}  // namespace
}  // namespace oe::formats
