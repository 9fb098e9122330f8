#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/engine/run.hpp"

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using namespace std::chrono_literals;
using ledger::Outcome;
using ledger::RunStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// load writes $.rows, then `each` runs over it, then `after`.
class EachTest : public ::testing::Test {
 protected:
  EachTest() {
    graph_.field("rows").field("out", graph::Merge::array_append).field("once", graph::Merge::set_once).field("last");
    graph_.add("load", {}, {"rows"});
  }
  /// A for_each and the node in its body have the same policy.
  void on_error(const graph::OnError& policy) {
    graph_.nodes[1].on_error = policy;
    std::get<graph::Each>(graph_.nodes[1].work).body->nodes.front().on_error = policy;
  }
  void over(const std::string& rows, std::uint32_t concurrency, std::vector<std::string> writes = {"out"},
            std::vector<std::string> reads = {}) {
    world_.writes("load", {{"rows", value(rows)}});
    graph_.add_each("each", "$.rows", concurrency, std::move(reads), std::move(writes));
    graph_.add("after", {"out"}, {});
    graph_.edge("load", "each");
    graph_.edge("each", "after");
  }
  void each_writes(std::function<std::map<std::string, Value>(std::uint64_t)> delta) {
    world_.script("each").report = [delta](const auto& spec) { return wrote(delta(*spec.index)); };
  }
  RunSummary run(std::uint32_t concurrency) {
    auto summary = world_.run(graph_, concurrency);
    EXPECT_TRUE(summary) << summary.error().to_string();
    return summary ? *summary : RunSummary{};
  }
  std::vector<ledger::NodeFinished> finished() { return world_.sink.all<ledger::NodeFinished>("each"); }

  GraphUnderTest graph_;
  World world_;
};

TEST_F(EachTest, GivesEachItemItselfAndItsIndex) {
  over(R"([{"id": "x"}, 5])", 1);
  std::get<graph::Tool>(std::get<graph::Each>(graph_.nodes[1].work).body->nodes.front().work).args =
      value(R"({"name": "$item.id", "at": "$index"})");
  run(1);
  EXPECT_EQ(world_.executor->input("each", 0), Json::parse(R"({"name": "x", "at": 0, "$item": {"id": "x"}, "$index": 0,
      "_state": {}, "_edge_inputs": {}})"));
  EXPECT_EQ(world_.executor->input("each", 1)["$item"], 5);
  EXPECT_FALSE(world_.executor->input("each", 1).contains("name"));
}

TEST_F(EachTest, AppendsInTheOrderOfTheItemsWhateverEndsFirst) {
  over("[1, 2, 3, 4, 5, 6]", 3);
  each_writes([](std::uint64_t index) {
    return std::map{std::pair{std::string("out"), value("[" + std::to_string(index) + "]")}};
  });
  world_.script("each").turns = [](const auto& spec) { return 7 - static_cast<int>(*spec.index); };
  EXPECT_EQ(run(8).state.at("out"), value("[0, 1, 2, 3, 4, 5]"));
  EXPECT_EQ(world_.executor->input("after")["_state"]["out"], Json::parse("[0, 1, 2, 3, 4, 5]"));
  EXPECT_EQ(world_.executor->most_of_node["each"], 3u);
}

TEST_F(EachTest, AnEmptyListFinishesAtOnceAndWhatFollowsRuns) {
  over("[]", 2);
  EXPECT_EQ(run(2).status, RunStatus::success);
  EXPECT_EQ(world_.sink.only<ledger::NodeReady>("each").items, 0u);
  ASSERT_THAT(finished(), SizeIs(1));
  EXPECT_EQ(finished()[0].at.index, std::nullopt);
  EXPECT_THAT(world_.executor->order(), ElementsAre("load", "after"));
}

TEST_F(EachTest, ASourceThatIsNoArrayFailsTheNodeWithItsNameAndType) {
  over("0", 2);
  for (const auto& [rows, type] :
       {std::pair("null", "null"), {"\"abc\"", "string"}, {"{}", "object"}, {"3", "number"}, {"true", "boolean"}}) {
    World world;
    world.writes("load", {{"rows", value(rows)}});
    const auto summary = world.run(graph_, 2);
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->status, RunStatus::partial);
    const auto failure = world.sink.only<ledger::NodeFailed>("each");
    EXPECT_THAT(failure.error, HasSubstr("node 'each'"));
    EXPECT_THAT(failure.error, HasSubstr("$.rows is " + std::string(type)));
    EXPECT_EQ(world.sink.only<ledger::NodeSkipped>("after").cause, ledger::SkipCause::failure);
  }
}

TEST_F(EachTest, AnUnsetSourceFailsTheNodeAndUnderFailRunTheRun) {
  over("[]", 2);
  on_error({.policy = graph::ErrorPolicy::fail_run});
  world_.writes("load", {});
  EXPECT_EQ(run(2).status, RunStatus::failed);
  EXPECT_THAT(world_.sink.only<ledger::RunFinished>().reason, HasSubstr("$.rows is unset"));
}

TEST_F(EachTest, OneAtATimeAnItemSeesWhatEarlierItemsWrote) {
  over("[1, 2, 3]", 1, {"out"}, {"out"});
  each_writes([](std::uint64_t index) {
    return std::map{std::pair{std::string("out"), value("[" + std::to_string(index) + "]")}};
  });
  run(8);
  EXPECT_FALSE(world_.executor->input("each", 0)["_state"].contains("out"));
  EXPECT_EQ(world_.executor->input("each", 2)["_state"]["out"], Json::parse("[0, 1]"));
}

TEST_F(EachTest, SideBySideAllItemsSeeTheStateBeforeTheFanOutEvenInARunOfOneSlot) {
  over("[1, 2, 3]", 2, {"out"}, {"out"});
  each_writes([](std::uint64_t index) {
    return std::map{std::pair{std::string("out"), value("[" + std::to_string(index) + "]")}};
  });
  run(1);
  EXPECT_FALSE(world_.executor->input("each", 2)["_state"].contains("out"));
}

TEST_F(EachTest, FailedItemsFailTheNodeAfterAllItemsEndedAndTheOthersKeepTheirWrites) {
  over("[10, 11, 12, 13, 14, 15, 16]", 3);
  world_.script("each").report = [](const auto& spec) {
    return *spec.index % 4 == 1 ? failed("bad item") : wrote({{"out", value("[" + std::to_string(*spec.index) + "]")}});
  };
  const RunSummary summary = run(3);
  EXPECT_EQ(summary.status, RunStatus::partial);
  EXPECT_EQ(summary.state.at("out"), value("[0, 2, 3, 4, 6]"));
  const auto failures = world_.sink.all<ledger::NodeFailed>("each");
  ASSERT_THAT(failures, SizeIs(3));
  EXPECT_EQ(failures[0].at.index, 1u);
  EXPECT_EQ(failures[0].item, Value::of(11));
  EXPECT_EQ(failures[2].at.index, std::nullopt);
  EXPECT_EQ(failures[2].error, "2 of 7 items failed");
  EXPECT_THAT(finished(), SizeIs(5)) << "the five good items and not the node";
  EXPECT_THAT(world_.sink.all<ledger::NodeSkipped>("after"), SizeIs(1));
}

TEST_F(EachTest, AnItemTooLargeForTheJournalIsLeftOut) {
  const std::string large(70'000, 'x');
  over("[\"" + large + "\", \"small\"]", 1);
  world_.fails("each");
  run(1);
  const auto failures = world_.sink.all<ledger::NodeFailed>("each");
  EXPECT_EQ(failures[0].item, std::nullopt);
  EXPECT_EQ(failures[1].item, Value::of("small"));
}

TEST_F(EachTest, KeepsTheGlobalLimitOverSeveralFanOuts) {
  over("[1, 2, 3, 4, 5, 6, 7, 8]", 4);
  graph_.add_each("other", "$.rows", 4);
  graph_.edge("load", "other");
  for (const char* id : {"each", "other"})
    world_.script(id).turns = [](const auto& spec) { return static_cast<int>(*spec.index % 3); };
  EXPECT_EQ(run(5).status, RunStatus::success);
  EXPECT_EQ(world_.executor->most_at_once, 5u);
  EXPECT_LE(world_.executor->most_of_node["each"], 4u);
  EXPECT_LE(world_.executor->most_of_node["other"], 4u);
}

TEST_F(EachTest, OfItemsThatSetAFieldOnceTheFirstInOrderWins) {
  over("[1, 2, 3]", 3, {"once"});
  each_writes([](std::uint64_t index) {
    return std::map{std::pair{std::string("once"), index == 0 ? Value() : Value::of(index)}};
  });
  world_.script("each").turns = [](const auto& spec) { return 5 - static_cast<int>(*spec.index); };
  EXPECT_EQ(run(8).state.at("once"), Value::of(1));
  EXPECT_THAT(world_.sink.all<ledger::NodeFailed>("each")[0].error, HasSubstr("set_once"));
}

TEST_F(EachTest, TheLastItemWinsAPlainField) {
  over("[1, 2, 3]", 3, {"last"});
  each_writes([](std::uint64_t index) { return std::map{std::pair{std::string("last"), Value::of(index)}}; });
  world_.script("each").turns = [](const auto& spec) { return 9 - 3 * static_cast<int>(*spec.index); };
  EXPECT_EQ(run(8).state.at("last"), Value::of(2));
}

TEST_F(EachTest, PassesOnTheEdgeOutputOfTheLastItemThatGaveOne) {
  over("[1, 2, 3, 4]", 4);
  world_.script("each").report = [](const auto& spec) {
    exec::AttemptReport report;
    if (*spec.index != 3) report.edge_output = Value::of(*spec.index);
    return report;
  };
  world_.script("each").turns = [](const auto& spec) { return 9 - static_cast<int>(*spec.index); };
  run(4);
  EXPECT_EQ(world_.executor->input("after")["_edge_inputs"], Json::parse(R"({"each": 2})"));
  EXPECT_EQ(finished().back().edge_output, Value::of(2));
}

TEST_F(EachTest, FailRunOfAnItemEndsItsSiblings) {
  over("[1, 2, 3, 4, 5]", 3);
  on_error({.policy = graph::ErrorPolicy::fail_run});
  world_.script("each").report = [](const auto&) { return failed("no"); };
  world_.script("each").turns = [](const auto& spec) { return *spec.index == 1 ? 0 : 1'000'000; };
  EXPECT_EQ(run(8).status, RunStatus::failed);
  const auto failures = world_.sink.all<ledger::NodeFailed>("each");
  ASSERT_THAT(failures, SizeIs(4)) << "three that ran and the node; two never started";
  EXPECT_EQ(failures[0].at.index, 1u);
  EXPECT_EQ(failures[1].outcome, Outcome::cancelled);
  EXPECT_EQ(failures[3].at.index, std::nullopt);
  EXPECT_EQ(failures[3].error, "1 of 5 items failed");
}

TEST_F(EachTest, ACancelledFanOutSaysHowFarItCame) {
  over("[1, 2, 3, 4, 5]", 1);
  world_.script("each").turns = [&](const auto& spec) {
    if (*spec.index == 2) world_.loop.post([&] { world_.current->cancel("stop"); });
    return *spec.index == 2 ? 1'000'000 : 0;
  };
  EXPECT_EQ(run(1).status, RunStatus::cancelled);
  const auto whole = world_.sink.all<ledger::NodeFailed>("each").back();
  EXPECT_EQ(whole.outcome, Outcome::cancelled);
  EXPECT_EQ(whole.error, "cancelled after 2 of 5 items");
}

TEST_F(EachTest, RetriesEachItemForItself) {
  over("[1, 2, 3]", 2);
  on_error({graph::ErrorPolicy::retry, 3, graph::Backoff::linear, 0ms});
  world_.script("each").report = [](const auto& spec) {
    return spec.attempt <= *spec.index ? failed("not yet")
                                       : wrote({{"out", value("[" + std::to_string(spec.attempt) + "]")}});
  };
  const RunSummary summary = run(4);
  EXPECT_EQ(summary.status, RunStatus::success);
  EXPECT_EQ(summary.state.at("out"), value("[1, 2, 3]"));
  EXPECT_LE(world_.executor->most_of_node["each"], 2u);
}

TEST_F(EachTest, AnItemBetweenTwoAttemptsEndsWithTheRun) {
  over("[1, 2]", 1);
  on_error({graph::ErrorPolicy::retry, 3, graph::Backoff::linear, std::chrono::hours(1)});
  world_.fails("each");
  world_.loop.after(10ms, [&] { world_.current->cancel("stop"); });
  EXPECT_EQ(run(2).status, RunStatus::cancelled);
  EXPECT_THAT(world_.sink.all<ledger::NodeRetrying>("each"), SizeIs(1));
  EXPECT_EQ(world_.sink.only<ledger::NodeFailed>("each").error, "1 of 2 items failed");
}

TEST_F(EachTest, ManyItemsTakeLinearTime) {
  Json rows = Json::array();
  for (int i = 0; i < 10'000; ++i) rows.push_back(i);
  over(rows.dump(), 4);
  each_writes([](std::uint64_t index) {
    return std::map{std::pair{std::string("out"), value("[" + std::to_string(index) + "]")}};
  });
  const double begin = cpu_seconds();
  EXPECT_EQ(run(4).state.at("out").json(), rows);
  EXPECT_LT(cpu_seconds() - begin, 10.0) << "also under the sanitizers; a quadratic run takes minutes";
}

}  // namespace
}  // namespace oe::engine
