#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

TEST(HeadBytes, AreTheBytesOfTheCommitNotOfTheFile) {
  const TempRepo repo;
  const std::string bytes("\0\xff\r\nno end", 10);
  repo.write("d\u00edr with space/\u65e5 file", bytes);
  repo.commit("one");
  repo.write("d\u00edr with space/\u65e5 file", "changed since");
  EXPECT_EQ(must(head_bytes(repo.place(), "d\u00edr with space/\u65e5 file")), bytes);
}
TEST(HeadBytes, TellAnEmptyFileFromNone) {
  const TempRepo repo;
  repo.write("empty", "");
  repo.commit("one");
  EXPECT_EQ(must(head_bytes(repo.place(), "empty")), "");
  EXPECT_EQ(must(head_bytes(repo.place(), "none")), std::nullopt);
  EXPECT_EQ(must(head_bytes(repo.place(), "x blob 3")), std::nullopt);
}
TEST(HeadBytes, AreNothingForADirectory) {
  const TempRepo repo;
  repo.write("d/f", "");
  repo.commit("one");
  EXPECT_EQ(must(head_bytes(repo.place(), "d")), std::nullopt);
}
TEST(HeadBytes, AreNothingOnAnUnbornBranch) {
  const TempRepo repo;
  repo.write("f", "x");
  EXPECT_EQ(must(head_bytes(repo.place(), "f")), std::nullopt);
}
TEST(HeadBytes, RefuseAPathThatWouldBeTwoRequests) {
  const TempRepo repo;
  EXPECT_NE(error_of(head_bytes(repo.place(), "a\nHEAD:b")).find("has a line break"), std::string::npos);
}

TEST(Status, IsEmptyForCleanPathsOnly) {
  const TempRepo repo;
  repo.write("a", "1");
  repo.write("b", "1");
  repo.commit("one");
  repo.write("b", "2");
  EXPECT_EQ(must(status(repo.place(), {"a"})), "");
  EXPECT_EQ(must(status(repo.place(), {"a", "b"})), " M b");
  EXPECT_EQ(must(status(repo.place(), {})), "");
}
TEST(Status, SeesStagedUntrackedAndIgnoredFiles) {
  const TempRepo repo;
  repo.write(".gitignore", "ignored\n");
  repo.commit("one");
  repo.git({"config", "status.showUntrackedFiles", "no"});
  repo.write("ignored", "precious");
  repo.write("n\u00e9w dir/f", "");
  repo.write("staged", "");
  repo.git({"add", "staged"});
  EXPECT_EQ(must(status(repo.place(), {"ignored", "n\u00e9w dir/f", "staged"})),
            "A  staged\n?? n\u00e9w dir/f\n!! ignored");
}
TEST(Status, WritesARenameOnOneLine) {
  const TempRepo repo;
  repo.write("old", "some longer content\n");
  repo.commit("one");
  repo.git({"mv", "old", "new"});
  EXPECT_EQ(must(status(repo.place(), {"old", "new"})), "R  new <- old");
}
TEST(Status, TakesPathsLiterally) {
  const TempRepo repo;
  repo.commit("one");
  repo.write("afile", "");
  EXPECT_EQ(must(status(repo.place(), {"a*"})), "");
  EXPECT_EQ(must(status(repo.place(), {":(top)afile"})), "");
}
TEST(Status, LeavesTheIndexFileAlone) {
  const TempRepo repo;
  repo.write("a", "1");
  repo.commit("one");
  std::filesystem::last_write_time(repo.root() / "a", std::filesystem::file_time_type::clock::now());
  const std::string before = repo.read(".git/index");
  EXPECT_EQ(must(status(repo.place(), {"a"})), "");
  EXPECT_EQ(repo.read(".git/index"), before);
}

TEST(UserIdentity, IsTheConfiguredOne) {
  const TempRepo repo;
  const Identity identity = must(user_identity(repo.place()));
  EXPECT_EQ(identity.name, "T\u00e9st User");
  EXPECT_EQ(identity.email, "test@example.com");
}
TEST(UserIdentity, ObeysTheEnvironmentFirst) {
  const TempRepo repo;
  const ScopedEnvironment name("GIT_AUTHOR_NAME", "Some Body Else");
  EXPECT_EQ(must(user_identity(repo.place())).name, "Some Body Else");
}
TEST(UserIdentity, GivesTheTwoLinesToTypeWhereThereIsNone) {
  const TempRepo repo;
  write_bytes(repo.home() / ".gitconfig", "[user]\n\tuseConfigOnly = true\n");
  const auto identity = user_identity(repo.place());
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind(), ErrorKind::environment);
  EXPECT_NE(identity.error().hint().find("git config --global user.name"), std::string::npos);
  EXPECT_NE(identity.error().hint().find("git config --global user.email"), std::string::npos);
}
TEST(UserIdentity, RefusesAnEmptyName) {
  const TempRepo repo;
  const ScopedEnvironment name("GIT_AUTHOR_NAME", "");
  EXPECT_FALSE(user_identity(repo.place()));
}

}  // namespace
}  // namespace oe::git
