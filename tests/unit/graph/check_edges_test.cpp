#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/graph/sketch.hpp"

namespace oe::graph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Sketch diamond() {
  Sketch sketch;
  sketch.field("n", FieldType::number).node("a", Tool{}, {}, {"n"}).node("b").node("c");
  return sketch;
}

TEST(CheckConditions, PointAtWhatCannotHold) {
  EXPECT_THAT(problems_of(diamond().edge("a", "b", "$.n == \"3\"").edge("a", "c")),
              ElementsAre("w:100:5: /graph/edges/0/when: warning: the condition cannot hold: $.n is a number and \"3\" "
                          "is a string\n"
                          "        $.n == \"3\"\n"
                          "               ^^^"));
}
TEST(CheckConditions, PutTheHintBeforeTheQuote) {
  EXPECT_THAT(problems_of(diamond().edge("a", "b", "$run.nmae == 'x'").edge("a", "c", "status")),
              ElementsAre("w:100:5: /graph/edges/0/when: $run has no 'nmae'; it has 'id', 'inputs' and 'args'\n"
                          "        $run.nmae == 'x'\n"
                          "        ^^^^^^^^^",
                          HasSubstr("w:101:5: /graph/edges/1/when: unknown word 'status'; a state field is written")));
}
TEST(CheckConditions, KnowTheDeclaredInputs) {
  Sketch sketch = diamond().edge("a", "b", "$run.inputs.limt > 3").edge("a", "c", "$run.inputs.limit > 3");
  EXPECT_THAT(problems_of(sketch), IsEmpty());
  EXPECT_THAT(problems_of(sketch.input("limit", FieldType::number)),
              ElementsAre(HasSubstr("there is no input 'limt'; did you mean 'limit'?")));
}
TEST(CheckConditions, ReadOnlyNodesUpstream) {
  Sketch sketch = diamond().node("d").edge("a", "b").edge("b", "d", "$nodes.a.status == 'failed' && $nodes.b.output.x");
  EXPECT_THAT(problems_of(sketch.edge("a", "c", "$nodes.b.status == 'failed'").edge("a", "c", "$nodes.bb.status")),
              ElementsAre("w:102:5: /graph/edges/2/when: node 'b' need not have ended here: no edges lead from it to 'c'\n"
                          "        $nodes.b.status == 'failed'\n"
                          "        ^^^^^^^^^^^^^^^",
                          HasSubstr("/graph/edges/3/when: there is no node 'bb', did you mean 'b'?")));
}
TEST(CheckConditions, FindANodeFarUpstream) {
  Sketch sketch;
  for (int i = 0; i < 3'000; ++i) sketch.node(fmt::format("n{}", i));
  for (int i = 1; i < 3'000; ++i) {
    const std::string last = fmt::format("n{}", i - 1), other = fmt::format("n{}", i > 500 ? i - 500 : 0);
    sketch.edge(last, fmt::format("n{}", i), fmt::format("$nodes.n0.status == $nodes.{}.status", other));
  }
  EXPECT_THAT(problems_of(sketch), IsEmpty());
}

TEST(CheckEdges, WantAConditionBesideElse) {
  Sketch sketch = diamond().edge("a", "b").edge("a", "c");
  sketch.last_edge().otherwise = true;
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:101:5: /graph/edges/1/else: edge a -> c is an else edge, but no edge beside it has a condition; "
                          "give another edge out of 'a' a 'when', or take 'else' out"));
  sketch.graph.edges[0].when = "$.n > 1";
  EXPECT_THAT(problems_of(sketch), IsEmpty());
}
TEST(CheckEdges, RefuseElseWithWhen) {
  Sketch sketch = diamond().edge("a", "b", "$.n > 1").edge("a", "c", "$.n > 2");
  sketch.last_edge().otherwise = true;
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:101:5: /graph/edges/1/else: edge a -> c has both 'else' and 'when'; an else edge fires when no "
                          "condition beside it holds; take one of them out"));
}
TEST(CheckEdges, RefuseASecondElseToTheSameNode) {
  Sketch sketch = diamond().edge("a", "b", "$.n > 1").edge("a", "c").edge("a", "c");
  sketch.graph.edges[1].otherwise = sketch.graph.edges[2].otherwise = true;
  EXPECT_THAT(problems_of(sketch), ElementsAre("w:102:5: /graph/edges/2/else: edge a -> c is the second else edge to the "
                                               "same node; remove one of them"));
  sketch.graph.edges[1].to = {"b"};
  EXPECT_THAT(problems_of(sketch), IsEmpty());
}
TEST(CheckEdges, WarnAboutEdgesThatNeverFire) {
  Sketch sketch = diamond().edge("a", "b").edge("b", "c");
  sketch.graph.edges[0].on = EdgeOn::failure;
  sketch.graph.edges[1].on = EdgeOn::timeout;
  sketch.graph.nodes[0].on_error.policy = ErrorPolicy::fail_run;
  EXPECT_THAT(problems_of(sketch),
              ElementsAre("w:100:5: /graph/edges/0/on: warning: edge a -> b never fires: a failure of 'a' ends the run; take "
                          "fail_run out of its on_error",
                          "w:101:5: /graph/edges/1/on: warning: edge b -> c never fires: 'b' has no limit of time; give it "
                          "a timeout_ms"));
  sketch.graph.nodes[0].on_error.policy = ErrorPolicy::skip;
  sketch.graph.nodes[1].timeout = std::chrono::milliseconds(5);
  EXPECT_THAT(problems_of(sketch), IsEmpty());
}
TEST(CheckEdges, CountFailureEdgesInACycle) {
  Sketch sketch = diamond().edge("a", "b").edge("b", "a").edge("a", "c");
  sketch.graph.edges[1].on = EdgeOn::failure;
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("cycle: a -> b -> a")));
}

TEST(CheckNever, KnowsHowANodeJoins) {
  Sketch sketch = diamond().edge("a", "c", "false").edge("b", "c");
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("node 'c' never runs: the condition of a -> c is always false")));
  sketch.last().join = JoinMode::any;
  EXPECT_THAT(problems_of(sketch), IsEmpty());
  sketch.graph.edges[1].when = "1 > 2";
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("node 'c' never runs: the condition of a -> c is always false")));
}
TEST(CheckNever, LetsASkipFireAnEdgeOnEveryEnd) {
  Sketch sketch = diamond().edge("a", "b", "false").edge("b", "c");
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("'c' never runs"), HasSubstr("'b' never runs")));
  sketch.last_edge().on = EdgeOn::end;
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("'b' never runs")));
  sketch.last_edge().on = EdgeOn::success;
  sketch.last().join = JoinMode::none_failed;
  EXPECT_THAT(problems_of(sketch), ElementsAre(HasSubstr("'b' never runs")));
}

}  // namespace
}  // namespace oe::graph
