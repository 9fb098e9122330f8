#include <gmock/gmock.h>

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Ref : public ::testing::Test {
 protected:
  TempRepo repo_;
  Oid one_ = repo_.commit("one");
  Oid two_ = repo_.commit("two");
  std::unique_ptr<Repository> repository_ = open(repo_);
  const std::string name_ = "refs/oe/evidence/1a2b3c4d";
};

TEST_F(Ref, MovesOnlyFromWhereItIsExpected) {
  EXPECT_EQ(must(repository_->ref(name_)), std::nullopt);
  must(repository_->set_ref(name_, one_, std::nullopt));
  EXPECT_EQ(repo_.rev(name_), one_);
  EXPECT_FALSE(repository_->set_ref(name_, two_, std::nullopt));
  const auto stale = repository_->set_ref(name_, two_, two_);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().kind(), ErrorKind::failed);
  EXPECT_THAT(stale.error().to_string(), HasSubstr(name_ + " is no longer at"));
  must(repository_->set_ref(name_, two_, one_));
  EXPECT_EQ(must(repository_->ref(name_)), two_);
  must(repository_->delete_ref(name_));
  must(repository_->delete_ref(name_));
  EXPECT_EQ(must(repository_->ref(name_)), std::nullopt);
}

TEST_F(Ref, IsOneOfOurs) {
  EXPECT_FALSE(repository_->set_ref("refs/heads/main", one_, two_));
  EXPECT_FALSE(repository_->set_ref("HEAD", one_, two_));
  EXPECT_FALSE(repository_->set_ref("refs/oe/../heads/main", one_, two_));
  EXPECT_FALSE(repository_->delete_ref("refs/heads/main"));
  EXPECT_FALSE(repository_->ref("refs/tags/v1"));
  EXPECT_EQ(repo_.rev("refs/heads/main"), two_);
}

TEST_F(Ref, IsListedByItsStart) {
  for (const char* name : {"refs/oe/runs/2026-11", "refs/oe/runs/2026-10", "refs/oe/decisions", "refs/notes/oe"})
    must(repository_->set_ref(name, one_, std::nullopt));
  EXPECT_THAT(must(repository_->refs("refs/oe/runs/")), ElementsAre("refs/oe/runs/2026-10", "refs/oe/runs/2026-11"));
}

}  // namespace
}  // namespace oe::git
