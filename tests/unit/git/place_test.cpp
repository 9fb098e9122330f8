#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

using ::testing::Test;
namespace fs = std::filesystem;

TEST(FindPlace, SeesAnOrdinaryRepositoryFromASubdirectory) {
  const TempRepo repo;
  repo.write("a/b/c.txt", "c");
  const Oid head = repo.commit("one");
  const Place place = must(find_place(repo.root() / "a/b"));
  EXPECT_EQ(place.root, repo.root());
  EXPECT_EQ(place.main_root, repo.root());
  EXPECT_EQ(place.git_dir, repo.root() / ".git");
  EXPECT_EQ(place.common_dir, repo.root() / ".git");
  EXPECT_EQ(place.head, head);
}
TEST(FindPlace, HasNoHeadOnAnUnbornBranch) {
  const TempRepo repo;
  repo.write("HEAD", "a file that could be taken for the revision");
  EXPECT_EQ(repo.place().head, std::nullopt);
}
TEST(FindPlace, HasTheCommitOfADetachedHead) {
  const TempRepo repo;
  const Oid first = repo.commit("one");
  repo.commit("two");
  repo.git({"checkout", "-q", first.text});
  EXPECT_EQ(repo.place().head, first);
}
TEST(FindPlace, KnowsTheMainRootFromALinkedWorktree) {
  const TempRepo repo;
  repo.commit("one");
  const fs::path linked = repo.home() / "linked w\u00f6rk";
  repo.git({"worktree", "add", "-q", "--detach", linked.string()});
  const Place place = must(find_place(linked));
  EXPECT_EQ(place.root, linked);
  EXPECT_EQ(place.main_root, repo.root());
  EXPECT_EQ(place.common_dir, repo.root() / ".git");
  EXPECT_NE(place.git_dir, place.common_dir);
}
TEST(FindPlace, StaysInTheWorktreeOfABareRepository) {
  const TempRepo repo;
  repo.commit("one");
  const fs::path bare = repo.home() / "bare.git";
  const fs::path linked = repo.home() / "linked";
  repo.git({"clone", "-q", "--bare", repo.root().string(), bare.string()});
  TempRepo::run(bare, {"worktree", "add", "-q", linked.string()});
  EXPECT_EQ(must(find_place(linked)).main_root, linked);
}
TEST(FindPlace, StaysInTheWorktreeWhenTheBareRepositoryIsCalledDotGit) {
  const TempRepo repo;
  repo.commit("one");
  const fs::path bare = repo.home() / "project/.git";
  repo.git({"clone", "-q", "--bare", repo.root().string(), bare.string()});
  const fs::path linked = repo.home() / "project/main";
  TempRepo::run(bare, {"worktree", "add", "-q", linked.string(), "main"});
  EXPECT_EQ(must(find_place(linked)).main_root, linked);
}
TEST(FindPlace, TakesASubmoduleForARepositoryOfItsOwn) {
  const TempRepo repo;
  repo.commit("one");
  repo.git({"submodule", "add", "-q", repo.root().string(), "sub"});
  const Place place = must(find_place(repo.root() / "sub"));
  EXPECT_EQ(place.root, repo.root() / "sub");
  EXPECT_EQ(place.main_root, repo.root() / "sub");
}
TEST(FindPlace, LeadsFromAWorktreeOfASubmoduleToTheSubmodule) {
  const TempRepo repo;
  repo.commit("one");
  repo.git({"submodule", "add", "-q", repo.root().string(), "sub"});
  const fs::path linked = repo.home() / "linked";
  TempRepo::run(repo.root() / "sub", {"worktree", "add", "-q", linked.string()});
  EXPECT_EQ(must(find_place(linked)).main_root, repo.root() / "sub");
}
TEST(FindPlace, FindsASeparateGitDirectory) {
  const TempRepo repo;
  const fs::path apart = repo.home() / "apart";
  repo.git({"init", "-q", "--separate-git-dir", (repo.home() / "store").string(), apart.string()});
  const Place place = must(find_place(apart));
  EXPECT_EQ(place.main_root, apart);
  EXPECT_EQ(place.git_dir, repo.home() / "store");
}
TEST(FindPlace, ObeysGitDirAndGitWorkTree) {
  const TempRepo repo;
  const Oid head = repo.commit("one");
  const fs::path elsewhere = repo.home() / "elsewhere";
  fs::create_directory(elsewhere);
  const ScopedEnvironment git_dir("GIT_DIR", (repo.root() / ".git").string());
  const ScopedEnvironment work_tree("GIT_WORK_TREE", elsewhere.string());
  const Place place = must(find_place(elsewhere));
  EXPECT_EQ(place.root, elsewhere);
  EXPECT_EQ(place.head, head);
}

TEST(FindPlace, TellsHowToMakeARepositoryWhereThereIsNone) {
  const TempRepo repo;
  const auto place = find_place(repo.home());
  ASSERT_FALSE(place);
  EXPECT_EQ(place.error().kind(), ErrorKind::environment);
  EXPECT_EQ(place.error().message(), repo.home().string() + " is not in a git repository");
  EXPECT_EQ(place.error().hint(), "make it one: git init '" + repo.home().string() + "'");
}
TEST(FindPlace, RefusesABareRepository) {
  const TempRepo repo;
  const fs::path bare = repo.home() / "bare.git";
  repo.git({"init", "-q", "--bare", bare.string()});
  const std::string error = error_of(find_place(bare));
  EXPECT_NE(error.find("is a bare repository"), std::string::npos) << error;
  EXPECT_NE(error.find("git worktree add"), std::string::npos) << error;
}
TEST(FindPlace, RefusesTheInsideOfDotGit) {
  const TempRepo repo;
  const std::string error = error_of(find_place(repo.root() / ".git/refs"));
  EXPECT_NE(error.find("is inside a .git directory"), std::string::npos) << error;
}
TEST(FindPlace, GivesTheLineThatTrustsAForeignRepository) {
  const TempRepo repo;
  const ScopedEnvironment foreign("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
  const auto place = find_place(repo.root());
  ASSERT_FALSE(place);
  EXPECT_NE(place.error().message().find("belongs to somebody else"), std::string::npos);
  EXPECT_NE(place.error().hint().find("git config --global --add safe.directory '" + repo.root().string()),
            std::string::npos)
      << place.error().hint();
}
TEST(FindPlace, TrustsWhatGitTrusts) {
  const TempRepo repo;
  repo.git({"config", "--global", "--add", "safe.directory", "*"});
  const ScopedEnvironment foreign("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
  EXPECT_EQ(repo.place().root, repo.root());
}
TEST(FindPlace, TellsAMissingDirectoryFromAFile) {
  const TempRepo repo;
  repo.write("file", "");
  EXPECT_NE(error_of(find_place(repo.root() / "nowhere")).find("nowhere does not exist"), std::string::npos);
  EXPECT_NE(error_of(find_place(repo.root() / "file")).find("file is not a directory"), std::string::npos);
}
TEST(FindPlace, RefusesAPathWithALineBreak) {
  const TempRepo repo;
  repo.git({"init", "-q", "two\nlines"});
  const std::string error = error_of(find_place(repo.root() / "two\nlines"));
  EXPECT_NE(error.find("has a line break"), std::string::npos) << error;
}
TEST(FindPlace, SaysThatGitIsMissing) {
  const TempRepo repo;
  const ScopedEnvironment path("PATH", repo.home().string());
  const auto place = find_place(repo.root());
  ASSERT_FALSE(place);
  EXPECT_EQ(place.error().kind(), ErrorKind::environment);
  EXPECT_EQ(place.error().hint(), "install it: apt-get install git");
}
TEST(FindPlace, QuotesGitWhereTheReasonIsAnother) {
  const TempRepo repo;
  repo.git({"config", "core.repositoryFormatVersion", "99"});
  const std::string error = error_of(find_place(repo.root()));
  EXPECT_NE(error.find("99"), std::string::npos) << error;
}

}  // namespace
}  // namespace oe::git
