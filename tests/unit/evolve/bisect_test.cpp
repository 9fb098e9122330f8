#include "oe/evolve/bisect.hpp"

#include <gmock/gmock.h>
#include <random>

#include "evolve/bisect_search.hpp"
#include "evolve/bisect_states.hpp"
#include "unit/evolve/past_world.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Draw = std::function<double(std::size_t state)>;

/// States whose runs are drawn; new ones as long as there are any left.
class DrawnSamples : public Samples {
 public:
  DrawnSamples(std::size_t states, Draw draw, std::size_t runs = SIZE_MAX)
      : draw_(std::move(draw)), left_(runs), stored_(states), fresh_(states) {}
  void store(std::size_t state, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) stored_[state].push_back({{"s"}, "{}", "", draw_(state)});
  }
  std::size_t states() const override { return stored_.size(); }
  const std::vector<OneMeasure>& stored(std::size_t state) override { return stored_[state]; }
  const std::vector<OneMeasure>& fresh(std::size_t state) override { return fresh_[state]; }
  Result<bool> run(const std::vector<std::size_t>& states, std::size_t count) override {
    for (const std::size_t state : states) {
      if (fresh_[state].size() >= count) continue;
      if (left_ == 0) return false;
      --left_, ++made;
      fresh_[state].push_back({{"f"}, "{}", "", draw_(state)});
    }
    return true;
  }
  const std::string& why_not() const override { return why_not_; }
  std::size_t made = 0;

 private:
  Draw draw_;
  std::size_t left_;
  std::vector<std::vector<OneMeasure>> stored_, fresh_;
  std::string why_not_ = "nothing is left";
};

const Metric kSeconds{"time of fetch", Direction::lower, Role::goal, Scale::relative, 0.2, "s"};
const Metric kWorks{"success", Direction::higher, Role::goal, Scale::yes_no};

Draw worse_from(std::size_t culprit) {
  return [=](std::size_t state) { return state >= culprit ? 2.0 : 1.0; };
}

TEST(BisectSearch, FindsTheStateByRecordedRunsAlone) {
  DrawnSamples samples(9, worse_from(6));
  for (std::size_t state = 0; state < 9; ++state) samples.store(state, 16);
  const auto found = git::must(BisectSearch(kSeconds, samples).run());
  EXPECT_THAT(found.suspects, ElementsAre(6U));
  EXPECT_EQ(samples.made, 0U);
  EXPECT_LE(found.steps.size(), 5U);
}
TEST(BisectSearch, RunsWhatIsMissing) {
  DrawnSamples samples(9, worse_from(3));
  samples.store(0, 20), samples.store(8, 20);
  const auto found = git::must(BisectSearch(kSeconds, samples).run());
  EXPECT_THAT(found.suspects, ElementsAre(3U));
  EXPECT_GT(samples.made, 0U);
  EXPECT_EQ(found.steps[0].new_pairs, 0U) << "the ends were known";
}
TEST(BisectSearch, TheOnlyCommitNeedsNoStepOfItsOwn) {
  DrawnSamples samples(2, worse_from(1));
  const auto found = git::must(BisectSearch(kSeconds, samples).run());
  EXPECT_THAT(found.suspects, ElementsAre(1U));
  EXPECT_THAT(found.steps, SizeIs(1));
}
TEST(BisectSearch, LooksForNothingWhereNothingGotWorse) {
  DrawnSamples samples(9, [](std::size_t) { return 1.0; });
  const auto found = git::must(BisectSearch(kSeconds, samples).run());
  EXPECT_THAT(found.suspects, IsEmpty());
  ASSERT_THAT(found.steps, SizeIs(1));
  EXPECT_EQ(found.steps[0].verdict, BisectStep::Verdict::unclear);
}
TEST(BisectSearch, NamesAllThatAreLeftWhenItMayNotGoOn) {
  DrawnSamples samples(9, worse_from(3), 35);
  const auto found = git::must(BisectSearch(kSeconds, samples).run());
  EXPECT_GT(found.suspects.size(), 1U);
  EXPECT_THAT(found.suspects, ::testing::Contains(3U));
  EXPECT_EQ(found.ended_by, "nothing is left");
}
TEST(BisectSearch, TheErrorsOfAllStepsTogetherAreAtMostFivePercent) {
  DrawnSamples samples(40, worse_from(17));
  const auto found = git::must(BisectSearch(kSeconds, samples).run());
  double sum = 0;
  for (const auto& step : found.steps) sum += step.level;
  EXPECT_LE(sum, 0.05 + 1e-12);
}
TEST(BisectSearch, SeldomFollowsNoise) {
  std::mt19937 random(2026);
  std::uniform_real_distribution<> uniform;
  int followed = 0;
  for (int session = 0; session < 400; ++session) {
    DrawnSamples samples(6, [&](std::size_t) { return uniform(random) < 0.6 ? 1.0 : 0.0; });
    followed += !git::must(BisectSearch(kWorks, samples).run()).suspects.empty();
  }
  EXPECT_LE(followed, 20);
}
TEST(BisectSearch, NamesAWrongCommitSeldomThoughRunsAreFlaky) {
  std::mt19937 random(7);
  std::uniform_real_distribution<> uniform;
  int wrong = 0, right = 0;
  for (int session = 0; session < 300; ++session) {
    DrawnSamples samples(
        8, [&](std::size_t state) { return uniform(random) < (state >= 5 ? 0.05 : 0.95) ? 1.0 : 0.0; });
    const auto found = git::must(BisectSearch(kWorks, samples).run());
    if (found.suspects.size() == 1) ++(found.suspects[0] == 5 ? right : wrong);
  }
  EXPECT_LE(wrong, 15);
  EXPECT_GE(right, 150) << "of 300";
}

TEST(StatesOfWorkflow, HaveTheRunsOfTheCommitsThatDidNotTouchTheWorkflow) {
  PastWorld world;
  const git::Oid first = world.repo.rev("HEAD");
  const RunId old = world.run();
  world.repo.write("README.md", "elsewhere");
  world.repo.commit("elsewhere");
  const RunId still_old = world.run();
  world.repo.write(PastWorld::kPath, PastWorld::workflow("2000"));
  const git::Oid second = world.repo.commit("more time");
  const RunId now = world.run();
  world.run({.dirty = true, .text = PastWorld::workflow("9")});
  const git::Place place = world.repo.place();
  const BisectOptions options{.workflow = PastWorld::kPath, .bad = world.repo.rev("HEAD")};
  const StatesOfWorkflow states = must(states_of({place, *world.ledger}, options, {"flows"}));
  ASSERT_THAT(states.commits, SizeIs(2));
  EXPECT_EQ(states.commits[0].id, first);
  EXPECT_EQ(states.commits[1].id, second);
  EXPECT_THAT(states.runs[0], ElementsAre(still_old, old));
  EXPECT_THAT(states.runs[1], ElementsAre(now)) << "what no commit has is of no state";
}
TEST(StatesOfWorkflow, BeginAtTheGoodCommit) {
  PastWorld world;
  world.repo.write(PastWorld::kPath, PastWorld::workflow("2000"));
  world.repo.commit("more time");
  world.repo.write("README.md", "elsewhere");
  const git::Oid good = world.repo.commit("elsewhere");
  const RunId run = world.run();
  world.repo.write(PastWorld::kPath, PastWorld::workflow("3000"));
  world.repo.commit("still more");
  const git::Place place = world.repo.place();
  const BisectOptions options{.workflow = PastWorld::kPath, .good = good, .bad = world.repo.rev("HEAD")};
  const StatesOfWorkflow states = must(states_of({place, *world.ledger}, options, {"flows"}));
  ASSERT_THAT(states.commits, SizeIs(2));
  EXPECT_EQ(states.commits[0].id, good);
  EXPECT_THAT(states.runs[0], ElementsAre(run));
}

}  // namespace
}  // namespace oe::evolve::test
