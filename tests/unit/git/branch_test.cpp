#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Branch : public ::testing::Test {
 protected:
  TempRepo repo_;
  Oid one_ = repo_.commit("one");
  Oid two_ = repo_.commit("two");
  std::unique_ptr<Repository> repository_ = open(repo_);
  const std::string name_ = "oe/tune-param/fetch/1a2b3c4d";
};

TEST_F(Branch, IsMadeOnlyWhereThereWasNone) {
  EXPECT_EQ(must(repository_->branch(name_)), std::nullopt);
  must(repository_->set_branch(name_, one_, std::nullopt));
  EXPECT_EQ(repo_.rev("refs/heads/" + name_), one_);
  EXPECT_EQ(must(repository_->branch(name_)), one_);
  const auto again = repository_->set_branch(name_, two_, std::nullopt);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind(), ErrorKind::failed);
  EXPECT_THAT(again.error().message(), HasSubstr("exists already"));
  EXPECT_EQ(repo_.rev(name_), one_);
}
TEST_F(Branch, MovesOnlyFromWhereItIsExpected) {
  must(repository_->set_branch(name_, one_, std::nullopt));
  const auto stale = repository_->set_branch(name_, two_, two_);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().kind(), ErrorKind::failed);
  EXPECT_EQ(repo_.rev(name_), one_);
  must(repository_->set_branch(name_, two_, one_));
  EXPECT_EQ(repo_.rev(name_), two_);
}
TEST_F(Branch, IsNotMadeWhereItWasExpectedToBe) {
  const auto gone = repository_->set_branch(name_, two_, one_);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind(), ErrorKind::failed);
  EXPECT_EQ(must(repository_->branch(name_)), std::nullopt);
}
TEST_F(Branch, MovesAlsoWhereItIsPacked) {
  must(repository_->set_branch(name_, one_, std::nullopt));
  repo_.git({"pack-refs", "--all"});
  must(repository_->set_branch(name_, two_, one_));
  EXPECT_EQ(repo_.rev(name_), two_);
  repo_.git({"pack-refs", "--all"});
  must(repository_->delete_branch(name_));
  EXPECT_NE(repo_.try_git({"rev-parse", "--verify", name_}).code, 0);
}
TEST_F(Branch, IsNotTouchedWhileItIsCheckedOutAnywhere) {
  const auto here = repository_->set_branch("main", one_, two_);
  EXPECT_THAT(error_of(here), HasSubstr("the branch main is checked out"));
  repo_.git({"worktree", "add", "-q", "-b", name_, (repo_.home() / "linked").string()});
  EXPECT_THAT(error_of(repository_->set_branch(name_, one_, two_)), HasSubstr("is checked out"));
  EXPECT_THAT(error_of(repository_->delete_branch(name_)), HasSubstr("is checked out"));
  EXPECT_EQ(repo_.rev(name_), two_);
}
TEST_F(Branch, IsNotMadeUnderAnUnbornHead) {
  repo_.git({"checkout", "-q", "--orphan", name_});
  EXPECT_THAT(error_of(repository_->set_branch(name_, one_, std::nullopt)), HasSubstr("is checked out"));
}
TEST_F(Branch, GoesWithItsReflogAndLeavesTheConfigAlone) {
  repo_.git({"config", "branch." + name_ + ".description", "mine"});
  const auto before = snapshot(repo_.root());
  must(repository_->set_branch(name_, one_, std::nullopt));
  must(repository_->delete_branch(name_));
  must(repository_->delete_branch(name_));
  auto after = snapshot(repo_.root());
  std::erase_if(after, [](const auto& file) { return file.second == "/"; });
  auto files_before = before;
  std::erase_if(files_before, [](const auto& file) { return file.second == "/"; });
  EXPECT_EQ(after, files_before);
}
TEST_F(Branch, IsListedByPrefix) {
  for (const std::string name : {"oe/b/1", "oe/a/2", "oecd", "other"})
    must(repository_->set_branch(name, one_, std::nullopt));
  repo_.git({"pack-refs", "--all"});
  must(repository_->set_branch("oe/c", one_, std::nullopt));
  EXPECT_THAT(must(repository_->branches("oe/")), ElementsAre("oe/a/2", "oe/b/1", "oe/c"));
  EXPECT_THAT(must(repository_->branches("none/")), IsEmpty());
  EXPECT_THAT(must(repository_->branches("")), ElementsAre("main", "oe/a/2", "oe/b/1", "oe/c", "oecd", "other"));
}
TEST_F(Branch, MustHaveANameThatGitTakes) {
  for (const std::string name : {"", "a..b", "a b", "-x", "a.lock", "a/", "HEAD", "a~1", "@{x"}) {
    EXPECT_FALSE(repository_->set_branch(name, one_, std::nullopt)) << name;
  }
}
TEST_F(Branch, SaysThatABranchStandsInTheWay) {
  must(repository_->set_branch("oe", one_, std::nullopt));
  const auto blocked = repository_->set_branch(name_, one_, std::nullopt);
  ASSERT_FALSE(blocked);
  EXPECT_THAT(blocked.error().to_string(), HasSubstr("the branch oe stands in the way"));
}
TEST_F(Branch, IsNotChangedUnderTheLockOfAnother) {
  must(repository_->set_branch(name_, one_, std::nullopt));
  const std::filesystem::path lock = repo_.root() / ".git/refs/heads" / (name_ + ".lock");
  std::ofstream(lock) << "held";
  for (const auto& refused : {repository_->set_branch(name_, two_, one_), repository_->delete_branch(name_)}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::environment);
    EXPECT_THAT(refused.error().message(), HasSubstr("1a2b3c4d.lock"));
  }
  EXPECT_TRUE(std::filesystem::exists(lock));
  EXPECT_EQ(repo_.rev(name_), one_);
}
TEST_F(Branch, ALockThatAKilledProcessLeftDoesNotStandInTheWay) {
  const std::filesystem::path lock = repo_.root() / ".git/refs/heads" / (name_ + ".lock");
  const auto leave_lock = [&] {
    std::filesystem::create_directories(lock.parent_path());
    std::ofstream(lock) << "left";
    std::filesystem::last_write_time(lock, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(5));
  };
  leave_lock();
  must(repository_->set_branch(name_, one_, std::nullopt));
  EXPECT_EQ(repo_.rev(name_), one_);
  leave_lock();
  must(repository_->set_branch(name_, two_, one_));
  leave_lock();
  must(repository_->delete_branch(name_));
  EXPECT_EQ(must(repository_->branch(name_)), std::nullopt);
}

}  // namespace
}  // namespace oe::git
