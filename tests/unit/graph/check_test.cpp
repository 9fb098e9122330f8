#include "unit/graph/sketch.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::graph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Check, FindsNothingInASoundGraph) {
  Sketch sketch;
  sketch.field("rows", FieldType::array).field("total");
  sketch.node("load", dataset(), {}, {"rows"}).node("sum", Tool{}, {"rows"}, {"total"});
  sketch.edge("load", "sum", "length($.rows) > 0");
  EXPECT_THAT(problems_of(sketch), IsEmpty());
}

TEST(Check, NamesTheFirstOfTwoEqualIds) {
  EXPECT_THAT(
      problems_of(Sketch().node("a").node("b").node("a")),
      ElementsAre("w:12:5: /graph/nodes/2/id: there are two nodes with the id 'a'; the first one is in line 10"));
}

TEST(Check, NamesTheMissingEndOfAnEdgeAndWhatIsDefined) {
  EXPECT_THAT(
      problems_of(Sketch().node("load").node("sum").edge("laod", "sum").edge("load", "other")),
      ElementsAre(
          "w:100:5: /graph/edges/0/from: edge laod -> sum: there is no node 'laod'; did you mean 'load'? "
          "Defined nodes: load, sum",
          "w:101:5: /graph/edges/1/to: edge load -> other: there is no node 'other'; Defined nodes: load, sum"));
}

TEST(Check, CutsALongListOfDefinedNodes) {
  Sketch sketch;
  for (int i = 0; i < 40; ++i) sketch.node(fmt::format("n{}", i));
  EXPECT_THAT(problems_of(sketch.edge("zzzzzz", "n0")), testing::Contains(HasSubstr("n29 and 10 more")));
}

TEST(Check, WalksThroughACycleInOrder) {
  Sketch sketch;
  sketch.node("start").node("a").node("b").node("c").node("behind");
  sketch.edge("start", "a").edge("a", "b").edge("b", "c").edge("c", "a").edge("c", "behind");
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre(
          "w:103:5: /graph/edges/3: cycle: a -> b -> c -> a; remove one of its edges; edges only say what waits "
          "for what"));
}
TEST(Check, ReportsTwoCyclesApart) {
  Sketch sketch;
  sketch.node("a").node("b").node("c").node("d");
  sketch.edge("a", "b").edge("b", "a").edge("c", "d").edge("d", "c");
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("cycle: a -> b -> a"), HasSubstr("cycle: c -> d -> c")));
}
TEST(Check, FindsANodeThatWaitsForItself) {
  EXPECT_THAT(problems_of(Sketch().node("a").edge("a", "a")),
              ElementsAre("w:100:5: /graph/edges/0: node 'a' waits for itself; remove this edge"));
}
TEST(Check, FindsNoCycleInADiamondOrADoubleEdge) {
  Sketch sketch;
  sketch.node("a").node("b").node("c").node("d");
  sketch.edge("a", "b").edge("a", "c").edge("b", "d").edge("c", "d").edge("c", "d");
  EXPECT_THAT(problems_of(sketch), IsEmpty());
}
TEST(Check, ShortensTheReportOfALongCycle) {
  Sketch sketch;
  for (int i = 0; i < 100; ++i) sketch.node(fmt::format("n{}", i));
  for (int i = 0; i < 100; ++i) sketch.edge(fmt::format("n{}", i), fmt::format("n{}", (i + 1) % 100));
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("n19 -> (80 more) -> n0")));
}

TEST(Check, LocatesAConditionThatDoesNotParse) {
  EXPECT_THAT(
      problems_of(Sketch().field("n").node("a", Tool{}, {}, {"n"}).node("b").edge("a", "b", "$.n = 3")),
      ElementsAre(
          "w:100:5: /graph/edges/0/when: the condition of a -> b does not parse: column 5: unexpected character "
          "'='; did you mean '=='?\n"
          "        $.n = 3\n"
          "            ^"));
}
TEST(Check, TakesAnEmptyConditionForAMistake) {
  EXPECT_THAT(problems_of(Sketch().node("a").node("b").edge("a", "b", "")),
              ElementsAre(HasSubstr("the expression is empty")));
}

TEST(Check, RefusesReadsAndWritesOfUndeclaredFields) {
  Sketch sketch;
  sketch.field("rows").node("a", Tool{}, {"rosw"}, {"rows", "zebra"});
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre(
          "w:10:5: /graph/nodes/0/reads/0: node 'a' reads 'rosw', which is not declared in state.schema; did you "
          "mean 'rows'?",
          "w:10:5: /graph/nodes/0/writes/1: node 'a' writes 'zebra', which is not declared in state.schema; "
          "declare it under state.schema"));
}
TEST(Check, WarnsAboutPathsThatAreAlwaysUnset) {
  Sketch sketch;
  sketch.field("rows").node("a", Tool{.args = *Value::parse(R"({"x": {"y": "$.rosw.z"}})")}, {}, {"rows"}).node("b");
  sketch.edge("a", "b", "$.cuont > 1");
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre(
          "w:10:5: /graph/nodes/0/args: warning: an argument of node 'a' names 'rosw', which is not declared in "
          "state.schema; did you mean 'rows'?",
          "w:100:5: /graph/edges/0/when: warning: the condition reads 'cuont', which is not declared in "
          "state.schema; declare it under state.schema"));
}
TEST(Check, WarnsOnceAboutAFieldThatNobodyWrites) {
  Sketch sketch;
  sketch.field("topic").node("a", Tool{}, {"topic"}).node("b", Tool{}, {"topic"}).edge("a", "b", "$.topic == 'x'");
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre("w:10:5: /graph/nodes/0/reads/0: warning: node 'a' reads 'topic', which no node writes; let a "
                  "node write it, or take it out"));
}
TEST(Check, SaysNothingAboutADeclaredFieldThatIsNotUsed) {
  EXPECT_THAT(problems_of(Sketch().field("spare").node("a")), IsEmpty());
}

TEST(Check, WantsExactlyOneWriteWhereThereIsOneValue) {
  Sketch sketch;
  sketch.field("x").field("y");
  sketch.node("d", dataset());
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre("w:10:5: /graph/nodes/0/writes: a dataset puts its rows into exactly one field, and 'd' names none; "
                  "give it one name in writes"));
}
TEST(Check, WantsJsonFromAProgramThatWritesManyFields) {
  Sketch sketch;
  sketch.field("x").field("y");
  sketch.node("c", command("true"), {}, {"x", "y"}).node("l", command("true", CaptureAs::lines), {}, {"x", "y"});
  sketch.node("j", command("true", CaptureAs::json), {}, {"x", "y"}).node("none", command("true"));
  sketch.node("g", CliAgent{.prompt = "hi"}, {}, {"x", "y"}).node("quiet", CliAgent{.prompt = "hi"});
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre(
          "w:10:5: /graph/nodes/0/writes: 'c' writes 2 fields, but its output is one text; add 'output: json' and "
          "print an object with these keys",
          HasSubstr("but its output is one list of lines"), HasSubstr("add 'output_format: json'")));
}

TEST(Check, WantsAListForAForEach) {
  Sketch sketch;
  sketch.field("rows", FieldType::array).field("name", FieldType::string).field("free").field("box", FieldType::object);
  sketch.node("w", Tool{}, {}, {"rows", "name", "free", "box"});
  for (const char* source :
       {"$.rows", "$.free", "$.box.list", "$.box", "$.name", "rows", "$.rows[", "$item.x", "$.rosw"}) {
    sketch.node(fmt::format("n{}", sketch.graph.nodes.size())).loop(source);
  }
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre(
          "w:14:5: /graph/nodes/4/for_each/source: for_each of 'n4' goes over 'box', which is declared as something "
          "else than a list; declare 'type: array' for box",
          HasSubstr("for_each of 'n5' goes over 'name'"),
          "w:16:5: /graph/nodes/6/for_each/source: for_each of 'n6' goes over 'rows', which is not a path; write "
          "'$.field' with the name of a list in the state",
          "w:17:5: /graph/nodes/7/for_each/source: for_each of 'n7' goes over '$.rows[', which is not a path; write "
          "'$.field' with the name of a list in the state",
          "w:18:5: /graph/nodes/8/for_each/source: for_each of 'n8' goes over '$item.x', and there is no $item here; "
          "only a for_each or a pipeline has it",
          "w:19:5: /graph/nodes/9/for_each/source: for_each of node 'n9' names 'rosw', which is not declared in "
          "state.schema; did you mean 'rows'?"));
}

TEST(Check, RefusesACommandWithAPlaceholderThatNothingFills) {
  Sketch sketch;
  sketch.field("rows").node("a", command("cat {{rows.0}} {{ros}} {{ros}} {{$item}}"), {"rows"}, {"rows"});
  sketch.node("b", Command{.run = Names{"echo", "{{rows}}"}});
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre(
          "w:10:5: /graph/nodes/0/run: nothing fills '{{ros}}' of 'a': it would fail; did you mean 'rows'?",
          "w:10:5: /graph/nodes/0/run: nothing fills '{{$item}}' of 'a': it would fail; only a node with for_each "
          "has it",
          "w:11:5: /graph/nodes/1/run/1: nothing fills '{{rows}}' of 'b': it would fail; add 'rows' to reads"));
}
TEST(Check, FillsPlaceholdersFromReadsArgumentsPredecessorsAndItems) {
  Sketch sketch;
  sketch.field("rows").node("a", Tool{}, {}, {"rows"});
  sketch.node(
      "b",
      Command{.run = "x {{rows}} {{flag}} {{a.out}} {{$item.id}} {{$index}}", .args = *Value::parse(R"({"flag":1})")},
      {"rows"});
  sketch.loop("$.rows").edge("a", "b");
  EXPECT_THAT(problems_of(sketch), IsEmpty());
}
TEST(Check, OnlyWarnsAboutThePromptOfAnAgent) {
  EXPECT_THAT(
      problems_of(Sketch().node("a", CliAgent{.prompt = "write {{topic}}"})),
      ElementsAre("w:10:5: /graph/nodes/0/prompt: warning: nothing fills '{{topic}}' of 'a': it stays as it is; name a "
                  "field of reads, an argument or the node right before"));
}

TEST(Check, WarnsAboutNodesThatNeverRun) {
  Sketch sketch;
  sketch.node("a")
      .node("b")
      .node("c")
      .node("d")
      .edge("a", "b", "1 > 2")
      .edge("b", "c")
      .edge("a", "c")
      .edge("a", "d", "2 > 1");
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre(
          "w:12:5: /graph/nodes/2: warning: node 'c' never runs: it waits for 'b', which never runs",
          "w:100:5: /graph/edges/0/when: warning: node 'b' never runs: the condition of a -> b is always false"));
}

TEST(Check, WarnsAboutANodeThatStandsAlone) {
  Sketch sketch;
  sketch.field("x").field("y").field("z");
  sketch.node("a", Tool{}, {}, {"x"}).node("b").node("reader", Tool{}, {"x"}).node("writer", Tool{}, {}, {"y"});
  sketch.node("lone", Tool{}, {"z"}, {"z"}).edge("a", "b", "$.y == 1");
  EXPECT_THAT(
      problems_of(sketch),
      ElementsAre(
          "w:14:5: /graph/nodes/4: warning: node 'lone' stands alone: no edge, and no field shared with another "
          "node; connect it with an edge, or remove it"));
}
TEST(Check, SaysNothingAboutLoneNodesWithoutEdges) {
  EXPECT_THAT(problems_of(Sketch().node("a").node("b")), IsEmpty());
}

TEST(Check, GivesItsProblemsInTheOrderOfTheFile) {
  Sketch sketch;
  sketch.node("a", dataset()).node("b", Tool{}, {"no"}).node("a").edge("a", "a").edge("b", "x");
  std::vector<unsigned> lines;
  for (const Problem& problem : check(sketch.graph)) lines.push_back(problem.where.line);
  EXPECT_THAT(lines, ElementsAre(10, 11, 12, 100, 101));
}

double seconds_to_check(const Graph& graph) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(check(graph), IsEmpty());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Bounds for an unoptimised build on a busy machine; a quadratic step would take minutes.
TEST(Check, TakesALongChain) {
  Sketch sketch;
  sketch.field("x");
  for (int i = 0; i < 10'000; ++i) sketch.node(fmt::format("n{}", i), Tool{}, {"x"}, {"x"});
  for (int i = 1; i < 10'000; ++i) sketch.edge(fmt::format("n{}", i - 1), fmt::format("n{}", i), "$.x != 1");
  EXPECT_LT(seconds_to_check(sketch.graph), 3);
}
TEST(Check, TakesAWideFan) {
  Sketch sketch;
  sketch.node("start").node("end");
  for (int i = 0; i < 5'000; ++i) {
    const std::string id = fmt::format("n{}", i);
    sketch.node(id, CliAgent{.prompt = "after {{start}}"}).edge("start", id).edge(id, "end");
  }
  EXPECT_LT(seconds_to_check(sketch.graph), 3);
}

}  // namespace
}  // namespace oe::graph
