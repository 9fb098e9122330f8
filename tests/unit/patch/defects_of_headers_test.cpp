#include "unit/patch/patched.hpp"

// Rows 1-6 and 18-29 of the catalogue of defects: headers, counts, paths, line ends, fences.
namespace oe::patch::test {
namespace {

const std::string kBothTuned =
    "     retries: 2\n"
    "-    timeout_ms: 5000\n"
    "+    timeout_ms: 9000\n"
    "     writes: [score]\n";

TEST(HeaderDefect, Row1WrongStartLineOfUniqueTextIsIgnored) {
  expect_flow(kHead + "@@ -3,4 +90,4 @@\n" + kBody, tuned());
  EXPECT_EQ(ground().operate(kTune)->grade, Grade::clean);
}

TEST(HeaderDefect, Row2RepeatedTextIsRefusedWithItsPlaces) {
  const auto patch = ground().operate(kHead + "@@ -9,3 +9,3 @@\n" + kBothTuned);
  ASSERT_FALSE(patch);
  EXPECT_EQ(patch.error().reason, Reason::ambiguous);
  ASSERT_EQ(patch.error().candidates.size(), 2U);
  EXPECT_EQ(patch.error().candidates[0].block, "b");
  EXPECT_EQ(patch.error().candidates[1].block, "d");
}

TEST(HeaderDefect, Row3CountsTooSmall) {
  expect_rung(kHead + "@@ -14,2 +14,2 @@\n" + kBody, tuned(), Rung::recount);
}

TEST(HeaderDefect, Row4CountsTooLarge) {
  expect_rung(kHead + "@@ -14,9 +14,8 @@\n" + kBody, tuned(), Rung::recount);
}

TEST(HeaderDefect, Row5PlaceholdersInTheHeader) {
  for (const std::string header : {"@@ ... @@", "@@", "@@ -XXX,6 +XXX,6 @@", "@@ @@"}) {
    expect_flow(kHead + header + "\n" + kBody, tuned());
  }
}

TEST(HeaderDefect, Row6TheNameInTheHeaderSaysInWhichBlock) {
  const std::string first = ground().files.at(kFlow);
  const std::string text = kHead + "@@ d @@\n" + kBothTuned;
  const std::size_t at = first.rfind("5000");
  expect_rung(text, std::string(first).replace(at, 4, "9000"), Rung::named);
}

TEST(HeaderDefect, Row18NoNewlineAtTheEndOfThePatch) {
  expect_flow(kTune.substr(0, kTune.size() - 1), tuned());
}

TEST(HeaderDefect, Row19TheMarkerOfTheLastNewlineIsMissing) {
  Ground place = ground();
  place.files[kFlow].pop_back();
  const std::string text = kHead + "@@ -19,3 +19,4 @@\n     retries: 2\n     timeout_ms: 5000\n-    writes: [score]\n" +
                           "+    writes: [score, rank]\n";
  const auto patch = place.operate(replaced(text, "@@ -19", "@@ d @@\n@@ -19"));
  EXPECT_FALSE(patch) << "the text stands twice";
  expect_flow(
      place,
      kHead + "@@ -18,4 +18,4 @@\n     run: ./d.sh --level 2\n     retries: 2\n     timeout_ms: 5000\n" +
          "-    writes: [score]\n+    writes: [rank]\n",
      replaced(place.files[kFlow], "5000\n    writes: [score]\n\n  - id: c", "5000\n    writes: [score]\n\n  - id: c")
          .replace(place.files[kFlow].rfind("[score]"), 7, "[rank]"));
}

TEST(HeaderDefect, Row20NoPrefixes) {
  expect_flow("--- flow/experience.yaml\n+++ flow/experience.yaml\n@@ -14,4 +14,4 @@\n" + kBody, tuned());
}

TEST(HeaderDefect, Row21OddPaths) {
  for (const std::string path : {"./flow/experience.yaml", "repo/flow/experience.yaml", "flow\\experience.yaml",
                                 "/home/me/repo/flow/experience.yaml"}) {
    expect_flow("--- " + path + "\n+++ " + path + "\n@@ -14,4 +14,4 @@\n" + kBody, tuned());
  }
  for (const std::string path : {"../flow/experience.yaml", ".git/config", "x/.GIT/hooks/pre-commit", "/etc/passwd",
                                 ".g\xE2\x80\x8Cit/config"}) {
    expect_refused("--- " + path + "\n+++ " + path + "\n@@ -14,4 +14,4 @@\n" + kBody, Reason::bad_path);
  }
}

TEST(HeaderDefect, APathWithBlanksEndsAtItsTab) {
  Ground place;
  place.files = {{"my notes ", ""}, {"my notes", "old\n"}};
  const auto patch = place.operate("--- a/my notes \t\n+++ b/my notes \t\n@@ -0,0 +1 @@\n+new\n");
  ASSERT_TRUE(patch) << patch.error().message;
  EXPECT_EQ(patch->files.front().path, "my notes ");
  EXPECT_EQ(patch->files.front().after, "new\n");
}

TEST(HeaderDefect, Row22BaseNameOrWrongCase) {
  expect_flow("--- experience.yaml\n+++ experience.yaml\n@@ -14,4 +14,4 @@\n" + kBody, tuned());
  expect_flow("--- Flow/Experience.yaml\n+++ Flow/Experience.yaml\n@@ -14,4 +14,4 @@\n" + kBody, tuned());
  Ground two = ground();
  two.files["other/experience.yaml"] = two.files[kFlow];
  expect_refused(two, "--- experience.yaml\n+++ experience.yaml\n@@ -14,4 +14,4 @@\n" + kBody, Reason::bad_path);
}

std::string crlf(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

TEST(HeaderDefect, Row23LineEndsFollowTheFile) {
  expect_rung(crlf(kTune), tuned(), Rung::eol);
  Ground place = ground();
  place.files[kFlow] = crlf(place.files[kFlow]);
  expect_flow(place, kTune, crlf(tuned()));
}

TEST(HeaderDefect, Row24TruncatedTextIsRefused) {
  expect_refused(kHead + "@@ -14,4 +14,4 @@\n     run: ./c.sh --temperature 0.2\n-    timeout_ms: 7",
                 Reason::truncated);
  expect_refused("```diff\n" + kTune, Reason::truncated);
  Request request;
  request.text = kTune;
  request.was_cut_off = true;
  const auto patch = ground().operate(request);
  ASSERT_FALSE(patch);
  EXPECT_EQ(patch.error().reason, Reason::truncated);
}

TEST(HeaderDefect, Row26ProseAndFences) {
  expect_flow("Here it is:\n\n```diff\n" + kTune + "```\n\nThis gives it more time.\n", tuned());
}

TEST(HeaderDefect, Row26TwoFencesAreOneChange) {
  const std::string second =
      kHead + "@@ -4,2 +4,2 @@\n     run: ./a.sh --level 1\n-    timeout_ms: 1000\n+    timeout_ms: 1100\n";
  expect_flow("```diff\n" + kTune + "```\nand\n```diff\n" + second + "```\n",
              replaced(tuned(), "timeout_ms: 1000", "timeout_ms: 1100"));
}

TEST(HeaderDefect, Row27And28NewFilesWithoutDevNullOrWithWrongCounts) {
  for (const std::string text : {"--- a/flow/new.md\n+++ b/flow/new.md\n@@ -0,0 +1,2 @@\n+# New\n+text\n",
                                 "--- /dev/null\n+++ b/flow/new.md\n@@ -0,0 +1,9 @@\n+# New\n+text\n"}) {
    const auto patch = ground().operate(text);
    ASSERT_TRUE(patch) << to_text(patch.error());
    EXPECT_EQ(patch->files[0].path, "flow/new.md");
    EXPECT_FALSE(patch->files[0].before);
    EXPECT_EQ(patch->files[0].after, "# New\ntext\n");
  }
}

TEST(HeaderDefect, Row29DevNullButTheFileExists) {
  Ground place = ground();
  place.files["flow/new.md"] = "# New\ntext\n";
  expect_refused(place, "--- /dev/null\n+++ b/flow/new.md\n@@ -0,0 +1,2 @@\n+# New\n+text\n", Reason::duplicate);
  expect_refused(place, "--- /dev/null\n+++ b/flow/new.md\n@@ -0,0 +1,2 @@\n+# New\n+other\n", Reason::conflicting);
}

}  // namespace
}  // namespace oe::patch::test
