#include "oe/engine/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PlanTest : public ::testing::Test {
 protected:
  Result<Plan> plan(const graph::Graph& graph, const PlanOptions& options = {}) {
    return make_plan(graph, options, world_.executors);
  }
  std::size_t links(const Plan& plan) {
    std::size_t count = 0;
    for (const PlannedNode& node : plan.nodes()) count += node.waits_for.size();
    for (const Join& join : plan.joins()) count += join.waits_for.size();
    return count;
  }
  World world_;
};

// Every writer of a field that stands before one of its readers must be behind one of the reader's points.
std::set<std::size_t> all_before(const Plan& plan, std::size_t point) {
  std::set<std::size_t> before;
  std::vector<std::size_t> open{point};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    const auto follow = [&](const std::vector<std::size_t>& points) {
      for (const std::size_t next : points)
        if (before.insert(next).second) open.push_back(next);
    };
    if (at < plan.nodes().size()) {
      follow(plan.nodes()[at].predecessors);
      follow(plan.nodes()[at].waits_for);
    } else {
      follow(plan.joins()[at - plan.nodes().size()].waits_for);
    }
  }
  return before;
}

TEST_F(PlanTest, PutsNodesInTopologicalOrderWithTheirEdges) {
  GraphUnderTest graph;
  graph.field("n");
  graph.add("last", {"n"}, {});
  graph.add("first", {}, {"n"});
  graph.edge("first", "last", "$.n > 1");
  graph.edge("first", "last");
  const auto made = plan(graph);
  ASSERT_TRUE(made) << made.error().to_string();
  EXPECT_EQ(made->nodes()[0].node->id.text, "first");
  const PlannedNode& last = made->nodes()[1];
  EXPECT_THAT(last.predecessors, ElementsAre(0, 0)) << "one entry an edge";
  EXPECT_TRUE(last.conditions[0].has_value());
  EXPECT_FALSE(last.conditions[1].has_value());
  EXPECT_THAT(last.waits_for, IsEmpty()) << "the edge says it already";
  EXPECT_THAT(made->nodes()[0].successors, ElementsAre(1, 1));
}

TEST_F(PlanTest, StaysValidWhenMoved) {
  GraphUnderTest graph;
  graph.add("a");
  auto made = plan(graph);
  ASSERT_TRUE(made);
  const Plan moved = std::move(*made);
  EXPECT_EQ(moved.nodes()[0].node, &moved.graph().nodes[0]);
}

TEST_F(PlanTest, RefusesAKindWithoutAnExecutorByNameAndPlace) {
  GraphUnderTest graph;
  graph::Node& node = graph.add("ask", {}, {});
  node.work = graph::Agent{.prompt = "p.md"};
  node.where = Location{.file = "w.yaml", .line = 7, .column = 3};
  const auto refused = plan(graph);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::input);
  EXPECT_THAT(refused.error().to_string(), HasSubstr("kind 'agent' is not run yet"));
  EXPECT_THAT(refused.error().to_string(), HasSubstr("w.yaml:7:3"));
}

TEST_F(PlanTest, RefusesTheKindInsideAForEach) {
  GraphUnderTest graph;
  graph.field("rows");
  graph.add("load", {}, {"rows"});
  graph::Node& node = graph.add_each("ask", "$.rows", 1);
  std::get<graph::Each>(node.work).body->nodes.front().work = graph::Skill{.impl = "S.md"};
  graph.edge("load", "ask");
  const auto refused = plan(graph);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().to_string(), HasSubstr("kind 'skill' is not run yet"));
}

TEST_F(PlanTest, RefusesToGoOverRowsThatAreNotReadOneByOne) {
  GraphUnderTest graph;
  graph::Node& node = graph.add_each("a", "", 1);
  std::get<graph::Each>(node.work).rows = graph::Dataset{graph::HttpSource{.url = "http://127.0.0.1/"}};
  const auto refused = plan(graph);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().to_string(), HasSubstr("load it with a dataset node first"));
}

TEST_F(PlanTest, KnowsWhatTheTextsOfANodeName) {
  for (const char* kind : {"agent", "dataset"}) world_.executors.add(kind, world_.executor);
  GraphUnderTest graph;
  graph.field("rows").field("more").field("x");
  graph.add("web", {}, {"rows"}).work = graph::Dataset{graph::HttpSource{
      .url = "http://h/{{$run.inputs.q}}", .body = value(R"({"a":"{{$run.id}}"})"), .headers = {{"A", "{{$nodes.a.status}}"}}}};
  graph.add("server", {}, {"more"}).work = graph::Dataset{graph::McpSource{.server = "s", .uri = "{{$run}}"}};
  graph.add("ask", {}, {"x"}).work = graph::Agent{.prompt = "p.md", .names = {"$run.inputs.topic", "$run.inputs.n", "x"}};
  graph.add("a");
  graph.edge("a", "web");
  graph.edge("web", "server");
  graph.edge("server", "ask");
  const auto made = plan(graph);
  ASSERT_TRUE(made) << made.error().to_string();
  EXPECT_THAT(made->nodes()[1].placeholders, ElementsAre("$nodes.a", "$run.id", "$run.inputs"));
  EXPECT_THAT(made->nodes()[2].placeholders, ElementsAre("$run"));
  EXPECT_THAT(made->nodes()[3].placeholders, ElementsAre("$run.inputs"));
}

TEST_F(PlanTest, RefusesUnsupportedConstructsWithTheirReason) {
  GraphUnderTest graph;
  graph.add("odd").work = graph::Unsupported{.reason = "state_scope shared", .where = Location{.file = "w", .line = 4}};
  graph.unsupported.push_back({.reason = "pipelines are not run yet", .where = Location{.file = "w", .line = 9}});
  const auto refused = plan(graph);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().to_string(), HasSubstr("state_scope shared"));
  EXPECT_THAT(refused.error().to_string(), HasSubstr("w:9"));
}

TEST_F(PlanTest, RefusesCyclesAndBrokenConditions) {
  GraphUnderTest cyclic;
  cyclic.add("a");
  cyclic.add("b");
  cyclic.edge("a", "b");
  cyclic.edge("b", "a");
  EXPECT_FALSE(plan(cyclic));

  GraphUnderTest broken;
  broken.add("a");
  broken.add("b");
  broken.edge("a", "b", "$.n >");
  EXPECT_FALSE(plan(broken));
}

TEST_F(PlanTest, RefusesOptionsThatMakeNoSense) {
  GraphUnderTest graph;
  graph.add("a");
  const auto list = plan(graph, {.args = Value::array()});
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().kind(), ErrorKind::usage);
  EXPECT_FALSE(plan(graph, {.concurrency = 0}));
}

TEST_F(PlanTest, TheOptionWinsOverTheConcurrencyOfTheFile) {
  GraphUnderTest graph;
  graph.add("a");
  graph.runtime.concurrency = 4;
  EXPECT_EQ(plan(graph)->concurrency(), 4u);
  EXPECT_EQ(plan(graph, {.concurrency = 2})->concurrency(), 2u);
}

TEST_F(PlanTest, AReaderWaitsForAnEarlierWriterWithoutAnEdge) {
  GraphUnderTest graph;
  graph.field("f");
  graph.add("early_reader", {"f"}, {});
  graph.add("writer", {}, {"f"});
  graph.add("reader", {"f"}, {});
  const auto made = plan(graph);
  ASSERT_TRUE(made) << made.error().to_string();
  EXPECT_THAT(made->nodes()[0].waits_for, IsEmpty()) << "only writes before it are in its view";
  EXPECT_THAT(made->nodes()[1].waits_for, IsEmpty()) << "views are versioned, a writer disturbs nobody";
  EXPECT_THAT(made->nodes()[2].waits_for, ElementsAre(1));
}

TEST_F(PlanTest, WritersWaitForEachOtherOnlyWhereAFieldCanBeSetOnce) {
  GraphUnderTest graph;
  graph.field("once", graph::Merge::set_once).field("list", graph::Merge::array_append);
  for (const char* id : {"a", "b", "c"}) graph.add(id, {}, {"once", "list"});
  const auto made = plan(graph);
  ASSERT_TRUE(made) << made.error().to_string();
  EXPECT_THAT(made->nodes()[1].waits_for, ElementsAre(0));
  EXPECT_THAT(made->nodes()[2].waits_for, ElementsAre(1)) << "the one before implies the first";
}

TEST_F(PlanTest, ManyWritersAndManyReadersOfOneFieldTakeOneLinkEach) {
  GraphUnderTest graph;
  graph.field("list", graph::Merge::array_append);
  constexpr std::size_t kMany = 500;
  for (std::size_t i = 0; i < kMany; ++i) graph.add("w" + std::to_string(i), {}, {"list"});
  for (std::size_t i = 0; i < kMany; ++i) graph.add("r" + std::to_string(i), {"list"}, {});
  const auto made = plan(graph);
  ASSERT_TRUE(made);
  EXPECT_EQ(links(*made), 2 * kMany);
  const auto before = all_before(*made, 2 * kMany - 1);
  for (std::size_t writer = 0; writer < kMany; ++writer) EXPECT_THAT(before, Contains(writer));
  for (std::size_t reader = kMany; reader < 2 * kMany; ++reader) EXPECT_FALSE(before.contains(reader));
}

TEST_F(PlanTest, WritersAndReadersInTurnsStayLinear) {
  GraphUnderTest graph;
  graph.field("list", graph::Merge::array_append);
  constexpr std::size_t kMany = 500;
  for (std::size_t i = 0; i < kMany; ++i) {
    graph.add("w" + std::to_string(i), {}, {"list"});
    graph.add("r" + std::to_string(i), {"list"}, {});
  }
  const auto made = plan(graph);
  ASSERT_TRUE(made);
  EXPECT_LE(links(*made), 3 * kMany);
  const auto before = all_before(*made, 2 * kMany - 1);
  for (std::size_t writer = 0; writer < 2 * kMany; writer += 2) EXPECT_THAT(before, Contains(writer));
}

TEST_F(PlanTest, NodesThatReadAndWriteOneFieldFormAChain) {
  GraphUnderTest graph;
  graph.field("n");
  constexpr std::size_t kMany = 2000;
  for (std::size_t i = 0; i < kMany; ++i) graph.add("n" + std::to_string(i), {"n"}, {"n"});
  const auto made = plan(graph);
  ASSERT_TRUE(made);
  EXPECT_EQ(links(*made), kMany - 1);
}

TEST_F(PlanTest, EveryReaderIsBehindEveryEarlierWriterInAnyGraph) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    GraphUnderTest graph;
    graph.field("a").field("b", graph::Merge::set_once).field("c", graph::Merge::array_append);
    const std::vector<std::string> fields{"a", "b", "c"};
    std::srand(seed);
    for (int i = 0; i < 12; ++i) {
      graph::Node& node = graph.add("n" + std::to_string(i));
      for (const std::string& field : fields) {
        if (std::rand() % 3 == 0) node.reads.push_back(field);
        if (std::rand() % 3 == 0) node.writes.push_back(field);
      }
    }
    const auto made = plan(graph);
    ASSERT_TRUE(made) << made.error().to_string();
    for (std::size_t later = 0; later < 12; ++later) {
      const auto before = all_before(*made, later);
      for (std::size_t earlier = 0; earlier < later; ++earlier)
        for (const std::string& field : made->nodes()[later].node->reads) {
          const bool written = std::ranges::count(made->nodes()[earlier].node->writes, field) > 0;
          EXPECT_TRUE(!written || before.contains(earlier)) << "seed " << seed << ", " << later << " reads " << field;
        }
    }
  }
}

TEST_F(PlanTest, PlansTenThousandChainedNodesInMilliseconds) {
  GraphUnderTest graph;
  constexpr int kMany = 10'000;
  for (int i = 0; i < kMany; ++i) {
    const std::string n = std::to_string(i);
    graph.field("f" + n);
    graph.add("n" + n, i ? std::vector{"f" + std::to_string(i - 1)} : std::vector<std::string>{}, {"f" + n});
    if (i) graph.edge("n" + std::to_string(i - 1), "n" + n, "$.f" + std::to_string(i - 1) + " != 1");
  }
  const double begin = cpu_seconds();
  const auto made = plan(graph);
  const double took = cpu_seconds() - begin;
  ASSERT_TRUE(made) << made.error().to_string();
  EXPECT_LT(took, 4.0) << "far above what it takes under a sanitizer, far below quadratic";
}

TEST(FieldsNeeded, NamesReadsArgumentsSourceAndConditionsOnce) {
  GraphUnderTest graph;
  graph.add("before");
  graph::Node& node = graph.add_each("work", "$.rows", 1, {"r"}, {});
  std::get<graph::Tool>(std::get<graph::Each>(node.work).body->nodes.front().work).args =
      value(R"({"x": "$.a.b", "y": ["$.r", "$item.z", "plain"]})");
  graph.edge("before", "work", "$.c > 1 && $.r");
  EXPECT_THAT(fields_needed(graph, graph.nodes[1]), ElementsAre("r", "a", "rows", "c"));
}

}  // namespace
}  // namespace oe::engine
