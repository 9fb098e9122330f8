#include "evolve/reverse_diff.hpp"

#include <gtest/gtest.h>

#include "unit/git/git_tests.hpp"

namespace oe::evolve::test {
namespace {

/// What git says of two states, turned round and given to git again.
class ReverseDiff : public ::testing::Test {
 protected:
  void expect_round_trip(const std::string& before, const std::string& after) {
    repo_.write("dir/a.txt", before);
    const git::Oid old = repo_.commit("before");
    repo_.write("dir/a.txt", after);
    const git::Oid now = repo_.commit("after");
    const auto repository = git::open(repo_);
    const auto files = reverse_diff(git::must(repository->diff(old, now)));
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].path, "dir/a.txt");
    const auto applied = repo_.try_git({"apply", "-"}, files[0].diff);
    EXPECT_EQ(applied.code, 0) << applied.err << files[0].diff;
    EXPECT_EQ(repo_.read("dir/a.txt"), before);
  }
  git::TempRepo repo_;
};

TEST_F(ReverseDiff, TurnsChangesInSeveralPlacesRound) {
  expect_round_trip("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n", "a\nB\nC\nd\ne\nf\ng\nh\ni\nj\nnew\nl\n");
}
TEST_F(ReverseDiff, KeepsAMissingNewlineAtTheEnd) {
  expect_round_trip("a\nb", "a\nc\n");
  expect_round_trip("a\nb\n", "a\nc");
  expect_round_trip("a\nb", "a\nc");
}
TEST_F(ReverseDiff, TakesLinesThatLookLikeHeaders) {
  expect_round_trip("-- old\n++ x\n", "-- new\n++ y\n+++ b/other\n--- a/other\n");
}
TEST_F(ReverseDiff, AFileThatWasMadeIsToGo) {
  repo_.write("a.txt", "old\n");
  const git::Oid old = repo_.commit("before");
  repo_.write("a.txt", "new\n");
  repo_.write("tool.sh", "echo x\n+ y\nlast");
  const git::Oid now = repo_.commit("after");
  const auto repository = git::open(repo_);
  const auto files = reverse_diff(git::must(repository->diff(old, now)));
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[1], (ReversedFile{"tool.sh", "", "echo x\n+ y\nlast"}));
}

}  // namespace
}  // namespace oe::evolve::test
