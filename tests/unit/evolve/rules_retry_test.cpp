#include <nlohmann/json.hpp>

#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

using ledger::RunStatus;

graph::OnError retries(std::uint32_t attempts) {
  return {.policy = graph::ErrorPolicy::retry, .attempts = attempts};
}

graph::Graph retried(graph::OnError policy) {
  return GraphBuilder().field("list").tool("find", {}, {"list"}).each("get", "$.list").on_error(policy);
}

// One item that is tried three times and fails each time with `lost`, and one that the second try heals.
RunBuilder tried(const graph::Graph& graph, std::string id, int lost, std::optional<int> healed = 75, int ms = 40) {
  RunBuilder run(graph, std::move(id));
  run.ready("get", 3);
  for (int attempt = 1; attempt < 3; ++attempt) run.with_exit_code(lost).fails_and_retries("get", 0, ms, "gone");
  run.with_exit_code(lost).fails("get", 0, ms, "gone");
  if (healed) run.with_exit_code(*healed).fails_and_retries("get", 1, ms, "reset");
  run.succeeds("get", 1, ms).succeeds("get", 2, ms);
  return run;
}

std::vector<RecordedRun> recorded(const graph::Graph& graph, std::size_t count, int lost,
                                  std::optional<int> healed = 75, int ms = 40) {
  std::vector<RecordedRun> runs;
  for (std::size_t i = 0; i < count; ++i) {
    RunBuilder run = tried(graph, "r-" + std::to_string(i), lost, healed, ms);
    runs.push_back(run.ends("get", ledger::Outcome::failed).finish(RunStatus::partial));
  }
  return runs;
}

std::vector<Proposal> futile(const graph::Graph& graph, std::vector<RecordedRun> runs) {
  return of_rule(evidence_of(graph, std::move(runs)), "retry-classes");
}

TEST(RetryClassesRule, KeepsTheClassesThatRetriesHealed) {
  const graph::Graph graph = retried(retries(3));
  const auto proposals = futile(graph, recorded(graph, 3, 44));
  ASSERT_EQ(proposals.size(), 1U);
  const auto& tune = std::get<TuneParam>(proposals[0].operation);
  EXPECT_EQ(tune.set.node, NodeId{"get"});
  EXPECT_EQ(tune.set.name, "on_error");
  EXPECT_EQ(tune.set.value, json(R"({"policy":"retry","attempts":3,"backoff":"linear","base_ms":100,
                                     "retry_on":{"exit_code":[75]}})"));
  EXPECT_EQ(proposals[0].expectation.kind, Expectation::Kind::shorter_wall_time);
  EXPECT_EQ(proposals[0].confidence, Confidence::medium);
}
TEST(RetryClassesRule, GivesRetriesUpThatNeverHealedAnything) {
  const graph::Graph graph = retried(retries(3));
  const auto proposals = futile(graph, recorded(graph, 4, 6, std::nullopt));
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(std::get<TuneParam>(proposals[0].operation).set.value, json(R"({"policy":"skip"})"));
}
TEST(RetryClassesRule, KeepsTheEndOfTheRunWhereRetriesAreGivenUp) {
  graph::OnError policy = retries(3);
  policy.then_fail_run = true;
  const graph::Graph graph = retried(policy);
  const auto proposals = futile(graph, recorded(graph, 4, 6, std::nullopt));
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(std::get<TuneParam>(proposals[0].operation).set.value, json(R"({"policy":"fail_run"})"));
}
TEST(RetryClassesRule, GrowsSurerWithLostAndHealed) {
  const graph::Graph graph = retried(retries(3));
  EXPECT_EQ(futile(graph, recorded(graph, 5, 44)).at(0).confidence, Confidence::medium);
  EXPECT_EQ(futile(graph, recorded(graph, 6, 44)).at(0).confidence, Confidence::high);
}
TEST(RetryClassesRule, CitesTheLastOfTheTriesThatWereLost) {
  const graph::Graph graph = retried(retries(3));
  std::vector<RecordedRun> runs = recorded(graph, 2, 44);
  RunBuilder last = tried(graph, "r-last", 44);
  runs.push_back(last.ends("get", ledger::Outcome::failed).finish(RunStatus::partial));
  const auto proposals = futile(graph, std::move(runs));
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(cited(proposals[0], "r-last"), std::set{last.numbers_of<ledger::NodeFailed>().front()});
}
TEST(RetryClassesRule, IsSilentBelowThreeLost) {
  const graph::Graph graph = retried(retries(3));
  EXPECT_TRUE(futile(graph, recorded(graph, 2, 44)).empty());
}
TEST(RetryClassesRule, IsSilentWhenARetryHealedTheSameClass) {
  const graph::Graph graph = retried(retries(3));
  EXPECT_TRUE(futile(graph, recorded(graph, 4, 75, 75)).empty());
}
TEST(RetryClassesRule, IsSilentWhereRetryOnSaysSomethingAlready) {
  graph::OnError policy = retries(3);
  policy.retry_on.timeout = true;
  const graph::Graph graph = retried(policy);
  EXPECT_TRUE(futile(graph, recorded(graph, 4, 44)).empty());
}
TEST(RetryClassesRule, IsSilentWhenWhatWasHealedHasNoName) {
  const graph::Graph graph = retried(retries(3));
  EXPECT_TRUE(futile(graph, recorded(graph, 4, 44, 0)).empty());  // no exit status: an error of a module
}
TEST(RetryClassesRule, IsSilentWhenLittleTimeIsLost) {
  const graph::Graph graph = retried(retries(3));
  EXPECT_TRUE(futile(graph, recorded(graph, 4, 44, 75, 4)).empty());
}
TEST(RetryClassesRule, IsSilentAboutHopelessRetriesThatWereSeenInTwoRunsOnly) {
  const graph::Graph graph = retried(retries(3));
  EXPECT_TRUE(futile(graph, recorded(graph, 2, 6, std::nullopt)).empty());
}
TEST(RetryClassesRule, IsSilentAboutTriesThatWereCutOff) {
  const graph::Graph graph = retried(retries(4));  // one more than there were
  EXPECT_TRUE(futile(graph, recorded(graph, 4, 44)).empty());
}

// ---- what the change of a retry must not lose

TEST(FlakyRule, KeepsWhatElseTheRetrySays) {
  graph::OnError policy = retries(2);
  policy.jitter = true;
  policy.cap = std::chrono::milliseconds(900);
  policy.retry_on.exit_codes = {75};
  policy.then_fail_run = true;
  const graph::Graph graph = GraphBuilder().tool("get").on_error(policy);
  RunBuilder bad(graph, "r-1"), good(graph, "r-2");
  bad.ready("get").fails_and_retries("get", kWhole, 5, "reset", "same").fails("get", kWhole, 5, "reset", "same");
  good.ready("get").succeeds("get", kWhole, 5, "same");
  const auto proposals = of_rule(evidence_of(graph, {bad.finish(RunStatus::failed), good.finish()}), "flaky");
  ASSERT_EQ(proposals.size(), 1U);
  const Value value = std::get<TuneParam>(proposals[0].operation).set.value;
  EXPECT_EQ(value, json(R"({"policy":"retry","attempts":4,"backoff":"linear","base_ms":100,"max_ms":900,"jitter":true,
                            "retry_on":{"exit_code":[75]},"then":"fail_run"})"));
}

}  // namespace
}  // namespace oe::evolve::test
