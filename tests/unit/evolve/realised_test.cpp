#include "oe/evolve/realised.hpp"

#include <gmock/gmock.h>
#include <random>

#include "evolve/gauges.hpp"
#include "evolve/realised_runs.hpp"
#include "unit/evolve/past_world.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Metric kSuccess{"success of fetch", Direction::higher, Role::goal, Scale::yes_no};
const Metric kTime{"time of fetch", Direction::lower, Role::goal, Scale::relative, 0.2, "s"};

std::vector<Pair> pairs_of(std::size_t count, double before, double after) {
  return std::vector<Pair>(count, Pair{.case_name = "r", .base = {before}, .candidate = {after}});
}
std::vector<Pair> operator+(std::vector<Pair> a, const std::vector<Pair>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(JudgePromise, SaysNothingBeforeTheFirstLook) {
  const Realised shown = judge_promise({kSuccess, 1}, pairs_of(7, 0, 0));
  EXPECT_EQ(shown.fulfilment, Fulfilment::unknown);
  EXPECT_EQ(shown.looked_at, 0U);
  EXPECT_THAT(shown.sentence, HasSubstr("7 of 8 pairs"));
}
TEST(JudgePromise, KnowsAPromiseThatWasKept) {
  const Realised shown = judge_promise({kSuccess, 1}, pairs_of(8, 0, 1));
  EXPECT_EQ(shown.fulfilment, Fulfilment::came_true);
  EXPECT_FALSE(shown.is_less);
}
TEST(JudgePromise, KnowsOneThatBroughtNothing) {
  const Realised shown = judge_promise({kSuccess, 1}, pairs_of(8, 0, 0));
  EXPECT_EQ(shown.fulfilment, Fulfilment::broken);
  EXPECT_THAT(shown.sentence, HasSubstr("+100 % promised"));
  EXPECT_THAT(shown.sentence, HasSubstr("97.5 % interval"));
}
TEST(JudgePromise, ALossBreaksItToo) {
  EXPECT_EQ(judge_promise({kTime, 0.3}, pairs_of(8, 1, 2)).fulfilment, Fulfilment::broken);
}
TEST(JudgePromise, AGainThatIsSmallerThanPromisedIsAGain) {
  const Realised shown = judge_promise({kTime, 0.5}, pairs_of(16, 1, 0.9));
  EXPECT_EQ(shown.fulfilment, Fulfilment::came_true);
  EXPECT_TRUE(shown.is_less);
}
TEST(JudgePromise, WhatFitsBothThePromiseAndNothingIsNotKnown) {
  const Realised shown = judge_promise({kSuccess, 0.3}, pairs_of(2, 0, 1) + pairs_of(6, 1, 1));
  EXPECT_EQ(shown.fulfilment, Fulfilment::unknown);
  EXPECT_EQ(shown.looked_at, 8U);
}
TEST(JudgePromise, BetweenLooksMorePairsChangeNothing) {
  const auto eight = pairs_of(8, 0, 0);
  EXPECT_EQ(judge_promise({kSuccess, 1}, eight + pairs_of(7, 0, 1)).fulfilment, Fulfilment::broken);
  EXPECT_NE(judge_promise({kSuccess, 1}, eight + pairs_of(8, 0, 1)).fulfilment, Fulfilment::broken);
}
// Held against its own rule: of true promises at most 5 in 100 are ever called broken, however often one looks.
TEST(JudgePromise, SeldomCallsATruePromiseBroken) {
  std::mt19937 random(2026);
  std::uniform_real_distribution<> uniform;
  std::normal_distribution<> noise(0, 0.3);
  int wrong = 0;
  for (int session = 0; session < 1'000; ++session) {
    std::vector<Pair> success, time;
    for (int i = 0; i < 64; ++i) {
      const double before = uniform(random) < 0.4 ? 1 : 0, after = uniform(random) < 0.7 ? 1 : 0;
      success.push_back({.case_name = "r", .base = {before}, .candidate = {after}});
      const double shared = std::exp(noise(random));
      time.push_back({.case_name = "r", .base = {shared}, .candidate = {shared * 0.8}});
    }
    bool is_wrong = false;
    for (const std::size_t count : {8, 16, 32, 64}) {
      const auto some = [&](const std::vector<Pair>& all) {
        return std::vector<Pair>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
      };
      is_wrong |= judge_promise({kSuccess, 0.3}, some(success)).fulfilment == Fulfilment::broken;
      is_wrong |= judge_promise({kTime, 0.2 - 1e-9}, some(time)).fulfilment == Fulfilment::broken;
    }
    wrong += is_wrong;
  }
  EXPECT_LE(wrong, 50);
}

TEST(Match, PairsRunsOfTheSameInputsOnly) {
  const std::vector<OneMeasure> before = {{{"b1"}, "{}", "", 1}, {{"b2"}, "{\"n\":2}", "", 2}};
  const std::vector<OneMeasure> after = {
      {{"a1"}, "{\"n\":2}", "", 3}, {{"a2"}, "{\"n\":3}", "", 4}, {{"a3"}, "{}", "", 5}};
  const Matched matched = match(before, after);
  ASSERT_THAT(matched.pairs, SizeIs(2));
  EXPECT_EQ(matched.pairs[0].base[0], 2);
  EXPECT_EQ(matched.pairs[0].candidate[0], 3);
  EXPECT_EQ(matched.runs, (std::vector<RunId>{{"b2"}, {"a1"}, {"b1"}, {"a3"}}));
}

/// A proposal that promised that fetch succeeds, with its proof, on a branch.
class AfterMerges : public ::testing::Test {
 protected:
  AfterMerges() {
    const Expectation expectation{.kind = Expectation::Kind::node_succeeds, .node = {"fetch"}};
    PairsShown shown;
    for (const Gauge& gauge : gauges_for(expectation, graph_)) shown.metrics.push_back(gauge.metric);
    Pair pair{.case_name = "r"};
    pair.base.resize(shown.metrics.size());
    pair.candidate.resize(shown.metrics.size());
    pair.base[0] = 0, pair.candidate[0] = 1;
    shown.pairs.assign(6, pair);
    proof_ = {.fingerprint = {"aa11"},
              .workflow = PastWorld::kPath,
              .operation = TuneParam{.set = {.node = {"fetch"}, .name = "timeout_ms", .value = Value::of(2000)}},
              .expectation = expectation,
              .shown = shown};
    keep_proof();
    const git::Oid commit = commit_on("oe/p", "2000", "oe(tune-param): more time\n\nOe-Proposal: aa11");
    world_.say("aa11", ledger::ProposalMade{.operation = "tune-param", .target = "fetch", .title = "more time",
                                            .confidence = "high", .workflow = PastWorld::kPath});
    world_.say("aa11", ledger::ProposalCommitted{"oe/p", commit.text});
  }
  void keep_proof() {
    const auto blob = world_.repo.try_git({"hash-object", "-w", "--stdin"}, to_json_text(proof_)).out;
    const auto tree = world_.repo.try_git({"mktree"}, "100644 blob " + blob.substr(0, 40) + "\tproof.json\n").out;
    const auto commit = world_.repo.git({"commit-tree", "-m", "proof", tree.substr(0, 40)});
    world_.repo.git({"update-ref", "refs/oe/evidence/aa11", commit});
  }
  git::Oid commit_on(const std::string& branch, const std::string& timeout_ms, const std::string& message) {
    world_.repo.git({"checkout", "-q", "-b", branch});
    world_.repo.write(PastWorld::kPath, PastWorld::workflow(timeout_ms));
    const git::Oid commit = world_.repo.commit(message);
    world_.repo.git({"checkout", "-q", "main"});
    return commit;
  }
  void take(const std::string& commit) { world_.say("aa11", ledger::ProposalTaken{.commit = commit}); }
  AfterMerge look() {
    const git::Place place = world_.repo.place();
    auto all = must(after_merges({place, *world_.ledger}));
    EXPECT_THAT(all, SizeIs(1));
    return all.empty() ? AfterMerge{} : all.front();
  }

  PastWorld world_;
  graph::Graph graph_;
  Proof proof_;
};

TEST_F(AfterMerges, ComparesRunsBeforeAndSince) {
  world_.runs(9, {.succeeds = false});
  world_.repo.git({"merge", "-q", "--ff-only", "oe/p"});
  take(world_.repo.rev("HEAD").text);
  EXPECT_EQ(look().gap, "nothing was run since");
  world_.runs(8, {});
  const AfterMerge seen = look();
  EXPECT_EQ(seen.gap, "");
  ASSERT_TRUE(seen.promise);
  EXPECT_EQ(seen.promise->gain, 1);
  EXPECT_THAT(seen.pairs, SizeIs(8));
  EXPECT_EQ(seen.realised.fulfilment, Fulfilment::came_true);
  EXPECT_EQ(seen.together, 0U);
}
TEST_F(AfterMerges, CountsFromTheMergeThatBroughtIt) {
  world_.runs(8, {.succeeds = false});
  world_.repo.write("README.md", "in between");
  world_.repo.commit("in between");
  world_.repo.git({"merge", "-q", "--no-ff", "-m", "merge", "oe/p"});
  take(world_.repo.rev("oe/p").text);
  world_.runs(8, {.succeeds = false});
  const AfterMerge seen = look();
  EXPECT_EQ(seen.commit, world_.repo.rev("HEAD"));
  EXPECT_EQ(seen.realised.fulfilment, Fulfilment::broken);
}
TEST_F(AfterMerges, SaysWithHowManyOtherChangesItCame) {
  world_.runs(8, {.succeeds = false});
  world_.repo.git({"merge", "-q", "--ff-only", "oe/p"});
  take(world_.repo.rev("HEAD").text);
  world_.repo.write(PastWorld::kPath, PastWorld::workflow("2500"));
  world_.repo.commit("another change before anything ran");
  world_.runs(8, {});
  const AfterMerge seen = look();
  EXPECT_EQ(seen.together, 1U);
  EXPECT_EQ(seen.realised.fulfilment, Fulfilment::came_true);
}
TEST_F(AfterMerges, AFileThatRunsAndChangesEndsTheComparison) {
  world_.runs(8, {.succeeds = false, .content = "tools as they were"});
  world_.repo.git({"merge", "-q", "--ff-only", "oe/p"});
  take(world_.repo.rev("HEAD").text);
  world_.runs(2, {.content = "the change alone"});
  world_.runs(8, {.content = "other tools"});
  EXPECT_THAT(look().pairs, SizeIs(2));
}
TEST_F(AfterMerges, WhatIsNotInTheHistoryHasNoEffect) {
  take(world_.repo.rev("oe/p").text);
  EXPECT_EQ(look().gap, "the history of HEAD does not have it");
  world_.repo.git({"update-ref", "-d", "refs/oe/evidence/aa11"});
  EXPECT_THAT(look().gap, HasSubstr("oe sync fetch"));
}
TEST_F(AfterMerges, ACasePromisesNoGain) {
  proof_.shown = FailuresShown{.errors = {"x", "x", "x", "x", "x"}};
  keep_proof();
  take(world_.repo.rev("oe/p").text);
  EXPECT_EQ(look().gap, "it promised no gain");
}

}  // namespace
}  // namespace oe::evolve::test
