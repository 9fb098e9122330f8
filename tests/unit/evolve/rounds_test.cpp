#include "evolve/rounds.hpp"

#include <gtest/gtest.h>
#include <random>

#include "oe/evolve/gate.hpp"

namespace oe::evolve::test {
namespace {

TEST(Rounds, OfOneGenerationShareAllOfIt) {
  EXPECT_DOUBLE_EQ(Rounds(0.05, 1).begin(5), 0.01);
}
TEST(Rounds, TakeEqualPartsOfWhatIsLeft) {
  Rounds rounds(0.06, 3);
  EXPECT_DOUBLE_EQ(rounds.begin(2), 0.01);
  EXPECT_DOUBLE_EQ(rounds.begin(4), 0.005);
  EXPECT_DOUBLE_EQ(rounds.begin(1), 0.02);
  EXPECT_EQ(rounds.begin(1), 0) << "there is no fourth one";
}
TEST(Rounds, PassOnWhatARoundWithoutCandidatesLeaves) {
  Rounds rounds(0.06, 2);
  EXPECT_EQ(rounds.begin(0), 0);
  EXPECT_DOUBLE_EQ(rounds.begin(1), 0.06);
}

bool opens(double alpha, std::mt19937& random) {
  Gate gate({{"success", Direction::higher, Role::goal, Scale::yes_no}}, {.alpha = alpha});
  std::bernoulli_distribution succeeds(0.6);
  while (gate.pairs() < 40 && !gate.is_decided())
    gate.see({.case_name = "r", .base = {succeeds(random) ? 1.0 : 0.0}, .candidate = {succeeds(random) ? 1.0 : 0.0}});
  return gate.verdict().opens_branch();
}

// Changes that do nothing; and as many candidates as a search likes, which even asks for more where it was lucky.
TEST(Rounds, KeepAWholeSearchOfChangesThatDoNothingWithinAlpha) {
  std::mt19937 random(2026);
  constexpr int kSearches = 2000;
  int with_branch = 0;
  for (int search = 0; search < kSearches; ++search) {
    Rounds rounds(0.05, 3);
    bool has_branch = false;
    for (int generation = 0; generation < 3; ++generation) {
      const std::size_t candidates = has_branch ? 10 : 2 + random() % 4;
      const double alpha = rounds.begin(candidates);
      for (std::size_t i = 0; i < candidates; ++i) has_branch = opens(alpha, random) || has_branch;
    }
    with_branch += has_branch ? 1 : 0;
  }
  EXPECT_LE(with_branch, kSearches / 20);
  EXPECT_GT(with_branch, 0) << "a gate that never opens shows nothing";
}

}  // namespace
}  // namespace oe::evolve::test
