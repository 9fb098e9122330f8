#include "engine/replay_key.hpp"

#include <gtest/gtest.h>

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

graph::Models some_models() {
  return {.standard = "quick",
          .all = {{.name = "quick", .provider = "ollama", .model = "a", .fallback = {"deep"}},
                  {.name = "deep", .provider = "anthropic", .model = "b"},
                  {.name = "other", .provider = "gemini", .model = "c"}}};
}

std::string key_of(const graph::Models& models, graph::Asking ask = {}) {
  const graph::Node node{.id = {"n"}, .writes = {"x"}, .work = graph::Agent{.prompt = "p.md", .ask = std::move(ask)}};
  return replay_key(node, Value::object(), models, "/nowhere").value().digest();
}

TEST(ReplayKey, HoldsWhatTheAskedModelsAre) {
  const std::string standard = key_of(some_models());
  EXPECT_EQ(standard, key_of(some_models()));
  graph::Models warmer = some_models();
  warmer.all[0].temperature = 0.9;
  EXPECT_NE(standard, key_of(warmer));
  graph::Models fallback = some_models();
  fallback.all[1].model = "b2";
  EXPECT_NE(standard, key_of(fallback)) << "a fallback may have answered";
  graph::Models slower = some_models();
  slower.all[0].concurrency = 1;
  slower.all[0].price = graph::ModelPrice{1, 2, {}, {}};
  slower.all[2].model = "c2";
  EXPECT_EQ(standard, key_of(slower)) << "neither limits and prices nor other models change the answer";
}

TEST(ReplayKey, FollowsTheAliasOfTheNode) {
  graph::Models changed = some_models();
  changed.all[2].base_url = "http://elsewhere";
  EXPECT_NE(key_of(some_models(), {.model = "other"}), key_of(changed, {.model = "other"}));
  EXPECT_EQ(key_of(some_models(), {.model = "quick"}), key_of(changed, {.model = "quick"}));
}

TEST(ReplayKey, OfACommandKnowsNoModels) {
  const graph::Node node{.id = {"n"}, .work = graph::Command{.run = "true"}};
  EXPECT_EQ(replay_key(node, Value::object(), some_models(), "/nowhere").value().digest(),
            replay_key(node, Value::object(), {}, "/nowhere").value().digest());
}

TEST(AttemptInput, TakesOfTheRunOnlyWhatThePromptNames) {
  World world;
  world.executors.add("agent", world.executor);
  GraphUnderTest graph;
  graph.field("x").add("n", {}, {"x"}).work = graph::Agent{.prompt = "p.md", .names = {"$run.inputs.topic"}};
  ASSERT_TRUE(world.run(graph, PlanOptions{.args = value(R"({"topic":"tides"})")}));
  EXPECT_EQ(world.executor->input("n").at("$run"), Json::parse(R"({"inputs":{"topic":"tides"}})"))
      << "with the id of the run no result would ever be found again";
}

}  // namespace
}  // namespace oe::engine
