#include "evolve/confine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::evolve {
namespace {

using ::testing::ElementsAre;

graph::Node greedy(std::string id) {
  graph::Node node{.id = {std::move(id)}, .sandbox = graph::Sandbox{.network = true, .write = {"/home"}, .memory_mb = 7}};
  node.work = graph::Tool{.impl = "a.mjs"};
  return node;
}

void expect_confined(const std::optional<graph::Sandbox>& sandbox) {
  ASSERT_TRUE(sandbox);
  EXPECT_FALSE(sandbox->network);
  EXPECT_THAT(sandbox->write, ElementsAre("../.."));
  EXPECT_EQ(sandbox->memory_mb, 7U);
}

TEST(Confined, NodesGetTheWorktreeAndNoNetworkHoweverDeepTheyAre) {
  graph::Graph inner;
  inner.nodes.push_back(greedy("inner"));
  inner.runtime.sandbox = greedy("x").sandbox;
  graph::Graph graph;
  for (graph::Work work : {graph::Work(graph::Each{.body = inner}), graph::Work(graph::Repeat{.body = inner}),
                           graph::Work(graph::Subgraph{.body = inner})}) {
    graph.nodes.push_back(greedy("n"));
    graph.nodes.back().work = std::move(work);
  }
  graph = confined(std::move(graph), "/t/w", "/t/w/a/b");
  for (const graph::Node& node : graph.nodes) expect_confined(node.sandbox);
  for (const graph::Graph& body : {*std::get<graph::Each>(graph.nodes[0].work).body, *std::get<graph::Repeat>(graph.nodes[1].work).body,
                                   *std::get<graph::Subgraph>(graph.nodes[2].work).body}) {
    expect_confined(body.nodes.front().sandbox);
    expect_confined(body.runtime.sandbox);
  }
}
TEST(Confined, NoTrialMayStartProcessesWithoutEnd) {
  EXPECT_EQ(confined(std::nullopt, "/t", "/t").processes, 512U);
  EXPECT_EQ(confined(graph::Sandbox{.processes = 3}, "/t", "/t").processes, 3U) << "its own limit stays";
}
TEST(Confined, WhatAsksForNothingIsLeftToTheRun) {
  graph::Graph graph;
  graph.nodes.push_back(greedy("a"));
  graph.nodes.back().sandbox.reset();
  EXPECT_EQ(confined(graph, "/t", "/t"), graph);
  EXPECT_THAT(confined(std::nullopt, "/t", "/t").write, ElementsAre("."));
  EXPECT_FALSE(confined(std::nullopt, "/t", "/t").network);
}

}  // namespace
}  // namespace oe::evolve
