#include <algorithm>
#include <gmock/gmock.h>
#include <random>

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class WriteTree : public ::testing::Test {
 protected:
  Oid write(const Oid& base, const std::vector<FileChange>& changes) {
    return must(open(repo_)->write_tree(base, changes));
  }
  std::string refusal(const Oid& base, const FileChange& change) {
    return error_of(open(repo_)->write_tree(base, {change}));
  }
  /// The id of a blob; one call of git for each different content.
  std::string stored(const std::string& bytes) {
    std::string& id = stored_[bytes];
    if (id.empty()) id = std::string(trim(repo_.try_git({"hash-object", "-w", "--stdin"}, bytes).out));
    return id;
  }
  /// "mode path" of every file of a tree.
  std::string files(const Oid& tree) {
    return repo_.git({"ls-tree", "-r", "--format=%(objectmode) %(path)", tree.text});
  }

  TempRepo repo_;
  std::map<std::string, std::string> stored_;
};

TEST_F(WriteTree, AddsChangesAndTakesOutInOneGo) {
  repo_.write("dir/change", "old");
  repo_.write("dir/gone", "x");
  repo_.write("keep", "x");
  const Oid base = repo_.commit("one");
  const Oid tree = write(base, {{.path = "dir/change", .bytes = "new"},
                                {.path = "dir/gone", .bytes = std::nullopt},
                                {.path = "new/deep/f", .bytes = "", .mode = 0100755}});
  EXPECT_EQ(files(tree), "100644 dir/change\n100644 keep\n100755 new/deep/f");
  EXPECT_EQ(repo_.git({"cat-file", "blob", tree.text + ":dir/change"}), "new");
}
TEST_F(WriteTree, OfNoChangesIsTheSameTree) {
  repo_.write("f", "x");
  const Oid base = repo_.commit("one");
  EXPECT_EQ(write(base, {}), repo_.rev("HEAD^{tree}"));
}
TEST_F(WriteTree, LeavesNoEmptyDirectoryBehind) {
  repo_.write("a/b/c", "x");
  repo_.write("f", "x");
  const Oid base = repo_.commit("one");
  const Oid tree = write(base, {{.path = "a/b/c", .bytes = std::nullopt}});
  EXPECT_EQ(repo_.git({"ls-tree", "--name-only", tree.text}), "f");
}
TEST_F(WriteTree, StacksOnATreeThatNoCommitNames) {
  const Oid base = repo_.commit("one");
  const Oid first = write(base, {{.path = "a", .bytes = "1"}});
  EXPECT_EQ(files(write(first, {{.path = "b", .bytes = "2"}})), "100644 a\n100644 b");
}
TEST_F(WriteTree, GoesAroundWhatItMayNotReplace) {
  repo_.write("dir/f", "x");
  repo_.commit("one");
  fs::create_directory_symlink("dir", repo_.root() / "link");
  repo_.git({"submodule", "add", "-q", repo_.root().string(), "sub"});
  const Oid base = repo_.commit("two");
  EXPECT_THAT(refusal(base, {.path = "dir/f/x", .bytes = ""}), HasSubstr("'dir/f' is a file, not a directory"));
  EXPECT_THAT(refusal(base, {.path = "dir", .bytes = ""}), HasSubstr("it is a directory there"));
  EXPECT_THAT(refusal(base, {.path = "dir", .bytes = std::nullopt}), HasSubstr("it is a directory there"));
  EXPECT_THAT(refusal(base, {.path = "link", .bytes = ""}), HasSubstr("it is a symbolic link there"));
  EXPECT_THAT(refusal(base, {.path = "link/f", .bytes = ""}), HasSubstr("'link' is a symbolic link"));
  EXPECT_THAT(refusal(base, {.path = "sub", .bytes = ""}), HasSubstr("it is a submodule there"));
  EXPECT_THAT(refusal(base, {.path = "sub/deep/f", .bytes = ""}), HasSubstr("'sub' is a submodule"));
  EXPECT_THAT(refusal(base, {.path = "dir/none", .bytes = std::nullopt}), HasSubstr("no such file to take out"));
}
TEST_F(WriteTree, RefusesWithoutWritingAnything) {
  const Oid base = repo_.commit("one");
  const auto before = snapshot(repo_.root());
  EXPECT_FALSE(open(repo_)->write_tree(base, {{.path = "../x", .bytes = "1"}}));
  EXPECT_EQ(snapshot(repo_.root()), before);
}

/// git's own index, given the same changes, must come to the same tree.
TEST_F(WriteTree, AgreesWithGitOnRandomChanges) {
  std::mt19937 random(20260102);
  // Names whose order differs between files and directories: "a-b" < "a/" < "a0".
  const std::vector<std::string> names = {"a", "a-b", "a.b", "a0", "b", "ab"};
  const auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  for (int i = 0; i < 40; ++i) {
    repo_.write("d" + pick(names) + "/e" + pick(names) + "/f" + pick(names), std::to_string(i));
    repo_.write("d" + pick(names) + "/g" + pick(names), std::to_string(i));
  }
  const Oid base = repo_.commit("many");
  const std::vector<std::string> tracked = split(repo_.git({"ls-files"}), '\n');
  const auto repository = open(repo_);
  for (int round = 0; round < 25; ++round) {
    std::map<std::string, FileChange> changes;
    for (int i = 0; i < 6; ++i) {
      const std::string old = pick(tracked);
      if (random() % 2 == 0)
        changes[old] = {.path = old, .bytes = std::nullopt};
      else
        changes[old] = {.path = old, .bytes = std::to_string(random() % 7)};
      const std::string added = "d" + pick(names) + "/e" + pick(names) + "/h" + pick(names);
      changes[added] = {.path = added, .bytes = std::to_string(random() % 7)};
    }
    std::vector<FileChange> list;
    std::string index_info;
    for (const auto& [path, change] : changes) {
      list.push_back(change);
      index_info += change.bytes ? "100644 " + stored(*change.bytes) : "0 " + std::string(40, '0');
      index_info += "\t" + path + "\n";
    }
    repo_.git({"read-tree", base.text});
    EXPECT_EQ(repo_.try_git({"update-index", "--index-info"}, index_info).code, 0);
    std::ranges::shuffle(list, random);
    EXPECT_EQ(must(repository->write_tree(base, list)), Oid{repo_.git({"write-tree"})}) << "round " << round;
  }
}

}  // namespace
}  // namespace oe::git
