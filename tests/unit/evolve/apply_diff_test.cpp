#include "evolve/apply_diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "unit/git/git_tests.hpp"

namespace oe::evolve::test {
namespace {

using git::error_of;
using git::must;
using ::testing::HasSubstr;

const std::map<std::string, std::string> kFiles = {{"a.txt", "one\ntwo\nthree\n\ntwo\nlast"}, {"crlf", "x\r\ny\r\n"}};

Result<std::vector<git::FileChange>> applied(std::string_view diff) {
  return apply_diff(diff, [](const std::string& path) -> Result<std::optional<std::string>> {
    const auto found = kFiles.find(path);
    return found == kFiles.end() ? std::nullopt : std::optional(found->second);
  });
}
std::string text_after(std::string_view diff) {
  const auto changes = must(applied(diff));
  return changes.size() == 1 ? changes.front().bytes.value_or("") : "several files";
}
std::string of_a(const std::string& hunks) {
  return "--- a/a.txt\n+++ b/a.txt\n" + hunks;
}

TEST(ApplyDiff, FindsTheOldLinesWhereverTheyAre) {
  EXPECT_EQ(text_after(of_a("@@ -77,2 +99,3 @@ nonsense\n one\n-two\n+2\n+zwei\n three\n")),
            "one\n2\nzwei\nthree\n\ntwo\nlast");
  EXPECT_EQ(text_after("diff --git a/a.txt b/a.txt\nindex 1..2\n" + of_a("@@\n three\n\n-two\n+2\n")),
            "one\ntwo\nthree\n\n2\nlast")
      << "an empty line without its blank is context";
}
TEST(ApplyDiff, AppliesHunksInAnyOrder) {
  EXPECT_EQ(text_after(of_a("@@\n-last\n+end\n@@\n-one\n+1\n")), "1\ntwo\nthree\n\ntwo\nend");
}
TEST(ApplyDiff, KeepsLineEndsAndAMissingLastOne) {
  EXPECT_EQ(text_after("--- crlf\n+++ crlf\n@@\n x\n-y\n+z\n"), "x\r\nz\r\n");
  EXPECT_EQ(text_after(of_a("@@\n-last\n\\ No newline at end of file\n+end\n")), "one\ntwo\nthree\n\ntwo\nend");
}
TEST(ApplyDiff, MakesFiles) {
  const auto changes =
      must(applied("--- /dev/null\n+++ b/new/x.md\n@@ -0,0 +1,2 @@\n+a\n+b\n" + of_a("@@\n-one\n+1\n")));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].path, "new/x.md");
  EXPECT_EQ(changes[0].bytes, "a\nb\n");
  EXPECT_EQ(changes[1].path, "a.txt");
}
TEST(ApplyDiff, TakesTheFencesOfAModelAway) {
  EXPECT_EQ(text_after("```diff\n" + of_a("@@\n-one\n+1\n```\n")), "1\ntwo\nthree\n\ntwo\nlast");
}
TEST(ApplyDiff, RefusesWhatIsNotExactlyOnceThere) {
  const std::string twice = error_of(applied(of_a("@@ -2 +2 @@\n-two\n+2\n")));
  EXPECT_THAT(twice,
              HasSubstr("a.txt: the old lines of this hunk are in the file more than once:\n@@ -2 +2 @@\n-two\n+2"));
  EXPECT_THAT(error_of(applied(of_a("@@\n-four\n+4\n"))), HasSubstr("are not in the file"));
  EXPECT_THAT(error_of(applied(of_a("@@\n- one\n+1\n"))), HasSubstr("are not in the file")) << "blanks count";
  EXPECT_THAT(error_of(applied(of_a("@@\n+1\n"))), HasSubstr("nobody knows where"));
  EXPECT_THAT(error_of(applied(of_a("@@\n one\n-two\n@@\n one\n+x\n"))), HasSubstr("overlaps"));
}
TEST(ApplyDiff, RefusesWhatIsNoDiffOrDoesMore) {
  for (const char* text : {"", "just do it", "--- a/a.txt\n+++ b/a.txt\n", "@@\n-one\n+1\n"})
    EXPECT_THAT(error_of(applied(text)), HasSubstr("no unified diff")) << text;
  EXPECT_THAT(error_of(applied("--- a/a.txt\n+++ /dev/null\n@@\n-one\n")), HasSubstr("may not delete a.txt"));
  EXPECT_THAT(error_of(applied("--- a/a.txt\n+++ b/b.txt\n@@\n-one\n+1\n")), HasSubstr("may not rename"));
  EXPECT_THAT(error_of(applied("--- /dev/null\n+++ b/a.txt\n@@\n+1\n")), HasSubstr("there already"));
  EXPECT_THAT(error_of(applied("--- a/no\n+++ b/no\n@@\n-1\n")), HasSubstr("no file no"));
  EXPECT_THAT(error_of(applied(of_a("@@\n-one\n+1\n") + of_a("@@\n-last\n+2\n"))), HasSubstr("twice"));
  EXPECT_THAT(error_of(applied(of_a("@@\n-one\n*1\n"))), HasSubstr("neither blank"));
}

}  // namespace
}  // namespace oe::evolve::test
