#include <csignal>
#include <functional>
#include <gmock/gmock.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "oe/base/time.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// A repository with a proposal commit that no ref names.
class WorktreeTest : public ::testing::Test {
 protected:
  WorktreeTest() {
    repo_.write(".gitignore", ".openexpertise/\n");
    repo_.write("dir/f", "base\n");
    repo_.write("run.sh", "#!/bin/sh\n");
    fs::permissions(repo_.root() / "run.sh", fs::perms::owner_exec, fs::perm_options::add);
    fs::create_symlink("dir/f", repo_.root() / "link");
    const Oid base = repo_.commit("base");
    repository_ = open(repo_);
    const Oid tree = must(repository_->write_tree(base, {{.path = "dir/f", .bytes = "patched\n"}}));
    const Timestamp time = from_rfc3339("2026-05-06T07:08:09.000Z").value();
    commit_ = must(repository_->write_commit(tree, {base}, "patch", {"n", "m@x"}, time));
  }
  std::unique_ptr<Worktree> add(const std::string& name) {
    return must(repository_->add_worktree(directory_, name, commit_));
  }
  /// Everything that is the user's: the working tree and .git but for objects and worktrees.
  std::map<std::string, std::string> users_files() {
    std::map<std::string, std::string> files = snapshot(repo_.root());
    std::erase_if(files, [](const auto& file) {
      return file.first.starts_with(".git/objects/") || file.first.starts_with(".git/worktrees") ||
             file.first.starts_with(".openexpertise");
    });
    return files;
  }
  std::string worktrees_of_git() { return repo_.git({"worktree", "list", "--porcelain"}); }

  TempRepo repo_;
  fs::path directory_ = repo_.root() / ".openexpertise/worktrees";
  std::unique_ptr<Repository> repository_;
  Oid commit_;
};

/// Runs `work` in a child process that ends without destructors, as after kill -9.
void in_killed_process(const std::function<void()>& work) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    try {
      work();
    } catch (const std::exception&) {
      ::_exit(1);
    }
    ::kill(::getpid(), SIGKILL);
  }
  int end = 0;
  ASSERT_EQ(::waitpid(child, &end, 0), child);
  ASSERT_TRUE(WIFSIGNALED(end)) << "the work failed";
}

TEST_F(WorktreeTest, HoldsTheFilesOfTheCommit) {
  const auto worktree = add("t1");
  EXPECT_EQ(worktree->path(), directory_ / "t1");
  EXPECT_EQ(read_bytes(worktree->path() / "dir/f"), "patched\n");
  EXPECT_EQ(fs::read_symlink(worktree->path() / "link"), "dir/f");
  EXPECT_NE(fs::status(worktree->path() / "run.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_EQ(TempRepo::run(worktree->path(), {"status", "--porcelain"}), "");
  EXPECT_EQ(TempRepo::run(worktree->path(), {"rev-parse", "HEAD"}), commit_.text);
}
TEST_F(WorktreeTest, IsDetachedAndLockedForGit) {
  const auto worktree = add("t1");
  EXPECT_THAT(worktrees_of_git(), HasSubstr("worktree " + (directory_ / "t1").string() + "\nHEAD " + commit_.text +
                                            "\ndetached\nlocked a trial of oe evolve"));
  repo_.git({"gc", "-q", "--prune=now"});
  repo_.git({"worktree", "prune"});
  EXPECT_EQ(TempRepo::run(worktree->path(), {"fsck", "--strict"}), "");
}
TEST_F(WorktreeTest, LeavesTheUsersFilesByteForByte) {
  repo_.git({"stash", "list"});
  repo_.write("dir/f", "dirty\n");
  repo_.write("staged", "x");
  repo_.git({"add", "staged"});
  const auto before = users_files();
  {
    const auto worktree = add("t1");
    EXPECT_EQ(users_files(), before);
  }
  EXPECT_EQ(users_files(), before);
}
TEST_F(WorktreeTest, TakesItselfAway) {
  {
    const auto worktree = add("t1");
    write_bytes(worktree->path() / "made/by/a tool", "x");
    fs::create_directory_symlink(repo_.root() / "dir", worktree->path() / "outside");
  }
  EXPECT_FALSE(fs::exists(directory_ / "t1"));
  EXPECT_TRUE(fs::is_empty(repo_.root() / ".git/worktrees"));
  EXPECT_EQ(repo_.read("dir/f"), "base\n");
  EXPECT_THAT(worktrees_of_git(), ::testing::Not(HasSubstr("t1")));
}
TEST_F(WorktreeTest, GivesItsNameFree) {
  add("same");
  add("same");
  const auto held = add("same");
  EXPECT_THAT(error_of(repository_->add_worktree(directory_, "same", commit_)), HasSubstr("exists already"));
  EXPECT_TRUE(fs::exists(held->path() / "dir/f"));
}
TEST_F(WorktreeTest, NeverTakesOverADirectory) {
  write_bytes(directory_ / "mine/precious", "x");
  EXPECT_THAT(error_of(repository_->add_worktree(directory_, "mine", commit_)), HasSubstr("exists already"));
  EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), directory_)), 0U);
  EXPECT_EQ(read_bytes(directory_ / "mine/precious"), "x");
}
TEST_F(WorktreeTest, RefusesANameThatIsAPath) {
  for (const std::string name : {"", "..", ".git", "a/b", "/etc", "a b", "\u00e9"}) {
    EXPECT_THAT(error_of(repository_->add_worktree(directory_, name, commit_)), HasSubstr("cannot name a worktree"))
        << name;
  }
}
TEST_F(WorktreeTest, RefusesWhatIsNoCommitAndLeavesNothing) {
  EXPECT_FALSE(repository_->add_worktree(directory_, "t1", Oid{std::string(40, '1')}));
  EXPECT_FALSE(repository_->add_worktree(directory_, "t1", repo_.rev("HEAD:dir/f")));
  EXPECT_FALSE(fs::exists(directory_ / "t1"));
}
TEST_F(WorktreeTest, WorksFromALinkedWorktreeAndFromOneOfABareRepository) {
  const fs::path linked = repo_.home() / "linked";
  repo_.git({"worktree", "add", "-q", linked.string()});
  const fs::path bare = repo_.home() / "bare.git";
  repo_.git({"clone", "-q", "--bare", repo_.root().string(), bare.string()});
  const fs::path of_bare = repo_.home() / "of bare";
  TempRepo::run(bare, {"worktree", "add", "-q", of_bare.string(), "main"});
  for (const fs::path& root : {linked, of_bare}) {
    const Place place = must(find_place(root));
    const auto repository = must(open_repository(place));
    const auto worktree = must(repository->add_worktree(root / ".openexpertise/worktrees", "t1", *place.head));
    EXPECT_EQ(TempRepo::run(worktree->path(), {"status", "--porcelain"}), "") << root;
    EXPECT_EQ(must(find_place(worktree->path())).root, worktree->path());
  }
}
TEST_F(WorktreeTest, WorksInASubmodule) {
  repo_.git({"submodule", "add", "-q", repo_.root().string(), "sub"});
  const Place place = must(find_place(repo_.root() / "sub"));
  const auto repository = must(open_repository(place));
  const auto worktree = must(repository->add_worktree(place.root / ".openexpertise/worktrees", "t1", *place.head));
  EXPECT_EQ(TempRepo::run(worktree->path(), {"status", "--porcelain"}), "");
  EXPECT_EQ(must(find_place(worktree->path())).main_root, place.root);
}
TEST_F(WorktreeTest, HonoursLineEndingsOfTheUser) {
  repo_.git({"config", "core.autocrlf", "true"});
  const auto worktree = add("t1");
  EXPECT_EQ(read_bytes(worktree->path() / "dir/f"), "patched\r\n");
  EXPECT_EQ(TempRepo::run(worktree->path(), {"status", "--porcelain"}), "");
}

TEST_F(WorktreeTest, OfAKilledProcessIsCleanedUp) {
  const auto before = users_files();
  in_killed_process([&] { add("t1").release(); });
  EXPECT_EQ(users_files(), before);
  EXPECT_TRUE(fs::exists(directory_ / "t1/dir/f"));
  EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), directory_)), 1U);
  EXPECT_FALSE(fs::exists(directory_ / "t1"));
  EXPECT_TRUE(fs::is_empty(repo_.root() / ".git/worktrees"));
  EXPECT_EQ(users_files(), before);
  EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), directory_)), 0U);
}
TEST_F(WorktreeTest, InUseIsNoLeftover) {
  const auto worktree = add("t1");
  EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), directory_)), 0U);
  EXPECT_TRUE(fs::exists(worktree->path() / "dir/f"));
}
/// Each step of making and of taking away, with what a process killed after it leaves.
TEST_F(WorktreeTest, IsCleanedUpFromEveryIntermediateState) {
  const fs::path entry = repo_.root() / ".git/worktrees/oe-trial-t1";
  const fs::path tree = directory_ / "t1";
  const std::string gitdir = (tree / ".git").string() + "\n";
  const std::vector<std::function<void()>> steps = {
      [&] { fs::create_directories(entry); },
      [&] { write_bytes(entry / "locked", "a trial of oe evolve\n"); },
      [&] { write_bytes(entry / ".oe-1-0.tmp", "/cut"); },
      [&] { write_bytes(entry / "gitdir", gitdir); },
      [&] { fs::create_directories(tree); },
      [&] { write_bytes(tree / ".git", "gitdir: " + entry.string() + "\n"); },
      [&] { write_bytes(entry / "HEAD", commit_.text + "\n"); },
      [&] { write_bytes(entry / "commondir", "../..\n"); },
      [&] { write_bytes(tree / "dir/f", "half"); },
      [&] { write_bytes(entry / "index.lock", "DIRC"); },
      [&] { fs::remove(tree / ".git"); },
      [&] { fs::remove_all(tree); },
  };
  for (std::size_t last = 0; last < steps.size(); ++last) {
    for (std::size_t step = 0; step <= last; ++step) steps[step]();
    EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), directory_)), 1U) << "after step " << last;
    EXPECT_FALSE(fs::exists(tree)) << "after step " << last;
    EXPECT_FALSE(fs::exists(entry)) << "after step " << last;
    add("t1");
  }
}
TEST_F(WorktreeTest, IsCleanedUpWhenTheUserPrunedItsEntry) {
  in_killed_process([&] { add("t1").release(); });
  fs::remove_all(repo_.root() / ".git/worktrees");
  EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), directory_)), 1U);
  EXPECT_FALSE(fs::exists(directory_ / "t1"));
}
TEST_F(WorktreeTest, OfTheUserIsNeverCleanedUp) {
  repo_.git({"worktree", "add", "-q", "--lock", (directory_ / "users").string()});
  repo_.git({"worktree", "add", "-q", (repo_.home() / "oe-trial-users").string()});
  const std::string before = worktrees_of_git();
  EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), directory_)), 0U);
  EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), repo_.root())), 0U);
  EXPECT_EQ(worktrees_of_git(), before);
  EXPECT_TRUE(fs::exists(directory_ / "users/dir/f"));
}
/// A hostile repository may commit .openexpertise/worktrees as a symlink to somewhere precious.
TEST_F(WorktreeTest, DirectoryThatIsASymlinkGivesNothingAway) {
  write_bytes(repo_.home() / "precious/child/f", "x");
  fs::create_directories(directory_.parent_path());
  fs::create_directory_symlink(repo_.home() / "precious", directory_);
  EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), directory_)), 0U);
  EXPECT_EQ(read_bytes(repo_.home() / "precious/child/f"), "x");
}
TEST_F(WorktreeTest, DirectoryMayBeMissing) {
  EXPECT_EQ(must(remove_leftover_worktrees(repo_.place(), repo_.root() / "no/such")), 0U);
}
TEST_F(WorktreeTest, IsAddedByManyProcessesAtOnce) {
  constexpr int kProcesses = 6;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      bool all_worked = true;
      for (int round = 0; round < 5; ++round) {
        const auto mine = open_repository(repo_.place());
        const auto worktree = (*mine)->add_worktree(directory_, "p" + std::to_string(i), commit_);
        all_worked = all_worked && worktree && read_bytes((*worktree)->path() / "dir/f") == "patched\n";
        if (!worktree) std::fputs((worktree.error().to_string() + "\n").c_str(), stderr);
      }
      ::_exit(all_worked ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int end = 0;
    ASSERT_EQ(::waitpid(child, &end, 0), child);
    EXPECT_EQ(end, 0);
  }
  EXPECT_TRUE(fs::is_empty(directory_));
  EXPECT_TRUE(fs::is_empty(repo_.root() / ".git/worktrees"));
}

/// Permissions do not bind root, so it gives everything away and becomes somebody else for a while.
class WithoutRoot {
 public:
  explicit WithoutRoot(const fs::path& top) : is_root_(::geteuid() == 0) {
    if (!is_root_) return;
    EXPECT_EQ(::chown(top.c_str(), kNobody, kNobody), 0);
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      EXPECT_EQ(::lchown(entry.path().c_str(), kNobody, kNobody), 0);
    }
    EXPECT_EQ(::seteuid(kNobody), 0);
  }
  ~WithoutRoot() { EXPECT_TRUE(!is_root_ || ::seteuid(0) == 0); }

 private:
  static constexpr uid_t kNobody = 65534;
  bool is_root_;
};

TEST_F(WorktreeTest, TakesAwayWhatAToolMadeUnwritable) {
  auto worktree = add("t1");
  const fs::path closed = worktree->path() / "closed";
  write_bytes(closed / "deep/f", "x");
  {
    const WithoutRoot nobody(repo_.home());
    fs::permissions(closed / "deep", fs::perms::none);
    fs::permissions(closed, fs::perms::owner_read | fs::perms::owner_exec);
    worktree.reset();
  }
  EXPECT_FALSE(fs::exists(directory_ / "t1"));
  EXPECT_TRUE(fs::is_empty(repo_.root() / ".git/worktrees"));
}

}  // namespace
}  // namespace oe::git
