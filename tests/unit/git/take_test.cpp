#include "oe/git/take.hpp"

#include <gmock/gmock.h>

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

using ::testing::HasSubstr;

class TakeCommit : public ::testing::Test {
 protected:
  TakeCommit() {
    repo_.write("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    base_ = repo_.commit("base");
    repo_.git({"checkout", "-q", "-b", "proposal"});
    repo_.write("f", "one\n2\n3\n4\n5\n6\n7\n8\n9\n");
    proposal_ = repo_.commit("propose");
    repo_.git({"checkout", "-q", "main"});
  }
  Result<Oid> take() { return take_commit(repo_.place(), proposal_); }

  TempRepo repo_;
  Oid base_;
  Oid proposal_;
};

TEST_F(TakeCommit, FastForwardsFromTheParent) {
  EXPECT_EQ(must(take()), proposal_);
  EXPECT_EQ(repo_.git({"symbolic-ref", "--short", "HEAD"}), "main");
  EXPECT_TRUE(repo_.read("f").starts_with("one\n"));
}
TEST_F(TakeCommit, FastForwardsWhereTheUserForbidsIt) {
  repo_.git({"config", "merge.ff", "false"});
  EXPECT_EQ(must(take()), proposal_);
}
TEST_F(TakeCommit, FastForwardsADetachedHead) {
  repo_.git({"checkout", "-q", "--detach"});
  EXPECT_EQ(must(take()), proposal_);
  EXPECT_EQ(repo_.rev("main"), base_);
}
TEST_F(TakeCommit, CherryPicksOntoABranchThatMovedOn) {
  repo_.write("g", "other");
  const Oid moved = repo_.commit("moved");
  const Oid head = must(take());
  EXPECT_EQ(repo_.rev("HEAD"), head);
  EXPECT_EQ(repo_.rev("HEAD^"), moved);
  EXPECT_THAT(repo_.git({"log", "-1", "--format=%B"}), HasSubstr("(cherry picked from commit " + proposal_.text + ")"));
}
TEST_F(TakeCommit, PicksWhereItIsTold) {
  const Oid head = must(take_commit(repo_.place(), proposal_, {.way = TakeOptions::Way::pick}));
  EXPECT_EQ(repo_.rev("HEAD^"), base_);
  EXPECT_THAT(repo_.git({"log", "-1", "--format=%B"}), HasSubstr("cherry picked from commit " + proposal_.text));
}
TEST_F(TakeCommit, MergesWhereAFastForwardWouldDo) {
  const std::string message = "Merge it\n\n# not a comment\n\nOe-Proposal: f00\n";
  must(take_commit(repo_.place(), proposal_, {.way = TakeOptions::Way::merge, .message = message, .base = base_}));
  EXPECT_EQ(repo_.rev("HEAD^1"), base_);
  EXPECT_EQ(repo_.rev("HEAD^2"), proposal_);
  EXPECT_EQ(repo_.git({"log", "-1", "--format=%B"}), message);
}
TEST_F(TakeCommit, PutsEverythingBackWhereAHookStopsTheMerge) {
  repo_.write(".git/hooks/commit-msg", "#!/bin/sh\necho no ticket >&2\nexit 1\n");
  std::filesystem::permissions(repo_.root() / ".git/hooks/commit-msg", std::filesystem::perms::all);
  const TakeOptions options{.way = TakeOptions::Way::merge, .message = "Merge it\n", .base = base_};
  const auto taken = take_commit(repo_.place(), proposal_, options);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message(), HasSubstr("no ticket"));
  EXPECT_EQ(repo_.git({"status"}), "On branch main\nnothing to commit, working tree clean");
  TakeOptions unchecked = options;
  unchecked.verify = false;
  must(take_commit(repo_.place(), proposal_, unchecked));
}
TEST_F(TakeCommit, KeepsLinesThatACleanUpWouldTake) {
  repo_.git({"checkout", "-q", "proposal"});
  repo_.git({"commit", "-q", "--amend", "--cleanup=verbatim", "-m", "propose\n\n; like this\n#1 of 2\n"});
  repo_.git({"checkout", "-q", "main"});
  repo_.git({"config", "commit.cleanup", "strip"});
  repo_.git({"config", "core.commentChar", ";"});
  must(take_commit(repo_.place(), repo_.rev("proposal"), {.way = TakeOptions::Way::pick, .names_origin = false}));
  EXPECT_EQ(repo_.git({"log", "-1", "--format=%B"}), "propose\n\n; like this\n#1 of 2\n");
}
TEST_F(TakeCommit, TakesOneCommitOnlyFromABranchOfMany) {
  repo_.git({"checkout", "-q", "proposal"});
  repo_.write("h", "");
  const Oid second = repo_.commit("second");
  repo_.git({"checkout", "-q", "main"});
  must(take_commit(repo_.place(), second));
  EXPECT_EQ(repo_.git({"ls-files"}), "f\nh");
  EXPECT_TRUE(repo_.read("f").starts_with("1\n"));
}
TEST_F(TakeCommit, DoesNothingWhereItIsTakenAlready) {
  repo_.git({"merge", "-q", "--no-ff", "-m", "by hand", "proposal"});
  const Oid merged = repo_.rev("HEAD");
  EXPECT_EQ(must(take()), merged);
}
TEST_F(TakeCommit, PutsEverythingBackOnAConflict) {
  repo_.write("f", "uno\n2\n3\n4\n5\n6\n7\n8\n9\n");
  repo_.commit("moved");
  repo_.write("untracked", "mine");
  auto before = snapshot(repo_.root());
  const auto taken = take();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind(), ErrorKind::failed);
  EXPECT_THAT(taken.error().message(), HasSubstr("CONFLICT (content): Merge conflict in f"));
  EXPECT_EQ(repo_.git({"status", "--porcelain"}), "?? untracked");
  EXPECT_EQ(repo_.read("f"), before["f"]);
  EXPECT_NE(repo_.try_git({"rev-parse", "--verify", "-q", "CHERRY_PICK_HEAD"}).code, 0);
}
TEST_F(TakeCommit, DoesNothingWhereTheSameChangeIsThereAlready) {
  repo_.write("f", "one\n2\n3\n4\n5\n6\n7\n8\n9\n");
  const Oid mine = repo_.commit("the same by hand, with another message");
  EXPECT_EQ(must(take()), mine);
  EXPECT_EQ(repo_.rev("HEAD"), mine);
  EXPECT_EQ(repo_.git({"status"}), "On branch main\nnothing to commit, working tree clean");
}
TEST_F(TakeCommit, LeavesADirtyFileAlone) {
  repo_.write("f", "mine");
  const auto taken = take();
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message(), HasSubstr("would be overwritten"));
  EXPECT_EQ(repo_.read("f"), "mine");
  EXPECT_EQ(repo_.rev("HEAD"), base_);
}
TEST_F(TakeCommit, LeavesAnUnfinishedCherryPickOfTheUserAlone) {
  repo_.write("f", "uno\n2\n3\n4\n5\n6\n7\n8\n9\n");
  repo_.commit("moved");
  EXPECT_NE(repo_.try_git({"cherry-pick", "proposal"}).code, 0);
  repo_.write("f", "half resolved");
  const auto taken = take();
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message(), HasSubstr("a cherry-pick is in progress"));
  EXPECT_EQ(repo_.read("f"), "half resolved");
  EXPECT_EQ(repo_.rev("CHERRY_PICK_HEAD"), proposal_);
}
TEST_F(TakeCommit, RunsTheUsersHooks) {
  repo_.write("g", "other");
  repo_.commit("moved");
  repo_.write(".git/hooks/prepare-commit-msg", "#!/bin/sh\necho not on a Friday >&2\nexit 1\n");
  std::filesystem::permissions(repo_.root() / ".git/hooks/prepare-commit-msg", std::filesystem::perms::all);
  const auto taken = take();
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message(), HasSubstr("not on a Friday"));
  EXPECT_EQ(repo_.git({"status", "--porcelain"}), "");
}
TEST_F(TakeCommit, RefusesOnAnUnbornBranch) {
  repo_.git({"checkout", "-q", "--orphan", "fresh"});
  EXPECT_FALSE(take());
}
TEST_F(TakeCommit, RefusesWhatIsNoCommit) {
  EXPECT_FALSE(take_commit(repo_.place(), Oid{"--hard"}));
  EXPECT_FALSE(take_commit(repo_.place(), Oid{std::string(40, '1')}));
  EXPECT_EQ(repo_.rev("HEAD"), base_);
}

}  // namespace
}  // namespace oe::git
