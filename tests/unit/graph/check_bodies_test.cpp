#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/graph/sketch.hpp"

namespace oe::graph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A body as the reader makes it: its nodes stand elsewhere in the same file.
Sketch stages(const std::vector<Node>& nodes) {
  Sketch sketch;
  for (const Node& node : nodes) {
    sketch.node(node.id.text, node.work, node.reads, node.writes);
    sketch.last().where = Sketch::place("nodes", sketch.graph.nodes.size() - 1, 50);
    if (sketch.graph.nodes.size() > 1) sketch.edge(sketch.graph.nodes[sketch.graph.nodes.size() - 2].id.text, node.id.text);
  }
  return sketch;
}
Node stage(const std::string& id, Work work = Tool{}, Names reads = {}, Names writes = {}) {
  return {.id = {id}, .reads = std::move(reads), .writes = std::move(writes), .work = std::move(work)};
}
Work tool(const std::string& args) {
  return Tool{.args = *Value::parse(args)};
}

TEST(CheckBodies, KnowTheVariablesOfAPipeline) {
  Sketch body = stages({stage("one", command("echo {{$item.id}} {{item.id}} {{$index}} {{$pipeline}}"), {}, {"out"}),
                        stage("two", command("echo {{one.x}} {{row}} {{$iter}}"))});
  body.last_edge().when = "item.ok && $index > 1 && $pipeline == 'p' && row.x";
  Sketch sketch;
  sketch.field("rows", FieldType::array).field("out").node("load", dataset(), {}, {"rows"});
  sketch.pipeline("p", "$.rows", body).edge("load", "p");
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:51:5: /graph/nodes/1/run: nothing fills '{{row}}' of 'two': it would fail; name a field of "
                          "reads, an argument or the node right before",
                          HasSubstr("nothing fills '{{$iter}}' of 'two'"),
                          HasSubstr("w:100:5: /graph/edges/0/when: unknown word 'row'; a state field is written '$.row'")));
  std::get<Each>(sketch.last().work).as = "row";
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("{{$iter}}")));
}
TEST(CheckBodies, TakeTheFieldsOfTheOuterGraph) {
  Sketch sketch;
  sketch.field("rows", FieldType::array).field("draft");
  sketch.node("load", dataset(), {}, {"rows"});
  sketch.pipeline("p", "$.rows", stages({stage("one", tool(R"({"x": "$.drfat"})"), {"rows", "draft"}, {"nope"})}));
  sketch.edge("load", "p");
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:50:5: /graph/nodes/0/reads/1: warning: node 'one' reads 'draft', which no node writes; let a "
                          "node write it, or take it out",
                          HasSubstr("/graph/nodes/0/args: warning: an argument of node 'one' names 'drfat', which is not "
                                    "declared in state.schema; did you mean 'draft'?"),
                          HasSubstr("/graph/nodes/0/writes/0: node 'one' writes 'nope', which is not declared")));
}
TEST(CheckBodies, CountWhatIsWrittenInThem) {
  Sketch sketch;
  sketch.field("draft").repeat("l", "length($.draft) > 3", stages({stage("write", Tool{}, {}, {"draft"})}));
  sketch.node("print", Tool{}, {"draft"}).node("other").node("last").edge("other", "last");
  EXPECT_THAT(problems_of(sketch), IsEmpty());
}
TEST(CheckBodies, FindABodyThatStandsAlone) {
  Sketch sketch;
  sketch.field("x").repeat("l", "$.x > 3", stages({stage("write", Tool{}, {"x"}, {"x"})}));
  sketch.node("a").node("b").edge("a", "b");
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("w:10:5: /graph/nodes/0: warning: node 'l' stands alone")));
}
TEST(CheckBodies, CheckEachNodeInThem) {
  Sketch sketch;
  sketch.repeat("l", "1 > 2", stages({stage("d", dataset()), stage("d"), stage("e")}));
  Sketch& body = sketch;
  std::get<Repeat>(body.last().work).body->edges.push_back({.from = {"e"}, .to = {"d"}});
  EXPECT_THAT(problems_of(sketch),
              testing::UnorderedElementsAre(HasSubstr("a dataset puts its rows into exactly one field, and 'd' names none"),
                                            HasSubstr("there are two nodes with the id 'd'"), HasSubstr("waits for itself"),
                                            HasSubstr("cycle: d -> e -> d")));
}
TEST(CheckBodies, GoDeep) {
  Sketch inner = stages({stage("deep", command("echo {{$item}} {{$iter}} {{$loop}} {{$nodes.first.output}} {{$nodes.l.output}}"))});
  Sketch middle;
  middle.repeat("l", "$iter > 3 && item.done && $nodes.deep.status == 'failed' && $nodes.first.output", inner);
  Sketch sketch;
  sketch.field("rows", FieldType::array).node("first", dataset(), {}, {"rows"}).pipeline("p", "$.rows", middle);
  sketch.edge("first", "p");
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("nothing fills '{{$nodes.l.output}}' of 'deep'")));
}

TEST(CheckLoops, PointIntoUntil) {
  Sketch sketch;
  sketch.field("n", FieldType::number).repeat("l", "$.n == 'x' || $.m", stages({stage("a", Tool{}, {}, {"n"})}));
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/until: warning: 'until' of 'l' reads 'm', which is not declared in "
                          "state.schema; did you mean 'n'?",
                          "w:10:5: /graph/nodes/0/until: warning: a part of the condition cannot hold: $.n is a number and "
                          "'x' is a string\n"
                          "        $.n == 'x' || $.m\n"
                          "               ^^^"));
}
TEST(CheckLoops, HaveAnEndAndABody) {
  Sketch sketch;
  sketch.repeat("l", std::nullopt, Sketch()).repeat("m", "2 > 1", stages({stage("a")}));
  std::get<Repeat>(sketch.graph.nodes[0].work).max_rounds = 0;
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/body: loop 'l' has no node; name at least one in body",
                          "w:10:5: /graph/nodes/0: loop 'l' has no end; add 'until: ...' or 'max_iters: ...'",
                          "w:11:5: /graph/nodes/1/until: warning: loop 'm' never runs: its 'until' always holds"));
}
TEST(CheckLoops, SayWhereUntilDoesNotParse) {
  EXPECT_THAT(problems_of(Sketch().repeat("l", "$.n = 1", stages({stage("a")}))),
              ElementsAre("w:10:5: /graph/nodes/0/until: 'until' of 'l' does not parse: column 5: unexpected character '='; "
                          "did you mean '=='?\n        $.n = 1\n            ^"));
}

struct FanOut {
  const char* as;
  const char* fault;
};
TEST(CheckFanOuts, WantAUsableName) {
  for (const FanOut& test : {FanOut{"row", ""}, FanOut{"a-b", "'a-b' cannot be the name of an item"},
                             FanOut{"rows", "for_each of 'a' calls its item 'rows', which is a field of the state"},
                             FanOut{"item", "take it out: this name always works"},
                             FanOut{"null", "which is a word of the language; choose another name"}}) {
    Sketch sketch;
    sketch.field("rows").node("a", Tool{}, {}, {"rows"}).loop("$.rows");
    std::get<Each>(sketch.last().work).as = test.as;
    const Names found = problems_of(sketch);
    if (*test.fault == '\0')
      EXPECT_THAT(found, IsEmpty()) << test.as;
    else
      EXPECT_THAT(found, ElementsAre(testing::AllOf(HasSubstr("w:10:5: /graph/nodes/0/for_each/as: "), HasSubstr(test.fault))));
  }
}
TEST(CheckFanOuts, GoOverOneThing) {
  Sketch sketch;
  sketch.field("rows").node("a", Tool{}, {}, {"rows"}).loop("$.rows").pipeline("p", "", Sketch());
  Each& each = std::get<Each>(sketch.graph.nodes[0].work);
  each.rows = Dataset{.source = FileSource{.uri = "x.csv"}};
  each.batch = 0;
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:10:5: /graph/nodes/0/for_each/source: for_each of 'a' has both a path and rows to go over; take "
                          "one of them out",
                          "w:10:5: /graph/nodes/0/for_each/batch: for_each of 'a': must be at least 1, found 0",
                          "w:11:5: /graph/nodes/1/stages: pipeline 'p' has no stage; name at least one node",
                          "w:11:5: /graph/nodes/1/items: pipeline 'p' goes over '', which is not a path; write '$.field' "
                          "with the name of a list in the state"));
  each.source = "";
  each.batch = 10;
  EXPECT_THAT(problems_of(sketch), testing::SizeIs(2));
}
TEST(CheckFanOuts, TakeInputsAndOutputsOfNodes) {
  Sketch sketch;
  sketch.input("list", FieldType::array).input("name", FieldType::string);
  sketch.node("a").loop("$run.inputs.list").node("b").loop("$nodes.a.output.rows").node("c").loop("$run.inputs.name");
  sketch.edge("a", "b").edge("b", "c");
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("for_each of 'c' goes over 'name', which is declared as something")));
  sketch.node("d").loop("$nodes.c.output").edge("a", "d");
  EXPECT_THAT(problems_of(sketch), testing::Contains(HasSubstr("for_each of 'd' goes over '$nodes.c.output', and node 'c' need "
                                                               "not have ended here")));
}

TEST(Fillers, KnowWhatAPlaceGives) {
  Sketch sketch;
  sketch.field("rows").input("who").node("a").node("b").edge("a", "b").pipeline("p", "$.rows", stages({stage("s")}));
  sketch.edge("b", "p");
  const Fillers outer(sketch.graph);
  const Fillers inner = outer.inside(sketch.last());
  const Node& first = std::get<Each>(sketch.last().work).body->nodes[0];
  const auto names = [](const std::vector<Fillers::Unfilled>& all) {
    Names list;
    for (const Fillers::Unfilled& one : all) list.push_back(one.name + "; " + one.hint);
    return list;
  };
  EXPECT_THAT(names(inner.unfilled(first, "{{$item.x}} {{index}} {{b.x}} {{$nodes.a.output.0}} {{$run.inputs.who}} {{$run.id}}")),
              IsEmpty());
  EXPECT_THAT(names(inner.unfilled(first, "{{a}} {{$nodes.s.output}} {{$nodes.b.x}} {{$run.inputs.whom}} {{rows}}")),
              ElementsAre("a; did you mean 'b'?", HasSubstr("$nodes.s.output; write '{{$nodes.<id>.status}}'"),
                          HasSubstr("$nodes.b.x"), "$run.inputs.whom; did you mean 'who'?", "rows; add 'rows' to reads"));
}

}  // namespace
}  // namespace oe::graph
