#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/graph/sketch.hpp"

namespace oe::graph {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(Difference, IsEmptyForAGraphInAnotherOrder) {
  Sketch a, b;
  a.field("x").field("y").node("n").node("m").edge("n", "m").edge("m", "n");
  b.field("y").field("x").node("m").node("n").edge("m", "n").edge("n", "m");
  EXPECT_EQ(difference(a.graph, b.graph), Difference{});
}
TEST(Difference, NamesNodesByWhatHappenedToThem) {
  Sketch a, b;
  a.node("same").node("gone").node("tuned");
  b.node("tuned", Tool{.impl = "other"}).node("new").node("same");
  const Difference found = difference(a.graph, b.graph);
  EXPECT_THAT(found.added, ElementsAre(NodeId{"new"}));
  EXPECT_THAT(found.removed, ElementsAre(NodeId{"gone"}));
  EXPECT_THAT(found.changed, ElementsAre(NodeId{"tuned"}));
  EXPECT_FALSE(found.rest_changed);
}
TEST(Difference, SeesAChangeInsideAForEach) {
  Sketch a, b;
  a.node("n").loop("$.x");
  b.node("n").loop("$.x");
  EXPECT_EQ(difference(a.graph, b.graph), Difference{});
  std::get<Each>(b.graph.nodes[0].work).concurrency = 4;
  EXPECT_THAT(difference(a.graph, b.graph).changed, ElementsAre(NodeId{"n"}));
}
TEST(Difference, CountsEqualEdges) {
  Sketch a, b;
  a.node("n").node("m").edge("n", "m").edge("n", "m", "true");
  b.node("n").node("m").edge("n", "m").edge("n", "m");
  const Difference found = difference(a.graph, b.graph);
  EXPECT_THAT(found.added_edges, SizeIs(1));
  EXPECT_EQ(found.added_edges[0].when, std::nullopt);
  EXPECT_THAT(found.removed_edges, SizeIs(1));
  EXPECT_EQ(found.removed_edges[0].when, "true");
}
TEST(Difference, SeesWhenAnEdgeFires) {
  Sketch a, b;
  a.node("n").node("m").edge("n", "m");
  b.node("n").node("m").edge("n", "m");
  b.last_edge().on = EdgeOn::failure;
  EXPECT_THAT(difference(a.graph, b.graph).added_edges, SizeIs(1));
  b.last_edge() = a.last_edge();
  b.last_edge().otherwise = true;
  EXPECT_THAT(difference(a.graph, b.graph).removed_edges, SizeIs(1));
}
TEST(Difference, SeesAChangeInsideABody) {
  Sketch a, b;
  a.repeat("l", "$.x", Sketch().node("n"));
  b.repeat("l", "$.x", Sketch().node("n", Tool{.impl = "other"}));
  EXPECT_THAT(difference(a.graph, b.graph).changed, ElementsAre(NodeId{"l"}));
}
TEST(Difference, SeesEverythingElse) {
  const Graph base = Sketch().field("x").graph;
  const auto rest_changes = [&](const auto& change) {
    Graph other = base;
    change(other);
    return difference(base, other).rest_changed;
  };
  EXPECT_FALSE(rest_changes([](Graph&) {}));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.name = "n"; }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.state[0].merge = Merge::set_once; }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.phases.push_back({.id = "p"}); }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.runtime.concurrency = 2; }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.inputs.push_back({.name = "i"}); }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.outputs.push_back({.name = "o"}); }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.secrets.push_back("KEY"); }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.metrics.push_back({.name = "m"}); }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.models.standard = "m"; }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.runtime.budget.tokens = 1; }));
  EXPECT_TRUE(rest_changes([](Graph& graph) { graph.unsupported.push_back({.reason = "r"}); }));
}

}  // namespace
}  // namespace oe::graph
