#include "oe/evolve/gate.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

namespace oe::evolve {
namespace {

using testing::HasSubstr;

const Metric kSuccess{"success", Direction::higher, Role::goal, Scale::yes_no, 0.1};
const Metric kDuration{"duration", Direction::lower, Role::goal, Scale::relative, 0.1, "s"};
const Metric kCost{"cost", Direction::lower, Role::guard, Scale::relative, 0.1, "$"};

Pair pair(std::vector<Measured> base, std::vector<Measured> candidate) {
  return {"case", false, false, std::move(base), std::move(candidate)};
}

void see(Gate& gate, int times, const Pair& pair) {
  for (int i = 0; i < times; ++i) gate.see(pair);
}

TEST(BetterSide, is_measured_alike_both_ways) {
  for (const auto& [one, other] : {std::pair{10.0, 8.9}, {10.0, 9.1}, {0.0, 1.0}, {3.0, 3.0}}) {
    const Side forth = better_side(kDuration, one, other);
    const Side back = better_side(kDuration, other, one);
    EXPECT_EQ(forth == Side::candidate, back == Side::base);
    EXPECT_EQ(forth == Side::neither, back == Side::neither);
  }
}

TEST(BetterSide, wants_the_margin) {
  EXPECT_EQ(better_side(kDuration, 10, 9), Side::candidate);  // just a tenth
  EXPECT_EQ(better_side(kDuration, 10, 9.01), Side::neither);
  EXPECT_EQ(better_side(kDuration, 9, 10), Side::base);
  EXPECT_EQ(better_side(kSuccess, 0, 1), Side::candidate);
  EXPECT_EQ(better_side(kSuccess, 1, 1), Side::neither);
  const Metric retries{"retries", Direction::lower, Role::guard, Scale::absolute, 2};
  EXPECT_EQ(better_side(retries, 3, 2), Side::neither);
  EXPECT_EQ(better_side(retries, 3, 1), Side::candidate);
}

TEST(BetterSide, takes_a_value_for_better_than_none) {
  EXPECT_EQ(better_side(kDuration, std::nullopt, 5), Side::candidate);
  EXPECT_EQ(better_side(kDuration, 5, std::nullopt), Side::base);
  EXPECT_EQ(better_side(kDuration, std::nullopt, std::nullopt), Side::unread);
}

TEST(Gate, finds_a_mended_workflow_better_after_five_pairs) {
  Gate gate({kSuccess, kCost});
  EXPECT_EQ(gate.straight_wins_needed(), 5U);
  see(gate, 4, pair({0, 0.01}, {1, 0.01}));
  EXPECT_FALSE(gate.is_decided());
  EXPECT_EQ(gate.straight_wins_needed(), 1U);
  see(gate, 1, pair({0, 0.01}, {1, 0.01}));
  const Verdict verdict = gate.verdict();
  EXPECT_EQ(verdict.kind, Verdict::Kind::better);
  EXPECT_TRUE(verdict.opens_branch());
  EXPECT_EQ(verdict.metric, "success");
  EXPECT_EQ(verdict.sentence, "success 0/5 -> 5/5 (5 wins, 0 losses, e = 20 of 20 needed)");
  ASSERT_EQ(verdict.metrics.size(), 2U);
  EXPECT_NEAR(verdict.metrics[0].p, 0.03125, 1e-12);
  EXPECT_EQ(verdict.metrics[1].ties, 5U);
}

TEST(Gate, says_how_much_faster) {
  Gate gate({kDuration});
  for (int i = 0; i < 6; ++i) gate.see(pair({10.0 + i}, {6.0 + i}));
  const Verdict verdict = gate.verdict();
  EXPECT_EQ(verdict.kind, Verdict::Kind::better);
  EXPECT_THAT(verdict.sentence, HasSubstr("duration 12.5 s -> 8.5 s (-32 %)"));
  ASSERT_TRUE(verdict.metrics[0].interval);
  EXPECT_LE(verdict.metrics[0].interval->low, *verdict.metrics[0].gain);
  EXPECT_GE(verdict.metrics[0].interval->high, *verdict.metrics[0].gain);
}

TEST(Gate, splits_alpha_over_the_goals_and_the_claim) {
  EXPECT_DOUBLE_EQ(Gate({kSuccess, kCost}, {.alpha = 0.05}).goal_level(), 0.05);
  EXPECT_DOUBLE_EQ(Gate({kSuccess, kDuration}, {.alpha = 0.05}).goal_level(), 0.025);
  EXPECT_DOUBLE_EQ(Gate({kSuccess, kDuration}, {.alpha = 0.05, .lighter = "fewer nodes"}).goal_level(), 0.0125);
  EXPECT_EQ(Gate({kSuccess}, {.alpha = 0.01}).straight_wins_needed(), 8U);
}

TEST(Gate, finds_the_mirror_image_worse) {
  Gate gate({kSuccess});
  see(gate, 5, pair({1}, {0}));
  const Verdict verdict = gate.verdict();
  EXPECT_EQ(verdict.kind, Verdict::Kind::worse);
  EXPECT_FALSE(verdict.opens_branch());
  EXPECT_EQ(verdict.sentence, "success 5/5 -> 0/5 (0 wins, 5 losses, e = 20 of 20 needed)");
}

TEST(Gate, finds_a_guard_that_breaks_worse_whatever_the_goal_does) {
  Gate gate({kSuccess, kCost});
  see(gate, 7, pair({0, 0.01}, {1, 0.05}));
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::worse);
  EXPECT_EQ(gate.verdict().metric, "cost");
}

TEST(Gate, is_blocked_by_a_guard_long_before_that_is_proven) {
  Gate gate({kSuccess, kCost});
  see(gate, 3, pair({0, 0.01}, {1, 0.05}));
  see(gate, 3, pair({0, 0.01}, {1, 0.01}));
  const Verdict verdict = gate.verdict();
  EXPECT_EQ(verdict.kind, Verdict::Kind::not_enough);
  EXPECT_THAT(verdict.sentence, HasSubstr("cost 0.01 $ -> 0.03 $ (+200 %) speaks for worse (0 wins, 3 losses"));
  EXPECT_EQ(verdict.more_pairs, std::nullopt);
}

TEST(Gate, lets_one_goal_pay_only_when_no_other_is_worse) {
  Gate gate({kSuccess, kDuration});
  see(gate, 7, pair({0, 10}, {1, 10}));
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::better);
  Gate slower({kSuccess, kDuration});
  see(slower, 3, pair({0, 10}, {1, 20}));
  see(slower, 4, pair({0, 10}, {1, 10}));
  EXPECT_EQ(slower.verdict().kind, Verdict::Kind::not_enough);
  EXPECT_THAT(slower.verdict().sentence, HasSubstr("duration 10 s -> 10 s"));
}

TEST(Gate, stops_at_an_anchor_that_regressed) {
  Gate gate({kSuccess});
  Pair anchor = pair({1}, {0});
  anchor.is_anchor = true;
  anchor.case_name = "smoke";
  see(gate, 6, pair({0}, {1}));
  gate.see(anchor);
  const Verdict verdict = gate.verdict();
  EXPECT_EQ(verdict.kind, Verdict::Kind::worse);
  EXPECT_THAT(verdict.sentence, HasSubstr("the anchor case smoke fails more often than before"));
  Gate not_an_anchor({kSuccess});
  see(not_an_anchor, 6, pair({0}, {1}));
  not_an_anchor.see(pair({1}, {0}));
  EXPECT_NE(not_an_anchor.verdict().kind, Verdict::Kind::worse);
}

TEST(Gate, forgives_an_anchor_that_fails_in_the_base_just_as_often) {
  Gate gate({kSuccess});
  Pair anchor = pair({0}, {1});
  anchor.is_anchor = true;
  gate.see(anchor);
  anchor = pair({1}, {0});
  anchor.is_anchor = true;
  gate.see(anchor);
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::not_enough);
}

TEST(Gate, opens_no_branch_against_the_hold_out) {
  Gate gate({kSuccess});
  see(gate, 14, pair({0}, {1}));
  Pair held = pair({1}, {0});
  held.is_holdout = true;
  gate.see(held);
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::not_enough);
  EXPECT_THAT(gate.verdict().sentence, HasSubstr("success 1/15 -> 14/15"));
  EXPECT_THAT(gate.verdict().sentence, HasSubstr("the hold-out cases point the other way"));
  std::swap(held.base, held.candidate);
  gate.see(held);
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::better);
  EXPECT_EQ(gate.verdict().metrics[0].holdout_wins, 1U);
  EXPECT_EQ(gate.verdict().metrics[0].holdout_losses, 1U);
}

TEST(Gate, does_not_hold_the_price_of_failing_early_against_a_mended_workflow) {
  Gate gate({kSuccess, kCost});
  see(gate, 5, pair({0, std::nullopt}, {1, 0.05}));
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::better);
  EXPECT_EQ(gate.verdict().metric, "success");
}

TEST(Gate, wants_a_gain_that_matters_and_not_only_one_that_is_sure) {
  Metric score{"score", Direction::higher, Role::goal, Scale::absolute, 1};
  Gate gate({score});
  see(gate, 6, pair({5}, {7}));
  see(gate, 8, pair({5}, {5}));
  const Verdict verdict = gate.verdict();
  EXPECT_EQ(verdict.kind, Verdict::Kind::not_enough);
  EXPECT_THAT(verdict.sentence, HasSubstr("the typical gain of 0 is below the margin of 1"));
}

TEST(Gate, wants_the_hold_out_pairs_that_it_was_told_to) {
  Gate gate({kSuccess}, {.least_holdout = 2});
  see(gate, 9, pair({0}, {1}));
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::not_enough);
  EXPECT_THAT(gate.verdict().sentence, HasSubstr("too few pairs of hold-out cases"));
  EXPECT_EQ(gate.verdict().more_pairs, 2U);
  Pair held = pair({0}, {1});
  held.is_holdout = true;
  see(gate, 2, held);
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::better);
}

TEST(Gate, calls_nothing_no_worse_only_because_nothing_was_found) {
  Gate gate({kSuccess, kCost});
  see(gate, 300, pair({1, 0.01}, {1, 0.01}));
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::not_enough);
  EXPECT_FALSE(gate.is_decided());
}

TEST(Gate, shows_a_lighter_candidate_no_worse_by_the_rule_of_three) {
  Gate gate({kSuccess, kCost}, {.lighter = "one node fewer"});
  EXPECT_EQ(gate.verdict().more_pairs, 39U);
  see(gate, 38, pair({1, 0.01}, {1, 0.01}));
  EXPECT_FALSE(gate.is_decided());
  see(gate, 1, pair({1, 0.01}, {1, 0.01}));
  const Verdict verdict = gate.verdict();
  EXPECT_EQ(verdict.kind, Verdict::Kind::no_worse);
  EXPECT_TRUE(verdict.opens_branch());
  EXPECT_LT(1 - std::pow(0.025, 1.0 / 39), 0.1);  // Clopper and Pearson's exact bound says so, too
  EXPECT_THAT(verdict.sentence, HasSubstr("one node fewer"));
  EXPECT_THAT(verdict.sentence, HasSubstr("success 39/39 -> 39/39"));
}

TEST(Gate, leaves_out_what_neither_side_measures) {
  Gate gate({kSuccess, kCost}, {.lighter = "one node fewer"});
  see(gate, 39, pair({1, std::nullopt}, {1, std::nullopt}));
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::no_worse);
  Gate blind({kCost}, {.lighter = "one node fewer"});
  see(blind, 100, pair({std::nullopt}, {std::nullopt}));
  EXPECT_EQ(blind.verdict().kind, Verdict::Kind::not_enough);
}

TEST(Gate, forecasts_the_pairs_and_the_price) {
  Gate gate({kSuccess});
  see(gate, 3, pair({0}, {1}));
  const Verdict verdict = gate.verdict(0.02);
  EXPECT_EQ(verdict.kind, Verdict::Kind::not_enough);
  ASSERT_TRUE(verdict.more_pairs);
  EXPECT_GE(*verdict.more_pairs, 2U);
  EXPECT_LE(*verdict.more_pairs, 20U);
  EXPECT_DOUBLE_EQ(*verdict.more_usd, 0.02 * static_cast<double>(*verdict.more_pairs));
  EXPECT_THAT(verdict.sentence, HasSubstr("about " + std::to_string(*verdict.more_pairs) + " more pairs, about $"));
}

TEST(Gate, says_when_it_would_take_too_long) {
  Gate even({kSuccess});
  for (int i = 0; i < 8; ++i) even.see(i % 2 == 0 ? pair({1}, {0}) : pair({0}, {1}));
  EXPECT_EQ(even.verdict().more_pairs, std::nullopt);
  EXPECT_THAT(even.verdict().sentence, HasSubstr("more than 500 more pairs"));
}

TEST(Gate, does_not_take_runs_that_fail_fast_for_faster_ones) {
  Gate gate({kDuration});
  see(gate, 9, pair({std::nullopt}, {10}));  // the base has no duration, for it failed
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::not_enough);
  EXPECT_THAT(gate.verdict().sentence, HasSubstr("no pair has a value on both sides"));
}

TEST(Gate, opens_nothing_once_alpha_is_spent) {
  Gate gate({kSuccess, kCost}, {.alpha = 0, .lighter = "one node fewer"});
  see(gate, 200, pair({0, 0.02}, {1, 0.01}));
  EXPECT_EQ(gate.verdict().kind, Verdict::Kind::not_enough);
  EXPECT_EQ(gate.verdict().more_pairs, std::nullopt);
}

TEST(Gate, answers_without_metrics_and_without_pairs) {
  EXPECT_EQ(Gate({}).verdict().kind, Verdict::Kind::not_enough);
  EXPECT_EQ(Gate({}).verdict().sentence, "nothing is measured");
  const Verdict verdict = Gate({kSuccess}).verdict();
  EXPECT_EQ(verdict.metric, "success");
  EXPECT_THAT(verdict.sentence, HasSubstr("success not read yet"));
}

TEST(Verdict, has_the_words_of_the_map) {
  EXPECT_EQ(to_string(Verdict::Kind::better), "better");
  EXPECT_EQ(to_string(Verdict::Kind::no_worse), "no worse");
  EXPECT_EQ(to_string(Verdict::Kind::worse), "worse");
  EXPECT_EQ(to_string(Verdict::Kind::not_enough), "not enough evidence");
}

}  // namespace
}  // namespace oe::evolve
