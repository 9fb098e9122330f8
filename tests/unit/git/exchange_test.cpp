#include <fmt/format.h>
#include <gmock/gmock.h>

#include "oe/git/exchange.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

using ::testing::HasSubstr;

class Exchange : public ::testing::Test {
 protected:
  Exchange() {
    repo_.git({"init", "-q", "--bare", remote_.path().string()});
    repo_.git({"remote", "add", "origin", remote_.path().string()});
    must(repository_->set_ref(kRef, one_, std::nullopt));
  }
  std::string at_remote(const std::string& ref) {
    return repo_.git({"--git-dir", remote_.path().string(), "for-each-ref", "--format=%(objectname)", ref});
  }

  static constexpr const char* kRef = "refs/oe/decisions";
  const std::vector<std::string> kBoth{"refs/oe/decisions:refs/oe/decisions"};
  TempRepo repo_;
  TempDirectory remote_;
  Oid one_ = repo_.commit("one");
  Oid two_ = repo_.commit("two");
  std::unique_ptr<Repository> repository_ = open(repo_);
};

TEST_F(Exchange, FindsTheRemote) {
  EXPECT_EQ(must(find_remote(repo_.place(), "")), "origin");
  EXPECT_EQ(must(find_remote(repo_.place(), "origin")), "origin");
  EXPECT_THAT(error_of(find_remote(repo_.place(), "up")), HasSubstr("there are: origin"));
  repo_.git({"remote", "rename", "origin", "only"});
  EXPECT_EQ(must(find_remote(repo_.place(), "")), "only");
  repo_.git({"remote", "remove", "only"});
  EXPECT_THAT(error_of(find_remote(repo_.place(), "")), HasSubstr("git remote add origin"));
}

TEST_F(Exchange, PushesWithoutForce) {
  EXPECT_TRUE(must(push_refs(repo_.place(), "origin", kBoth)));
  EXPECT_EQ(at_remote(kRef), one_.text);
  must(repository_->set_ref(kRef, two_, one_));
  EXPECT_TRUE(must(push_refs(repo_.place(), "origin", kBoth)));
  must(repository_->set_ref(kRef, one_, two_));
  EXPECT_FALSE(must(push_refs(repo_.place(), "origin", kBoth))) << "the remote has more";
  EXPECT_EQ(at_remote(kRef), two_.text);
}

TEST_F(Exchange, FetchesWhatAPatternMatchesOrNothing) {
  must(fetch_refs(repo_.place(), "origin", {"+refs/oe/decisions*:refs/oe/remotes/origin/decisions*"}));
  EXPECT_EQ(must(repository_->ref("refs/oe/remotes/origin/decisions")), std::nullopt);
  must(push_refs(repo_.place(), "origin", kBoth));
  must(fetch_refs(repo_.place(), "origin", {"+refs/oe/decisions*:refs/oe/remotes/origin/decisions*"}));
  EXPECT_EQ(must(repository_->ref("refs/oe/remotes/origin/decisions")), one_);
  EXPECT_FALSE(std::filesystem::exists(repo_.root() / ".git" / "FETCH_HEAD"));
}

TEST_F(Exchange, SaysWhatGitSaidOfARemoteThatIsNotThere) {
  repo_.git({"remote", "set-url", "origin", (remote_.path() / "gone").string()});
  EXPECT_THAT(error_of(fetch_refs(repo_.place(), "origin", {"refs/oe/*:refs/oe/x/*"})), HasSubstr("fetching from origin"));
  EXPECT_THAT(error_of(push_refs(repo_.place(), "origin", kBoth)), HasSubstr("pushing to origin"));
}

TEST_F(Exchange, ImportsManyFilesAsOnePack) {
  std::string stream = "commit refs/oe/runs/2026-11\ncommitter N <m@x> 0 +0000\ndata 1\nm\n";
  for (int i = 0; i < 60; ++i)
    stream += fmt::format("M 100644 inline r-{0}.jsonl\ndata 3\n{0:02}\n\n", i);
  const std::string loose = repo_.git({"count-objects"});
  must(import_stream(repo_.place(), stream));
  EXPECT_EQ(repo_.git({"show", "refs/oe/runs/2026-11:r-59.jsonl"}), "59");
  EXPECT_EQ(repo_.git({"count-objects"}), loose);
  EXPECT_THAT(error_of(import_stream(repo_.place(), "nonsense\n")), HasSubstr("writing objects"));
}

}  // namespace
}  // namespace oe::git
