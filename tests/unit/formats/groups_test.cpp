#include <gmock/gmock.h>

#include "reading.hpp"

namespace oe::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kFour =
    "  - {id: load, kind: tool, impl: t.mjs, writes: [rows]}\n"
    "  - {id: a, kind: tool, impl: t.mjs, reads: [x], args: {k: $.y}, writes: [x]}\n"
    "  - {id: b, kind: tool, impl: t.mjs, writes: [y]}\n"
    "  - {id: c, kind: tool, impl: t.mjs, reads: [y, rows, x]}\n";

std::string four(const std::string& rest) {
  return with_nodes(kFour, rest);
}

graph::Graph sound(const std::string& text) {
  const Reading reading = read(text);
  for (const Problem& problem : reading.problems) ADD_FAILURE() << to_string(problem);
  return reading.graph;
}

std::vector<std::string> ids(const graph::Graph& graph) {
  std::vector<std::string> all;
  for (const graph::Node& node : graph.nodes) all.push_back(node.id.text);
  return all;
}
std::vector<std::string> arrows(const graph::Graph& graph) {
  std::vector<std::string> all;
  for (const graph::Edge& edge : graph.edges) {
    all.push_back(edge.from.text + ">" + edge.to.text + (edge.when ? " if " + *edge.when : ""));
  }
  return all;
}

TEST(Pipelines, BecomeANodeAtThePlaceOfTheirFirstStage) {
  const graph::Graph graph =
      sound(four("  edges: [{from: load, to: b, when: '$.x == 1'}, {from: a, to: c}]\n"
                 "  pipelines: [{id: p, items: $.rows, stages: [b, a], phase: q, concurrency: 3, join: any}]\n"));
  EXPECT_THAT(ids(graph), ElementsAre("load", "p", "c"));
  EXPECT_THAT(arrows(graph), ElementsAre("load>p if $.x == 1", "p>c"));
  const graph::Node& group = graph.nodes[1];
  EXPECT_EQ(group.phase, "q");
  EXPECT_EQ(group.join, graph::JoinMode::any);
  EXPECT_EQ(Location(group.where).path, "/graph/pipelines/0");
  EXPECT_THAT(group.reads, ElementsAre("x", "y"));
  EXPECT_THAT(group.writes, ElementsAre("y", "x"));
  const auto& each = std::get<graph::Each>(group.work);
  EXPECT_EQ(each.source, "$.rows");
  EXPECT_EQ(each.lanes, 3U);
  EXPECT_EQ(each.concurrency, 6U);
  EXPECT_EQ(graph::each(group), nullptr);
}
TEST(Pipelines, HoldTheirStagesAsAChain) {
  const graph::Graph graph =
      sound(four("  edges: [{from: load, to: a}]\n  pipelines: [{id: p, items: $.rows, stages: [b, a, c]}]\n"));
  const graph::Graph& body = *graph::body(graph.nodes[1]);
  EXPECT_THAT(ids(body), ElementsAre("b", "a", "c"));
  EXPECT_THAT(arrows(body), ElementsAre("b>a", "a>c"));
  EXPECT_EQ(Location(body.nodes[0].where).path, "/graph/nodes/2");
  EXPECT_EQ(Location(body.edges[0].where).path, "/graph/pipelines/0/stages/1");
  EXPECT_THAT(body.state, IsEmpty());
}
TEST(Pipelines, KeepTheConditionsBetweenStages) {
  const graph::Graph graph =
      sound(four("  edges: [{from: a, to: b, when: $.x > 1}, {from: a, to: c}, {from: load, to: a}]\n"
                 "  pipelines: [{id: p, items: $.rows, stages: [a, b, c]}]\n"));
  EXPECT_THAT(arrows(*graph::body(graph.nodes[1])), ElementsAre("a>b if $.x > 1", "b>c"));
}
TEST(Pipelines, GoOverRowsOfAFile) {
  const graph::Graph graph =
      sound(four("  edges: []\n  pipelines: [{id: p, items: {type: file, uri: r.jsonl}, stages: [a, b]}]\n"));
  EXPECT_EQ(std::get<graph::Each>(graph.nodes[1].work).rows,
            (graph::Dataset{graph::FileSource{"r.jsonl", graph::RowFormat::jsonl}}));
}
TEST(Pipelines, RefuseAnEdgeAgainstTheirOrder) {
  EXPECT_THAT(
      problems_in(four("  edges: [{from: b, to: a}]\n  pipelines: [{id: p, items: $.rows, stages: [a, b]}]\n")),
      ElementsAre("w:10:11: /graph/edges/0: edge b -> a goes against the order of the stages of 'p'; a pipeline "
                  "is a chain: take the edge out, or use a loop"));
}
TEST(Pipelines, AreCheckedLikeEverything) {
  EXPECT_THAT(
      problems_in(four("  edges: []\n  pipelines:\n  - {id: p, items: $.rows, stages: []}\n"
                       "  - {id: q, items: $.rows, stages: [z, 3]}\n  - {stage: [a]}\n  - nonsense\n")),
      ElementsAre("w:12:36: /graph/pipelines/0/stages: must hold at least one stage",
                  "w:13:37: /graph/pipelines/1/stages/0: there is no node 'z'; did you mean 'a'?",
                  "w:13:40: /graph/pipelines/1/stages/1: must be a string, found the number 3; put it in quotes",
                  "w:14:5: /graph/pipelines/2: the key 'id' is missing; add 'id: ...'",
                  "w:14:5: /graph/pipelines/2: the key 'items' is missing; add 'items: ...'",
                  "w:14:5: /graph/pipelines/2: the key 'stages' is missing; add 'stages: ...'",
                  "w:14:6: /graph/pipelines/2/stage: unknown key 'stage'; did you mean 'stages'?",
                  "w:15:5: /graph/pipelines/3: must be a mapping, found 'nonsense'"));
}
TEST(Pipelines, SayWhatIsWrongWithTheirItems) {
  EXPECT_THAT(problems_in(four("  edges: []\n  pipelines: [{id: p, items: rows, stages: [a, b]}]\n")),
              ElementsAre(HasSubstr("w:11:30: /graph/pipelines/0/items: ")));
  EXPECT_THAT(problems_in(four("  edges: []\n  pipelines: [{id: p, items: $.rosw, stages: [a, b]}]\n")),
              ElementsAre(testing::AllOf(HasSubstr("w:11:30: /graph/pipelines/0/items: "), HasSubstr("'rosw'"))));
}

TEST(Loops, BecomeANodeAroundOneOrMoreNodes) {
  const graph::Graph graph = sound(four(
      "  edges: [{from: load, to: a}, {from: a, to: b, on: end}, {from: b, to: c, on: failure}]\n"
      "  loops: [{id: l, body: [b, a], until: '$.x > 3', max_iters: 7, budget: {tokens: 9, usd: 0.5, time_ms: 8}}]\n"));
  EXPECT_THAT(ids(graph), ElementsAre("load", "l", "c"));
  EXPECT_THAT(arrows(graph), ElementsAre("load>l", "l>c"));
  EXPECT_EQ(graph.edges[1].on, graph::EdgeOn::failure);
  const auto& repeat = std::get<graph::Repeat>(graph.nodes[1].work);
  EXPECT_EQ(repeat.until, "$.x > 3");
  EXPECT_EQ(repeat.max_rounds, 7U);
  EXPECT_EQ(repeat.budget, (graph::Budget{9, 0.5, std::chrono::milliseconds(8)}));
  EXPECT_THAT(ids(*repeat.body), ElementsAre("a", "b"));
  EXPECT_THAT(arrows(*repeat.body), ElementsAre("a>b"));
  EXPECT_EQ(repeat.body->edges[0].on, graph::EdgeOn::end);
  EXPECT_THAT(graph.nodes[1].reads, ElementsAre("x", "y"));
  EXPECT_THAT(graph.nodes[1].writes, ElementsAre("x", "y"));
}
TEST(Loops, TakeOneNodeAndABudgetOfTokens) {
  const graph::Graph graph =
      sound(four("  edges: []\n  loops: [{id: l, body: b, until: length($.rows) > 1, budget: 500}]\n"));
  const auto& repeat = std::get<graph::Repeat>(graph.nodes[2].work);
  EXPECT_EQ(repeat.max_rounds, 100U);
  EXPECT_EQ(repeat.budget, graph::Budget{.tokens = 500});
  EXPECT_THAT(graph.nodes[2].reads, ElementsAre("rows"));
}
TEST(Loops, AreCheckedLikeEverything) {
  EXPECT_THAT(problems_in(four("  edges: []\n  loops:\n  - {id: l, body: zzz}\n  - {id: n, body: a, max_iters: 0}\n"
                               "  - {id: o, body: [], until: $.x == 1, budget: -1}\n")),
              ElementsAre("w:12:5: /graph/loops/0: the loop has no end; add 'until: ...' or 'max_iters: ...'",
                          "w:12:19: /graph/loops/0/body: there is no node 'zzz'",
                          "w:13:33: /graph/loops/1/max_iters: must be a whole number from 1 to 4294967295, found the "
                          "number 0",
                          "w:14:19: /graph/loops/2/body: must name at least one node",
                          "w:14:48: /graph/loops/2/budget: must be a whole number of at least 0, found the number -1"));
}
TEST(Loops, SayWhatIsWrongWithTheirEnd) {
  EXPECT_THAT(problems_in(four("  edges: []\n  loops: [{id: l, body: a, until: $.x = 1}]\n")),
              ElementsAre(HasSubstr("w:11:35: /graph/loops/0/until: ")));
}

TEST(Groups, ShareNothing) {
  EXPECT_THAT(
      problems_in(four("  edges: []\n  pipelines: [{id: p, items: $.rows, stages: [a, b, a]}]\n"
                       "  loops: [{id: l, body: [b, c], max_iters: 1}]\n")),
      ElementsAre("w:11:53: /graph/pipelines/0/stages/2: 'a' is in 'p' already; a node belongs to one pipeline or "
                  "loop, once",
                  "w:12:26: /graph/loops/0/body/0: 'b' is in 'p' already; a node belongs to one pipeline or loop, "
                  "once"));
}
TEST(Groups, HaveIdsOfTheirOwn) {
  EXPECT_THAT(problems_in(four("  edges: []\n  pipelines: [{id: a, items: $.rows, stages: [a, b]}]\n"
                               "  loops: [{id: l, body: c, max_iters: 1}, {id: l, body: load, max_iters: 1}, {id: a-b, "
                               "body: a, max_iters: 1}]\n")),
              ElementsAre(HasSubstr("/graph/pipelines/0/id: 'a' is the id of a node already"),
                          HasSubstr("/graph/loops/1/id: 'l' is the id of another group already"),
                          HasSubstr("/graph/loops/2/id: 'a-b' cannot be an id"), HasSubstr("'a' is in 'a' already")));
}
TEST(Groups, CanBeNamedByEdges) {
  const graph::Graph graph =
      sound(four("  edges: [{from: load, to: l}, {from: l, to: c}]\n  loops: [{id: l, body: [a, b], max_iters: 1}]\n"));
  EXPECT_THAT(arrows(graph), ElementsAre("load>l", "l>c"));
}
TEST(Groups, AreConnectedWithEachOther) {
  const graph::Graph graph =
      sound(four("  edges: [{from: a, to: b}, {from: b, to: c}]\n"
                 "  pipelines: [{id: p, items: $.rows, stages: [a]}]\n"
                 "  loops: [{id: l, body: b, max_iters: 1}]\n"));
  EXPECT_THAT(ids(graph), ElementsAre("load", "p", "l", "c"));
  EXPECT_THAT(arrows(graph), ElementsAre("p>l", "l>c"));
}
TEST(Groups, KeepTheProblemsOfTheirNodesAtTheNodes) {
  EXPECT_THAT(problems_in(with_nodes("  - {id: a, kind: tool, impl: gone.mjs, raeds: [x]}\n",
                                     "  edges: []\n  loops: [{id: l, body: a, max_iters: 1}]\n")),
              ElementsAre(HasSubstr("w:6:31: /graph/nodes/0/impl: the file 'gone.mjs' does not exist"),
                          HasSubstr("w:6:41: /graph/nodes/0/raeds: warning: unknown key")));
}
TEST(Groups, FillThePlaceholdersOfPromptsInThem) {
  const Files files = files_in_memory({{"p.md", "{{$item.a}} {{$index}} {{oops}}"}, {"q.md", "{{$iter}} {{$item}}"}});
  EXPECT_THAT(problems_in(with_nodes("  - {id: a, kind: agent, prompt: p.md, writes: [x]}\n  - {id: b, kind: agent, "
                                     "prompt: q.md, writes: [y]}\n",
                                     "  edges: []\n  pipelines: [{id: p, items: $.rows, stages: [a]}]\n"
                                     "  loops: [{id: l, body: b, max_iters: 1}]\n"),
                          files),
              testing::Contains(HasSubstr("nothing fills '{{oops}}' of 'a'")));
}

}  // namespace
}  // namespace oe::formats
