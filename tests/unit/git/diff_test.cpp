#include <gmock/gmock.h>

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

using ::testing::HasSubstr;

/// Every diff is held against git itself: `git apply --index` must come from one tree to the other.
class Diff : public ::testing::Test {
 protected:
  std::string between(const Oid& before, const Oid& after) { return must(open(repo_)->diff(before, after)); }
  std::string applied(const Oid& base, const std::vector<FileChange>& changes) {
    const Oid tree = must(open(repo_)->write_tree(base, changes));
    const std::string diff = between(base, tree);
    repo_.git({"read-tree", base.text});
    const sys::ProcessExit exit = repo_.try_git({"apply", "--cached"}, diff);
    EXPECT_EQ(exit.code, 0) << exit.err << diff;
    EXPECT_EQ(Oid{repo_.git({"write-tree"})}, tree) << diff;
    return diff;
  }

  TempRepo repo_;
};

TEST_F(Diff, IsTheTextThatGitPrints) {
  repo_.write("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  repo_.write("n\u00e9w\"q\"", "a\n");
  repo_.write("gone", "x\n");
  const Oid before = repo_.commit("one");
  repo_.write("f", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n");
  repo_.write("n\u00e9w\"q\"", "b");
  repo_.write("made/here", "y\n");
  repo_.git({"rm", "-q", "gone"});
  const Oid after = repo_.commit("two");
  EXPECT_EQ(between(before, after), repo_.git({"diff", before.text, after.text}) + "\n");
}
TEST_F(Diff, OfEqualTreesIsEmpty) {
  const Oid head = repo_.commit("one");
  EXPECT_EQ(between(head, head), "");
}
TEST_F(Diff, CarriesCreationAndRemovalOfAnEmptyFile) {
  repo_.write("gone", "");
  const Oid base = repo_.commit("one");
  const std::string diff = applied(base, {{.path = "gone", .bytes = std::nullopt}, {.path = "made", .bytes = ""}});
  EXPECT_THAT(diff, HasSubstr("new file mode 100644\nindex 0000000..e69de29"));
}
TEST_F(Diff, CarriesACreatedScript) {
  const Oid base = repo_.commit("one");
  const std::string diff = applied(base, {{.path = "tools/x.sh", .bytes = "#!/bin/sh\n", .mode = 0100755}});
  EXPECT_THAT(diff, HasSubstr("diff --git a/tools/x.sh b/tools/x.sh\nnew file mode 100755\n"));
}
TEST_F(Diff, KeepsAMissingLastLineBreak) {
  repo_.write("f", "a\nb");
  const Oid base = repo_.commit("one");
  EXPECT_THAT(applied(base, {{.path = "f", .bytes = "a\nc"}}), HasSubstr("\\ No newline at end of file"));
  applied(base, {{.path = "f", .bytes = "a\nb\n"}});
}
TEST_F(Diff, KeepsCarriageReturns) {
  repo_.write("f", "a: 1\r\nb: 2\r\n");
  const Oid base = repo_.commit("one");
  EXPECT_THAT(applied(base, {{.path = "f", .bytes = "a: 1\r\nb: 3\r\n"}}), HasSubstr("-b: 2\r\n+b: 3\r\n"));
}
TEST_F(Diff, QuotesNamesAsGitDoes) {
  const Oid base = repo_.commit("one");
  const std::string diff =
      applied(base, {{.path = "d\u00edr x/\u65e5\"q", .bytes = "x\n"}, {.path = "a b", .bytes = "y\n"}});
  EXPECT_THAT(diff, HasSubstr("\"b/d\\303\\255r x/\\346\\227\\245\\\"q\""));
}
TEST_F(Diff, CarriesBinaryFiles) {
  repo_.write("bin", std::string("\0\1\2", 3));
  const Oid base = repo_.commit("one");
  EXPECT_THAT(applied(base, {{.path = "bin", .bytes = std::string("\0\1\2\3\0", 5)}}), HasSubstr("GIT binary patch"));
}
TEST_F(Diff, DoesNotObeyTheUsersConfiguration) {
  repo_.write("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  const Oid base = repo_.commit("one");
  const std::string plain = applied(base, {{.path = "f", .bytes = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"}});
  repo_.git({"config", "diff.noprefix", "true"});
  repo_.git({"config", "diff.context", "0"});
  repo_.git({"config", "diff.mnemonicPrefix", "true"});
  repo_.git({"config", "core.abbrev", "20"});
  EXPECT_EQ(applied(base, {{.path = "f", .bytes = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"}}), plain);
}

}  // namespace
}  // namespace oe::git
