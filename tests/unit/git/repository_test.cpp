#include "oe/git/repository.hpp"

#include <gmock/gmock.h>

#include "oe/base/time.hpp"

#include "unit/git/git_tests.hpp"

/// libgit2 1.5 forgets a match of its own when it reads the extensions of a repository of format 1.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libpcre2-8\n";
}

namespace oe::git {
namespace {

using ::testing::ElementsAre;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

const Timestamp kWritten = from_rfc3339("2026-05-06T07:08:09.123Z").value();

TEST(OpenRepository, KnowsHeadAndBranch) {
  const TempRepo repo;
  const Oid one = repo.commit("one");
  const Head head = must(open(repo)->head());
  EXPECT_EQ(head.commit, one);
  EXPECT_EQ(head.branch, "main");
}
TEST(OpenRepository, KnowsAnUnbornBranch) {
  const TempRepo repo;
  const Head head = must(open(repo)->head());
  EXPECT_EQ(head.commit, std::nullopt);
  EXPECT_EQ(head.branch, "main");
}
TEST(OpenRepository, KnowsADetachedHead) {
  const TempRepo repo;
  const Oid one = repo.commit("one");
  repo.git({"checkout", "-q", "--detach"});
  const Head head = must(open(repo)->head());
  EXPECT_EQ(head.commit, one);
  EXPECT_EQ(head.branch, "");
}
TEST(OpenRepository, SeesTheHeadOfItsOwnLinkedWorktree) {
  const TempRepo repo;
  repo.commit("one");
  const fs::path linked = repo.home() / "linked";
  repo.git({"worktree", "add", "-q", "-b", "side/branch", linked.string()});
  TempRepo::run(linked, {"commit", "-q", "--allow-empty", "-m", "two"});
  const Place place = must(find_place(linked));
  const Head head = must(must(open_repository(place))->head());
  EXPECT_EQ(head.branch, "side/branch");
  EXPECT_EQ(head.commit, place.head);
}
TEST(OpenRepository, WorksInASubmodule) {
  const TempRepo repo;
  repo.write("f", "inside");
  repo.commit("one");
  repo.git({"submodule", "add", "-q", repo.root().string(), "sub"});
  const Place place = must(find_place(repo.root() / "sub"));
  EXPECT_EQ(must(must(open_repository(place))->read(*place.head, "f"))->bytes, "inside");
}
TEST(OpenRepository, TrustsWhatGitTrustedByAStar) {
  const TempRepo repo;
  repo.commit("one");
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  repo.git({"config", "--global", "--add", "safe.directory", "*"});
  for (const fs::path& path : {repo.root(), repo.root() / ".git"}) ASSERT_EQ(::chown(path.c_str(), 12345, 12345), 0);
  EXPECT_EQ(error_of(open_repository(repo.place())), "");
}
TEST(OpenRepository, LeavesToTheProgramWhatLibgit2CannotRead) {
  for (const std::vector<std::string>& kind :
       {std::vector<std::string>{"--object-format=sha256"}, {"-c", "extensions.worktreeConfig=true"}}) {
    const bool is_sha256 = kind.size() == 1;
    const TempRepo repo(is_sha256 ? kind : std::vector<std::string>());
    if (!is_sha256) repo.git({"config", "extensions.worktreeConfig", "true"});
    repo.write("a/f", "one");
    const Oid head = repo.commit("one");
    const auto repository = must(open_repository(repo.place()));
    EXPECT_EQ(must(repository->read(head, "a/f"))->bytes, "one");
    const Oid tree = must(repository->write_tree(head, {{.path = "a/g", .bytes = "two"}}));
    const Oid commit = must(repository->write_commit(tree, {head}, "m", {"n", "m@x"}, kWritten));
    must(repository->set_branch("oe/x", commit, std::nullopt));
    EXPECT_EQ(repo.git({"show", "oe/x:a/g"}), "two");
    EXPECT_EQ(repo.git({"fsck", "--strict"}), "");
    EXPECT_EQ(head.text.size(), is_sha256 ? 64U : 40U);
  }
}
TEST(OpenRepository, FetchesWhatAPartialCloneDoesNotHave) {
  const TempRepo whole;
  whole.write("f", "one");
  const Oid head = whole.commit("one");
  whole.git({"config", "uploadpack.allowFilter", "true"});
  const TempDirectory scratch;
  const std::string partial = (scratch.path() / "partial").string();
  whole.git({"clone", "-q", "--no-checkout", "--filter=blob:none", "file://" + whole.root().string(), partial});
  EXPECT_EQ(must(must(open_repository(must(find_place(partial))))->read(head, "f"))->bytes, "one");
}

/// A copy of this program, which has no module beside it, opens a repository of its own.
TEST(OpenRepository, FindsItsModuleWhereItIsInstalled) {
  const TempDirectory usr;
  const fs::path self = fs::read_symlink("/proc/self/exe");
  const fs::path copy = usr.path() / "bin/program";
  const fs::path module = usr.path() / "lib/oe/liboe-git.so";
  fs::create_directories(copy.parent_path());
  fs::create_directories(module.parent_path());
  fs::copy_file(self, copy);
  fs::create_symlink(self.parent_path() / "liboe-git.so", module);
  const sys::ProcessSpec spec{.argv = {copy.string(), "--gtest_filter=OpenRepository.KnowsHeadAndBranch"},
                              .directory = usr.path()};
  EXPECT_EQ(must(sys::run_process(spec)).code, 0);
  fs::remove(module);
  EXPECT_THAT(must(sys::run_process(spec)).out, HasSubstr("liboe-git.so is neither in "));
  write_bytes(module, "no library");
  EXPECT_THAT(must(sys::run_process(spec)).out, HasSubstr("cannot load " + module.string()));
}

TEST(RepositoryRead, GivesBytesModeAndId) {
  const TempRepo repo;
  const std::string bytes("\0\xff\r\n", 4);
  repo.write("d/\u00e9", bytes);
  repo.write("run", "#!/bin/sh\n");
  fs::permissions(repo.root() / "run", fs::perms::owner_exec, fs::perm_options::add);
  const Oid head = repo.commit("one");
  const auto repository = open(repo);
  const Blob blob = must(repository->read(head, "d/\u00e9")).value();
  EXPECT_EQ(blob.bytes, bytes);
  EXPECT_EQ(blob.mode, 0100644U);
  EXPECT_EQ(blob.id, repo.rev("HEAD:d/\u00e9"));
  EXPECT_EQ(must(repository->read(head, "run"))->mode, 0100755U);
}
TEST(RepositoryRead, GivesNothingForWhatIsNotThere) {
  const TempRepo repo;
  repo.write("f", "x");
  const Oid head = repo.commit("one");
  const auto repository = open(repo);
  for (const std::string& path :
       {std::string("g"), std::string("f/g"), std::string(), std::string("f\0g", 3), std::string("/f")}) {
    EXPECT_EQ(must(repository->read(head, path)).has_value(), false) << path;
  }
}
TEST(RepositoryRead, RefusesWhatIsNoRegularFile) {
  const TempRepo repo;
  repo.write("dir/f", "x");
  repo.commit("one");
  fs::create_symlink("dir/f", repo.root() / "link");
  repo.git({"submodule", "add", "-q", repo.root().string(), "sub"});
  const Oid head = repo.commit("two");
  const auto repository = open(repo);
  EXPECT_THAT(error_of(repository->read(head, "dir")), HasSubstr("'dir' is a directory"));
  EXPECT_THAT(error_of(repository->read(head, "link")), HasSubstr("'link' is a symbolic link"));
  EXPECT_THAT(error_of(repository->read(head, "sub")), HasSubstr("'sub' is a submodule"));
}
TEST(RepositoryRead, RefusesWhatIsNoCommit) {
  const TempRepo repo;
  repo.write("f", "x");
  repo.commit("one");
  const auto repository = open(repo);
  EXPECT_THAT(error_of(repository->read(Oid{"main"}, "f")), HasSubstr("'main' is no full object id"));
  EXPECT_THAT(error_of(repository->read(Oid{std::string(40, 'z')}, "f")), HasSubstr("no full object id"));
  EXPECT_THAT(error_of(repository->read(Oid{std::string(40, '1')}, "f")),
              AnyOf(HasSubstr("object not found"), HasSubstr("not a tree object")));
  EXPECT_FALSE(repository->read(repo.rev("HEAD:f"), "f"));
}

TEST(RepositoryList, MarksDirectories) {
  const TempRepo repo;
  repo.write("a/x/y", "");
  repo.write("a/z", "");
  repo.write("b", "");
  const Oid head = repo.commit("one");
  const auto repository = open(repo);
  EXPECT_THAT(must(repository->list(head, "")), ElementsAre("a/", "b"));
  EXPECT_THAT(must(repository->list(head, "a")), ElementsAre("x/", "z"));
  EXPECT_THAT(must(repository->list(head, "b")), IsEmpty());
  EXPECT_THAT(must(repository->list(head, "none/at/all")), IsEmpty());
}

TEST(WriteCommit, IsTheUsersAtTheGivenTime) {
  const TempRepo repo;
  const Oid head = repo.commit("one");
  const auto repository = open(repo);
  const Oid tree = must(repository->write_tree(head, {{.path = "f", .bytes = "x"}}));
  const std::string message = "Title\n\nBody \u00e9\n\nOe-Proposal: abc\nOe-Run: r-1\n";
  const Oid commit = must(repository->write_commit(tree, {head}, message, {"N\u00e4me", "m@x"}, kWritten));
  EXPECT_EQ(repo.git({"log", "-1", "--format=%an <%ae> %aI %cn <%ce> %cI %P %T", commit.text}),
            "N\u00e4me <m@x> 2026-05-06T07:08:09+00:00 N\u00e4me <m@x> 2026-05-06T07:08:09+00:00 " + head.text + " " +
                tree.text);
  EXPECT_EQ(repo.git({"log", "-1", "--format=%B", commit.text}), message);
  EXPECT_EQ(repo.git({"log", "-1", "--format=%(trailers:only)", commit.text}), "Oe-Proposal: abc\nOe-Run: r-1\n");
  EXPECT_EQ(repo.rev("HEAD"), head);
}
TEST(WriteCommit, RefusesAnIdentityThatGitWouldRefuse) {
  const TempRepo repo;
  const Oid head = repo.commit("one");
  const auto repository = open(repo);
  EXPECT_FALSE(repository->write_commit(repo.rev("HEAD^{tree}"), {head}, "m", {"", "m@x"}, kWritten));
}
TEST(WriteCommit, RefusesAParentThatIsNoCommit) {
  const TempRepo repo;
  const Oid head = repo.commit("one");
  const Oid tree = repo.rev("HEAD^{tree}");
  EXPECT_FALSE(open(repo)->write_commit(tree, {tree}, "m", {"n", "m@x"}, kWritten));
  EXPECT_FALSE(open(repo)->write_commit(Oid{"nonsense"}, {head}, "m", {"n", "m@x"}, kWritten));
}

TEST(WriteCommit, MayHaveNoParentOrTwo) {
  const TempRepo repo;
  const Oid one = repo.commit("one");
  const Oid two = repo.commit("two");
  const auto repository = open(repo);
  const Oid tree = must(repository->write_tree({}, {{.path = "a/f", .bytes = "x"}}));
  EXPECT_EQ(repo.git({"ls-tree", "-r", "--name-only", tree.text}), "a/f");
  const Oid root = must(repository->write_commit(tree, {}, "m", {"n", "m@x"}, kWritten));
  EXPECT_EQ(repo.git({"rev-list", "--parents", root.text}), root.text);
  const Oid merge = must(repository->write_commit(tree, {two, root}, "m", {"n", "m@x"}, kWritten));
  EXPECT_EQ(repo.git({"rev-list", "--parents", "-1", merge.text}), merge.text + " " + two.text + " " + root.text);
}
TEST(ReadCommit, SaysWhatWasWritten) {
  const TempRepo repo;
  const Oid head = repo.commit("one");
  const auto repository = open(repo);
  const Oid tree = must(repository->write_tree(head, {{.path = "f", .bytes = "x"}}));
  const Oid id = must(repository->write_commit(tree, {head}, "T\n\nOe-Base: x\n", {"n", "m@x"}, kWritten));
  const Commit expected{tree, {head}, "T\n\nOe-Base: x\n", {"n", "m@x"}, std::chrono::floor<std::chrono::seconds>(kWritten)};
  EXPECT_EQ(must(repository->commit(id)), expected);
  EXPECT_FALSE(repository->commit(tree));
}

}  // namespace
}  // namespace oe::git
