#include <gtest/gtest.h>

#include "oe/git/repository.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

/// The refusals are seen through write_tree(), the only door.
class TreePath : public ::testing::Test {
 protected:
  std::string refusal(const std::string& path) {
    return error_of(repository_->write_tree(head_, {{.path = path, .bytes = "x"}}));
  }

  TempRepo repo_;
  Oid head_ = repo_.commit("one");
  std::unique_ptr<Repository> repository_ = open(repo_);
};

TEST_F(TreePath, MayBeAnyOrdinaryName) {
  for (const std::string path : {"a", "a/b.txt", ".github/x", ".gitignore", ".gitattributes", "git", "a.git", ".gitx",
                                 "..a", "...", "d\u00edr/\u65e5\u672c", "with space/-dash", "GIT~2", "a:b"}) {
    EXPECT_EQ(refusal(path), "") << path;
  }
}
TEST_F(TreePath, MayNotLeaveTheTree) {
  for (const std::string path : {"", "/", "/etc/passwd", "../x", "a/../../x", "a/..", "./a", "a/./b", "a//b", "a/"}) {
    EXPECT_NE(refusal(path).find("cannot be a path in a tree"), std::string::npos) << path;
  }
}
TEST_F(TreePath, MayNotNameDotGitOnAnyFileSystem) {
  for (const std::string path : {".git", ".git/config", "a/.git/hooks/x", ".GIT/config", ".gIt", "git~1",
                                 "GIT~1/config", ".git ", ".git.", ".git . .", ".git::$INDEX_ALLOCATION/x",
                                 ".git:stream", ".g\u200cit/config", "\ufeff.git", ".git\u206f", "\u202e.g\u200eit"}) {
    EXPECT_NE(refusal(path).find("reaches into \".git\""), std::string::npos) << path;
  }
}
TEST_F(TreePath, MayNotHoldWhatBreaksATerminalOrWindows) {
  for (const std::string& path : {std::string("a\nb"), std::string("a\x1b[2J"), std::string("a\0b", 3),
                                  std::string("a\x7f"), std::string("a\\b"), std::string("..\\x")}) {
    EXPECT_NE(refusal(path).find("control character or a backslash"), std::string::npos) << path;
  }
  EXPECT_NE(refusal("caf\xe9").find("not valid UTF-8"), std::string::npos);
}
TEST_F(TreePath, MayNotBeLongerThanAFileSystemTakes) {
  EXPECT_EQ(refusal(std::string(255, 'x')), "");
  EXPECT_NE(refusal(std::string(256, 'x')).find("longer than 255"), std::string::npos);
  std::string deep;
  for (int i = 0; i < 2100; ++i) deep += "a/";
  EXPECT_NE(refusal(deep + "a").find("longer than 4096"), std::string::npos);
}

TEST_F(TreePath, MayBeNamedOnce) {
  const auto tree = repository_->write_tree(head_, {{.path = "a", .bytes = "1"}, {.path = "a", .bytes = "2"}});
  EXPECT_NE(error_of(tree).find("names it twice"), std::string::npos);
}
TEST_F(TreePath, MayNotLieBelowAFileOfTheSameChange) {
  const auto tree = repository_->write_tree(
      head_, {{.path = "a/b/c", .bytes = "1"}, {.path = "a-b", .bytes = ""}, {.path = "a", .bytes = "2"}});
  EXPECT_NE(error_of(tree).find("'a' is a file in the same change"), std::string::npos) << error_of(tree);
}
TEST_F(TreePath, TakesTheModesOfPlainFilesOnly) {
  for (const std::uint32_t mode : {0120000U, 0160000U, 0040000U, 0104755U, 0100664U, 0U}) {
    const auto tree = repository_->write_tree(head_, {{.path = "a", .bytes = "x", .mode = mode}});
    EXPECT_NE(error_of(tree).find("is not that of a plain file"), std::string::npos) << mode;
  }
}

}  // namespace
}  // namespace oe::git
