#include <gtest/gtest.h>

#include "oe/forge/git_remote.hpp"

namespace oe::forge {
namespace {

TEST(PushPlan, ReplacesOnlyWhatNobodyElseHasTouched) {
  const PushFacts remade{.tip = "new", .remote_tip = "old", .remote_tip_is_ours = true};
  EXPECT_EQ(plan_push(remade), PushPlan::replace);
  PushFacts reviewed = remade;
  reviewed.has_others = true;
  EXPECT_EQ(plan_push(reviewed), PushPlan::refuse);
  PushFacts with_commit = remade;
  with_commit.remote_tip_is_ours = false;
  EXPECT_EQ(plan_push(with_commit), PushPlan::refuse);
  with_commit.is_ancestor = true;  // fetched and merged here; it is theirs all the same
  EXPECT_EQ(plan_push(with_commit), PushPlan::refuse);
}

TEST(PushPlan, CreatesGoesForwardOrHasNothingToDo) {
  EXPECT_EQ(plan_push({.tip = "a"}), PushPlan::create);
  EXPECT_EQ(plan_push({.tip = "a", .remote_tip = "a"}), PushPlan::none);
  EXPECT_EQ(plan_push({.tip = "b", .remote_tip = "a", .remote_tip_is_ours = true, .is_ancestor = true}),
            PushPlan::forward);
}

TEST(Push, GoesToBranchesOfOeOnly) {
  for (const char* branch : {"main", "release/oe/x", "oe", "../oe/x"}) {
    const auto pushed = push("/", "origin", "c0ffee", branch, std::nullopt);
    ASSERT_FALSE(pushed) << branch;
    EXPECT_EQ(pushed.error().kind(), ErrorKind::bug);
  }
}

}  // namespace
}  // namespace oe::forge
