#include "oe/graph/graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Node tool_node(const std::string& id) {
  Node node;
  node.id = {id};
  node.work = Tool{.impl = id + ".mjs", .args = *Value::parse(R"({"x":1})")};
  return node;
}

Node looped(const Node& body) {
  Node node = body;
  Each loop{.source = "$.items", .concurrency = 2};
  loop.body->nodes.push_back(body);
  node.work = loop;
  return node;
}

Graph graph_of(std::initializer_list<const char*> ids,
               std::initializer_list<std::pair<const char*, const char*>> edges) {
  Graph graph;
  for (const char* id : ids) graph.nodes.push_back(tool_node(id));
  for (const auto& [from, to] : edges) graph.edges.push_back({.from = {from}, .to = {to}});
  return graph;
}

TEST(Leaf, IsTheNodeThatWorks) {
  const Node plain = tool_node("a");
  EXPECT_EQ(&leaf(plain), &plain);
  EXPECT_EQ(each(plain), nullptr);
  const Node loop = looped(plain);
  EXPECT_EQ(leaf(loop), plain);
  EXPECT_EQ(each(loop)->concurrency, 2U);
  EXPECT_EQ(kind_name(leaf(loop).work), "tool");
  EXPECT_EQ(arguments(loop), *Value::parse(R"({"x":1})"));
}

TEST(KindName, IsTheWordOfTheFormat) {
  EXPECT_EQ(kind_name(Command{}), "command");
  EXPECT_EQ(kind_name(Dataset{}), "dataset");
  EXPECT_EQ(kind_name(Agent{}), "agent");
  EXPECT_EQ(kind_name(CliAgent{}), "cli-agent");
  EXPECT_EQ(kind_name(Skill{}), "skill");
  EXPECT_EQ(kind_name(Subgraph{}), "experience");
}

TEST(Arguments, AreEmptyForKindsWithoutThem) {
  Node node;
  node.work = Dataset{};
  EXPECT_EQ(arguments(node), Value::object());
}

TEST(Find, LooksUpNodesAndFields) {
  Graph graph = graph_of({"a", "b"}, {});
  graph.state.push_back({.name = "rows", .type = FieldType::array});
  EXPECT_EQ(find(graph, {"b"}), &graph.nodes[1]);
  EXPECT_EQ(find(graph, {"c"}), nullptr);
  EXPECT_EQ(find_field(graph, "rows"), &graph.state[0]);
  EXPECT_EQ(find_field(graph, "row"), nullptr);
}

TEST(GraphEquality, ComparesContentAndNotPlaces) {
  Graph a = graph_of({"a"}, {}), b = a;
  b.nodes[0].where = Where({.file = "x", .line = 7});
  EXPECT_EQ(a, b);
  a.nodes.push_back(looped(tool_node("l")));
  b.nodes.push_back(a.nodes[1]);
  EXPECT_EQ(a, b);
  std::get<Each>(b.nodes[1].work).body->nodes[0].phase = "other";
  EXPECT_NE(a, b);
}

TEST(TopologicalOrder, StartsWithRootsInFileOrderThenFollowsEdges) {
  const Graph graph = graph_of({"d", "b", "a", "c"}, {{"a", "d"}, {"b", "d"}, {"b", "c"}});
  EXPECT_THAT(topological_order(graph), ElementsAre(1, 2, 3, 0));
}
TEST(TopologicalOrder, CountsADoubleEdgeTwiceConsistently) {
  EXPECT_THAT(topological_order(graph_of({"a", "b"}, {{"a", "b"}, {"a", "b"}})), ElementsAre(0, 1));
}
TEST(TopologicalOrder, LeavesOutACycleAndWhatIsBehindIt) {
  const Graph graph = graph_of({"a", "b", "c", "d"}, {{"b", "c"}, {"c", "b"}, {"c", "d"}});
  EXPECT_THAT(topological_order(graph), ElementsAre(0));
  EXPECT_THAT(topological_order(graph_of({"a"}, {{"a", "a"}})), IsEmpty());
}
TEST(TopologicalOrder, IgnoresEdgesToUnknownNodes) {
  EXPECT_THAT(topological_order(graph_of({"a"}, {{"x", "a"}, {"a", "y"}})), ElementsAre(0));
}

}  // namespace
}  // namespace oe::graph
