#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/engine/run.hpp"

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using namespace std::chrono_literals;
using graph::Backoff;
using ledger::Outcome;
using ledger::RunStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RetryTest : public ::testing::Test {
 protected:
  RetryTest() {
    graph_.field("n", graph::Merge::last_wins, graph::FieldType::number);
    graph_.add("flaky", {}, {"n"});
  }
  void policy(std::uint32_t attempts, Backoff backoff, std::chrono::milliseconds base) {
    graph_.nodes[0].on_error = {graph::ErrorPolicy::retry, attempts, backoff, base};
  }
  void succeeds_at(std::uint32_t attempt) {
    world_.script("flaky").report = [attempt](const auto& spec) {
      return spec.attempt < attempt ? failed("attempt " + std::to_string(spec.attempt)) : wrote({{"n", Value::of(1)}});
    };
  }
  RunSummary run(std::uint32_t concurrency = 2) {
    auto summary = world_.run(graph_, concurrency);
    EXPECT_TRUE(summary) << summary.error().to_string();
    return summary ? *summary : RunSummary{};
  }
  std::vector<int> delays() {
    std::vector<int> found;
    for (const auto& retrying : world_.sink.all<ledger::NodeRetrying>())
      found.push_back(static_cast<int>(retrying.delay.count()));
    return found;
  }

  GraphUnderTest graph_;
  World world_;
};

TEST_F(RetryTest, LinearDelaysGrowByTheBase) {
  policy(3, Backoff::linear, 20ms);
  succeeds_at(3);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(run().status, RunStatus::success);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 60ms) << "the delays are waited for";
  EXPECT_THAT(delays(), ElementsAre(20, 40));
}

TEST_F(RetryTest, ExponentialDelaysDouble) {
  policy(4, Backoff::exponential, 5ms);
  succeeds_at(9);
  EXPECT_EQ(run().status, RunStatus::failed);
  EXPECT_THAT(delays(), ElementsAre(5, 10, 20));
}

TEST_F(RetryTest, RecordsEachFailureAndTheEnd) {
  policy(3, Backoff::linear, 0ms);
  succeeds_at(3);
  run();
  const auto retrying = world_.sink.all<ledger::NodeRetrying>("flaky");
  ASSERT_THAT(retrying, SizeIs(2));
  EXPECT_EQ(retrying[1].error, "attempt 2");
  EXPECT_EQ(retrying[1].facts.attempt, 2u);
  EXPECT_EQ(world_.sink.only<ledger::NodeFinished>("flaky").facts.attempt, 3u);
  const auto started = world_.sink.all<ledger::NodeStarted>("flaky");
  ASSERT_THAT(started, SizeIs(3));
  EXPECT_EQ(started[0].input_digest, started[2].input_digest) << "the input is put together once";
}

TEST_F(RetryTest, UsedUpRetriesEndLikeSkip) {
  policy(2, Backoff::linear, 0ms);
  succeeds_at(9);
  graph_.add("other");
  EXPECT_EQ(run().status, RunStatus::partial);
  EXPECT_EQ(world_.sink.only<ledger::NodeFailed>("flaky").error, "attempt 2");
}

TEST_F(RetryTest, ATimeoutIsTriedAgainAndACancellationIsNot) {
  policy(3, Backoff::linear, 0ms);
  world_.script("flaky").report = [](const auto& spec) {
    return spec.attempt == 1 ? failed("slow", Outcome::timed_out) : failed("killed", Outcome::cancelled);
  };
  run();
  EXPECT_EQ(world_.sink.only<ledger::NodeRetrying>().outcome, Outcome::timed_out);
  EXPECT_EQ(world_.sink.only<ledger::NodeFailed>().facts.attempt, 2u);
}

TEST_F(RetryTest, ARejectedDeltaIsAFailedAttempt) {
  policy(3, Backoff::linear, 0ms);
  world_.script("flaky").report = [](const auto& spec) {
    return wrote({{"n", spec.attempt < 3 ? Value::of("text") : Value::of(3)}});
  };
  EXPECT_EQ(run().state.at("n"), Value::of(3));
  const auto retrying = world_.sink.all<ledger::NodeRetrying>();
  ASSERT_THAT(retrying, SizeIs(2));
  EXPECT_EQ(retrying[0].outcome, Outcome::failed);
  EXPECT_THAT(retrying[0].error, HasSubstr("declared as number"));
}

TEST_F(RetryTest, OthersUseTheSlotDuringTheDelay) {
  policy(2, Backoff::linear, 30ms);
  succeeds_at(2);
  graph_.add("other");
  graph_.add("more");
  world_.script("other").turns = [](const auto&) { return 3; };
  run(2);
  EXPECT_THAT(world_.executor->order(), ElementsAre("flaky", "other", "more", "flaky"));
}

TEST_F(RetryTest, OtherPoliciesTryOnce) {
  succeeds_at(2);
  graph_.nodes[0].on_error.attempts = 5;
  EXPECT_EQ(run().status, RunStatus::failed);
  EXPECT_THAT(world_.executor->started, SizeIs(1));
}

TEST_F(RetryTest, AnAbortedRunDoesNotWaitForDelays) {
  policy(2, Backoff::linear, std::chrono::hours(1));
  succeeds_at(9);
  graph_.add("fatal").on_error.policy = graph::ErrorPolicy::fail_run;
  world_.fails("fatal");
  world_.script("fatal").turns = [](const auto&) { return 5; };
  EXPECT_EQ(run(2).status, RunStatus::failed);
  EXPECT_THAT(world_.sink.only<ledger::NodeFailed>("flaky").error, HasSubstr("attempt 1; not tried again"));
}

}  // namespace
}  // namespace oe::engine
