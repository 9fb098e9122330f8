#include <array>
#include <gtest/gtest.h>

#include "oe/stats/sequential.hpp"

#include "unit/evolve/gate_worlds.hpp"

namespace oe::evolve {
namespace {

class GateNull : public testing::TestWithParam<std::size_t> {};

TEST_P(GateNull, opens_a_branch_in_at_most_alpha_of_10000_sessions_at_any_time) {
  const World world = null_worlds()[GetParam()];
  const double share = share_of_branches(Gate(world_metrics(), {.alpha = 0.05}), world, 10'000, 30, 11 + GetParam());
  EXPECT_LE(share, 0.05) << world.name;
  RecordProperty("share", std::to_string(share));
}
INSTANTIATE_TEST_SUITE_P(Worlds, GateNull, testing::Range<std::size_t>(0, 5));

TEST(GateNullTest, could_fail) {
  // A gate that never opened would pass, too; and one that is asked for twice its level must show it.
  const World coin = null_worlds()[4];
  EXPECT_GT(share_of_branches(Gate(world_metrics(), {.alpha = 0.05}), coin, 4000, 30, 3), 0.05 / 50);
  EXPECT_GT(share_of_branches(Gate(world_metrics(), {.alpha = 0.5, .guard_alpha = 0.001}), coin, 2000, 30, 3), 0.05);
}

TEST(GateNullTest, eight_null_candidates_of_one_session_stay_under_5_percent_together) {
  const auto worlds = null_worlds();
  SplitMix random(8);
  constexpr int kSessions = 1000;
  int opened = 0;
  for (int session = 0; session < kSessions; ++session) {
    stats::AlphaBudget budget(0.05);
    const double level = budget.spend(8);
    bool is_any = false;
    for (std::size_t candidate = 0; candidate < 8; ++candidate) {
      const Gate gate(world_metrics(), {.alpha = level});
      is_any = run_session(gate, worlds[candidate % worlds.size()], random, 30).kind == Verdict::Kind::better || is_any;
    }
    opened += is_any ? 1 : 0;
  }
  EXPECT_LE(opened, kSessions * 0.05);
}

TEST(GateNullTest, a_claim_does_not_make_a_candidate_that_loses_at_the_limit_pass) {
  const std::vector<Metric> metrics{{"success", Direction::higher, Role::guard, Scale::yes_no, 0.1}};
  const Gate gate(metrics, {.alpha = 0.05, .loss_limit = 0.1, .lighter = "one node fewer"});
  const World limit{
      "limit", [](SplitMix& random, std::size_t index) { return pair_of(index, {1}, {random.chance(0.1) ? 0 : 1}); }};
  const double share = share_of_branches(gate, limit, 10'000, 100, 21);
  EXPECT_LE(share, 0.025);
  EXPECT_GT(share, 0.025 / 50);
}

TEST(GateVerdicts, name_the_metric_that_they_rest_on) {
  auto worlds = null_worlds();
  worlds.push_back(planted_world(0.3, 0.9, 1));
  worlds.push_back(planted_world(0.9, 0.3, 1));
  worlds.push_back(planted_world(1, 1, 2));
  SplitMix random(77);
  std::array<int, 4> seen{};
  for (const World& world : worlds)
    for (int session = 0; session < 40; ++session) {
      Gate gate(world_metrics(), {.alpha = 0.05, .lighter = "one node fewer"});
      while (gate.pairs() < 60 && !gate.is_decided()) gate.see(world.next(random, gate.pairs()));
      const Verdict verdict = gate.verdict(0.01);
      ++seen[static_cast<std::size_t>(verdict.kind)];
      EXPECT_FALSE(verdict.metric.empty());
      EXPECT_NE(verdict.sentence.find(verdict.metric), std::string::npos) << verdict.sentence;
      EXPECT_EQ(verdict.more_pairs.has_value(), verdict.more_usd.has_value());
    }
  for (const int times : seen) EXPECT_GT(times, 0);
}

struct Plant {
  const char* name;
  double before;
  double after;
  double ratio;
  double win_share;  ///< of the goal that finds it
  double differing;
};

class GatePower : public testing::TestWithParam<Plant> {};

TEST_P(GatePower, finds_it_within_the_promised_pairs_in_about_the_promised_share) {
  const Plant plant = GetParam();
  const bool is_success = plant.ratio == 1;
  std::vector<Metric> metrics = world_metrics();
  metrics[is_success ? 1 : 0].role = Role::guard;
  metrics[1].margin = is_success ? 0.6 : 0.1;  // as a guard it is to be silent here
  const Gate gate(metrics, {.alpha = 0.05});
  const auto pairs = stats::pairs_to_reject({}, 0.05, plant.win_share, plant.differing);
  ASSERT_TRUE(pairs);
  for (const std::size_t length : {*pairs, 2 * *pairs}) {
    const double promised = stats::power_within({}, 0.05, plant.win_share, plant.differing, length);
    const World world = planted_world(plant.before, plant.after, plant.ratio);
    EXPECT_NEAR(share_of_branches(gate, world, 2000, length, 17), promised, 0.04) << plant.name << " in " << length;
  }
}

// The noise of a ratio is sqrt(2) * .1 of its logarithm: a ratio of .75 is a win where it stays below .9, z = 1.289.
INSTANTIATE_TEST_SUITE_P(Plants, GatePower,
                         testing::Values(Plant{"always fails, then never", 0, 1, 1, 1, 1},
                                         Plant{"half fail, then 1 in 20", 0.5, 0.95, 1, 0.95, 0.5},
                                         Plant{"3 in 10 fail, then none", 0.7, 1, 1, 1, 0.3},
                                         Plant{"a quarter faster", 1, 1, 0.75, 0.997, 0.904}));

}  // namespace
}  // namespace oe::evolve
