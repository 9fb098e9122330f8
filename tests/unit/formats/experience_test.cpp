#include <chrono>
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "reading.hpp"

namespace oe::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kNode = "  - {id: a, kind: tool, impl: t.mjs, writes: [rows]}\n";

std::string top(const std::string& lines) {
  return lines + "graph: {nodes: [{id: a, kind: tool, impl: t.mjs}], edges: []}\n";
}

TEST(Experience, ReadsEveryTopLevelField) {
  const Reading reading = read(R"(# yaml-language-server: $schema=./experience.schema.json
name: demo
version: 12.0.3
description: What it does
state:
  store: ./state.sqlite
  schema:
    rows: {type: array, items: {type: object}, merge: array_append, description: All rows}
    total: {type: number, merge: set_once}
    free: {}
phases:
- {id: first, title: The first}
- {id: second}
runtime: {concurrency: 4}
graph:
  nodes:
  - {id: a, kind: tool, impl: t.mjs, phase: first, writes: [rows]}
  - {id: b, kind: tool, impl: t.mjs, reads: [rows], writes: [total]}
  edges:
  - {from: a, to: b, when: length($.rows) > 0}
)");
  EXPECT_THAT(reading.problems, IsEmpty());
  EXPECT_TRUE(reading.usable());
  const graph::Graph& graph = reading.graph;
  EXPECT_EQ(graph.name, "demo");
  EXPECT_EQ(graph.version, "12.0.3");
  EXPECT_EQ(graph.description, "What it does");
  EXPECT_EQ(graph.runtime.concurrency, 4U);
  EXPECT_THAT(
      graph.state,
      ElementsAre(graph::StateField{"rows", graph::FieldType::array, graph::Merge::array_append, "All rows", {}},
                  graph::StateField{"total", graph::FieldType::number, graph::Merge::set_once, "", {}},
                  graph::StateField{.name = "free"}));
  EXPECT_THAT(graph.phases, ElementsAre(graph::Phase{"first", "The first", {}}, graph::Phase{"second", "", {}}));
  EXPECT_THAT(graph.edges, ElementsAre(graph::Edge{.from = {"a"}, .to = {"b"}, .when = "length($.rows) > 0"}));
  EXPECT_EQ(graph.nodes[0].phase, "first");
}

TEST(Experience, KnowsWhereEverythingStands) {
  const graph::Graph graph =
      read(with_nodes(kNode, "  - {id: b, kind: tool, impl: t.mjs}\n  edges:\n  - {from: a, to: b}\n")).graph;
  EXPECT_EQ(graph.nodes[1].where, Where({"w", 7, 5, "/graph/nodes/1"}));
  const auto place = [](const Where& where) { return Location(where); };
  EXPECT_EQ(place(graph.nodes[1].where), (Location{"w", 7, 5, "/graph/nodes/1"}));
  EXPECT_EQ(place(graph.edges[0].where), (Location{"w", 9, 5, "/graph/edges/0"}));
  EXPECT_EQ(place(graph.state[1].where), (Location{"w", 3, 25, "/state/schema/y"}));
}

TEST(Experience, HasDefaults) {
  const graph::Graph graph = read(with_nodes(kNode)).graph;
  EXPECT_EQ(graph.runtime.concurrency, 1U);
  EXPECT_EQ(graph.nodes[0].on_error, graph::OnError{});
  EXPECT_EQ(graph.nodes[0].timeout, std::nullopt);
  EXPECT_EQ(std::get<graph::Tool>(graph.nodes[0].work).args, Value::object());
}

TEST(Experience, NeedsItsSkeleton) {
  EXPECT_THAT(problems_in("{}"), ElementsAre("w:1:1: the key 'name' is missing; add 'name: ...'",
                                             "w:1:1: the key 'version' is missing; add 'version: ...'",
                                             "w:1:1: the key 'state' is missing; add 'state: ...'",
                                             "w:1:1: the key 'graph' is missing; add 'graph: ...'"));
  EXPECT_THAT(problems_in("[1, 2]"), ElementsAre("w:1:1: must be a mapping, found a list"));
  EXPECT_THAT(problems_in("name: w\nversion: 0.1.0\nstate: {}\ngraph: {}\n"),
              ElementsAre("w:3:8: /state: the key 'schema' is missing; add 'schema: ...'",
                          "w:4:8: /graph: the key 'nodes' is missing; add 'nodes: ...'",
                          "w:4:8: /graph: the key 'edges' is missing; add 'edges: ...'"));
  EXPECT_THAT(problems_in("name: w\nversion: 0.1.0\nstate: {schema: {}}\ngraph: {nodes: [], edges: []}\n"),
              ElementsAre("w:4:16: /graph/nodes: must hold at least one node"));
}

TEST(Experience, RefusesWrongTypesAtTheTop) {
  EXPECT_THAT(problems_in(top("name: 7\nversion: 0.1\nstate: {schema: [x]}\nphases: {id: p}\nruntime: 3\n")),
              ElementsAre("w:1:7: /name: must be a string, found the number 7; put it in quotes",
                          "w:2:10: /version: must be a string, found the number 0.1; put it in quotes",
                          "w:3:17: /state/schema: must be a mapping, found a list",
                          "w:4:9: /phases: must be a list, found a mapping",
                          "w:5:10: /runtime: must be a mapping, found the number 3"));
}
TEST(Experience, RefusesAnEmptyNameAndAnyOtherVersion) {
  EXPECT_THAT(problems_in(top("name: ''\nversion: 1.0.0-beta\nstate: {schema: {}}\n")),
              ElementsAre("w:1:7: /name: must not be empty",
                          "w:2:10: /version: must be three numbers, found '1.0.0-beta'; write it like 0.1.0"));
  for (const char* version : {"1.0", "1..0", "v1.0.0", "1.0.0.0", "'1.0.0 '", "1.0.x"}) {
    EXPECT_THAT(problems_in(top(fmt::format("name: w\nversion: '{}'\nstate: {{schema: {{}}}}\n",
                                            version == std::string("'1.0.0 '") ? "1.0.0 " : version))),
                ElementsAre(HasSubstr("must be three numbers")))
        << version;
  }
}
TEST(Experience, RefusesUnknownKeysOfClosedMappings) {
  EXPECT_THAT(problems_in(top("name: w\nversion: 0.1.0\nstate: {schema: {}, scheme: 1}\nphases: [{id: p, titel: "
                              "x}]\nruntime: {concurency: 2}\n"
                              "descripton: x\nowner: me\n")),
              ElementsAre("w:3:21: /state/scheme: unknown key 'scheme'; did you mean 'schema'?",
                          "w:4:18: /phases/0/titel: unknown key 'titel'; did you mean 'title'?",
                          "w:5:11: /runtime/concurency: unknown key 'concurency'; did you mean 'concurrency'?",
                          "w:6:1: /descripton: unknown key 'descripton'; did you mean 'description'?",
                          "w:7:1: /owner: unknown key 'owner'"));
}
TEST(Experience, ChecksTheDeclarationOfAField) {
  EXPECT_THAT(
      problems_in(top("name: w\nversion: 0.1.0\nstate:\n  schema:\n    a: {type: integer}\n    b: {merge: apend}\n    "
                      "c: {default: 1, $ref: x, "
                      "required: [k], properties: {}}\n    d: {tpye: array}\n    e:\n    f: {description: 3}\n")),
      ElementsAre(
          "w:5:15: /state/schema/a/type: must be one of string, number, boolean, object, array, null, found 'integer'",
          "w:6:16: /state/schema/b/merge: must be one of last_wins, set_once, array_append, found 'apend'",
          "w:8:9: /state/schema/d/tpye: warning: unknown key 'tpye'; did you mean 'type'?",
          "w:9:7: /state/schema/e: must be a mapping, found nothing",
          "w:10:22: /state/schema/f/description: must be a string, found the number 3; put it in quotes"));
}
TEST(Experience, ChecksConcurrency) {
  for (const char* number : {"0", "-1", "1.5", "'2'", "5000000000", "1e99", "[1]"}) {
    EXPECT_THAT(problems_in(top(fmt::format(
                    "name: w\nversion: 0.1.0\nstate: {{schema: {{}}}}\nruntime: {{concurrency: {}}}\n", number))),
                ElementsAre(HasSubstr("/runtime/concurrency: must be a whole number from 1 to 4294967295, found ")))
        << number;
  }
  EXPECT_EQ(read(top("name: w\nversion: 0.1.0\nstate: {schema: {}}\nruntime: {concurrency: 3.0}\n"))
                .graph.runtime.concurrency,
            3U);
}

TEST(Experience, ChecksEdges) {
  EXPECT_THAT(
      problems_in(with_nodes(
          kNode,
          "  edges:\n  - {form: a, to: a}\n  - [a, b]\n  - {from: a, to: 3, when: true}\n  - {from: a, to: b}\n")),
      ElementsAre("w:8:5: /graph/edges/0: the key 'from' is missing; add 'from: ...'",
                  "w:8:6: /graph/edges/0/form: unknown key 'form'; did you mean 'from'?",
                  "w:9:5: /graph/edges/1: must be a mapping, found a list",
                  "w:10:19: /graph/edges/2/to: must be a string, found the number 3; put it in quotes",
                  "w:10:28: /graph/edges/2/when: must be a string, found true; put it in quotes",
                  "w:11:19: /graph/edges/3/to: edge a -> b: there is no node 'b'; did you mean 'a'? Defined nodes: a"));
}

TEST(Experience, LocatesWhatTheGraphCheckFinds) {
  const std::string nodes =
      "  - id: a\n    kind: tool\n    impl: t.mjs\n    reads:\n    - rosw\n    writes: [rows]\n  - {id: b, kind: "
      "dataset, source: {type: file, uri: r.csv}}\n";
  EXPECT_THAT(problems_in(with_nodes(nodes, "  edges:\n  - {from: a, to: b, when: $.rows >}\n")),
              ElementsAre("w:10:7: /graph/nodes/0/reads/0: node 'a' reads 'rosw', which is not declared in "
                          "state.schema; did you mean 'rows'?",
                          "w:12:5: /graph/nodes/1: a dataset puts its rows into exactly one field, and 'b' names none; "
                          "give it one name in writes",
                          HasSubstr("w:14:28: /graph/edges/0/when: the condition of a -> b does not parse: column 9")));
}
TEST(Experience, DoesNotRepeatAFaultThatSpoilsACheck) {
  EXPECT_THAT(
      problems_in(with_nodes("  - {id: a, kind: dataset, source: {type: file, uri: r.csv}, writes: rows}\n")),
      ElementsAre("w:6:70: /graph/nodes/0/writes: must be a list of strings, found 'rows'; write it as [a, b]"));
  EXPECT_THAT(problems_in(with_nodes("  - {id: a, kind: tool, impl: t.mjs, for_each: {concurrency: 2}}\n")),
              ElementsAre("w:6:48: /graph/nodes/0/for_each: the key 'source' is missing; add 'source: ...'"));
  EXPECT_THAT(problems_in("name: w\nversion: 0.1.0\nstate: {schema: 1}\ngraph: {nodes: [{id: a, kind: tool, impl: "
                          "t.mjs, reads: [x]}], edges: []}\n"),
              ElementsAre("w:3:17: /state/schema: must be a mapping, found the number 1"));
}
TEST(Experience, StillFindsOtherFaultsOfANodeWithAFault) {
  EXPECT_THAT(
      problems_in(with_nodes("  - {id: a, kind: tool, reads: [rosw], timeout_ms: 0}\n")),
      ElementsAre(
          "w:6:5: /graph/nodes/0: the key 'impl' is missing; add 'impl: ...'",
          HasSubstr("'rosw', which is not declared"),
          "w:6:52: /graph/nodes/0/timeout_ms: must be a whole number from 1 to 31622400000, found the number 0"));
}

TEST(Experience, ReadsThroughAliases) {
  const Reading reading = read(with_nodes(
      "  - {id: a, kind: tool, impl: t.mjs, args: &args {k: [1]}, on_error: &retry {policy: retry, attempts: 2}}\n"
      "  - {id: b, kind: tool, impl: t.mjs, args: *args, on_error: *retry}\n"));
  EXPECT_THAT(reading.problems, IsEmpty());
  EXPECT_EQ(graph::arguments(reading.graph.nodes[1]), *Value::parse(R"({"k":[1]})"));
  EXPECT_EQ(reading.graph.nodes[1].on_error.attempts, 2U);
}

TEST(Experience, TakesAThousandNodesInLittleTime) {
  std::string nodes, edges = "  edges:\n";
  for (int i = 0; i < 1000; ++i) {
    nodes += fmt::format(
        "  - id: n{}\n    kind: command\n    run: [\"true\"]\n    timeout_ms: 1000\n    reads: [x]\n    writes: [x]\n",
        i);
    if (i > 0) edges += fmt::format("  - {{from: n{}, to: n{}, when: $.x != 'stop'}}\n", i - 1, i);
  }
  const std::string text = with_nodes(nodes, edges);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(problems_in(text), IsEmpty());
  // 100 ms in a release build; this one is not optimised and may share the machine.
  EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 1.0);
}

}  // namespace
}  // namespace oe::formats
