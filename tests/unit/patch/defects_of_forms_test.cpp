#include "unit/patch/patched.hpp"

// Rows 30-45 of the catalogue of defects: several hunks and files, other forms, what has no effect.
namespace oe::patch::test {
namespace {

const std::string kFirst =
    "@@ -4,2 +4,2 @@\n     run: ./a.sh --level 1\n-    timeout_ms: 1000\n+    timeout_ms: 1100\n";

std::string both() {
  return replaced(tuned(), "timeout_ms: 1000", "timeout_ms: 1100");
}

TEST(FormDefect, Row30OverlappingContextIsNoConflictButOverlappingEditsAre) {
  const std::string next = "@@ -15,3 +15,4 @@\n     timeout_ms: 700\n \n+  # the last one\n   - id: d\n";
  expect_flow(kTune + replaced(next, "  # the last one", "  - id: e"),
              replaced(tuned(), "  - id: d\n", "  - id: e\n  - id: d\n"));
  expect_refused(kTune + "@@ -14,4 +14,4 @@\n" + replaced(kBody, "900", "800"), Reason::conflicting);
}

TEST(FormDefect, Row31HunksOutOfOrder) {
  expect_flow(kTune + kFirst, both());
}

TEST(FormDefect, Row32AHeaderBeforeEachHunk) {
  expect_flow(kTune + kHead + kFirst, both());
}

TEST(FormDefect, Row33TwoFilesWithoutDiffGit) {
  Ground place = ground();
  place.files["b.md"] = "one\ntwo\n";
  const auto patch = place.operate(kTune + "--- a/b.md\n+++ b/b.md\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n");
  ASSERT_TRUE(patch) << to_text(patch.error());
  ASSERT_EQ(patch->files.size(), 2U);
  EXPECT_EQ(patch->files[0].after, "one\nthree\n");
  EXPECT_EQ(patch->files[1].after, tuned());
}

TEST(FormDefect, Row34NoFileHeader) {
  expect_rung("@@ -14,4 +14,4 @@\n" + kBody, tuned(), Rung::target);
  Ground two = ground();
  two.files["copy.yaml"] = two.files[kFlow];
  expect_refused(two, "@@ -14,4 +14,4 @@\n" + kBody, Reason::bad_path);
  two.target = kFlow;
  expect_flow(two, "@@ -14,4 +14,4 @@\n" + kBody, tuned());
}

TEST(FormDefect, Row35OneHunkForTwoPlaces) {
  expect_rung(
      kHead + "@@ -4,6 +4,6 @@\n     run: ./a.sh --level 1\n-    timeout_ms: 1000\n+    timeout_ms: 1100\n" + kBody,
      both(), Rung::split);
}

TEST(FormDefect, Row36AnInsertionWithoutContextIsRefused) {
  expect_refused(kHead + "@@ -15,0 +16 @@\n+    retries: 1\n", Reason::ambiguous);
}

TEST(FormDefect, Row37DotsStandForLines) {
  expect_rung(kHead + "@@ ... @@\n   - id: c\n ...\n-    timeout_ms: 700\n+    timeout_ms: 900\n", tuned(),
              Rung::elision);
  expect_refused(kHead + "@@ ... @@\n   - id: c\n-    ...\n+    timeout_ms: 900\n", Reason::truncated);
}

TEST(FormDefect, Row38WhatIsThereAlready) {
  Ground place = ground();
  place.files[kFlow] = tuned();
  expect_refused(place, kTune, Reason::duplicate);
}

TEST(FormDefect, Row39AStaleBaseIsRelocated) {
  Ground place = ground();
  place.files[kFlow] = replaced(place.files[kFlow], "nodes:\n", "nodes:\n  - id: z\n    run: ./z.sh\n");
  expect_flow(place, kTune, replaced(tuned(), "nodes:\n", "nodes:\n  - id: z\n    run: ./z.sh\n"));
}

TEST(FormDefect, Row40EscapesAreTakenAwayWhenTheRawTextFails) {
  std::string json = "{\"diff\": \"";
  for (const char c : kTune) json += c == '\n' ? std::string("\\n") : std::string(1, c);
  expect_rung(json + "\"}", tuned(), Rung::decode);
  Ground place = ground();
  place.files[kFlow] = replaced(place.files[kFlow], "--temperature 0.2", "< in");
  const std::string text = replaced(kTune, "--temperature 0.2", "&lt; in");
  expect_flow(place, text, replaced(place.files[kFlow], "timeout_ms: 700", "timeout_ms: 900"));
}

TEST(FormDefect, Row41V4a) {
  expect_flow("*** Begin Patch\n*** Update File: flow/experience.yaml\n@@ c\n" + kBody + "*** End Patch\n", tuned());
  const auto made = ground().operate("*** Begin Patch\n*** Add File: flow/x.md\n+one\n*** End Patch\n");
  ASSERT_TRUE(made) << to_text(made.error());
  EXPECT_EQ(made->files[0].after, "one\n");
}

TEST(FormDefect, Row41SearchAndReplace) {
  for (const std::string open : {"<<<<<<< SEARCH", "<<<<<<< SEARCH>", "<<<<<<<SEARCH", "------- SEARCH"}) {
    const std::string close = open[0] == '-' ? "+++++++ REPLACE" : ">>>>>>> REPLACE";
    expect_flow("flow/experience.yaml\n```yaml\n" + open + "\n    timeout_ms: 700\n=======\n    timeout_ms: 900\n" +
                    close + "\n```\n",
                tuned());
  }
}

TEST(FormDefect, Row41WholeFilesAreBounded) {
  Ground place = ground();
  place.target = kFlow;
  expect_flow(place, "Here:\n```yaml\n" + tuned() + "```\n", tuned());
  EXPECT_FALSE(place.operate("```yaml\nname: nightly\nnodes: []\n```\n"));
}

TEST(FormDefect, Row42BogusIndexLinesAreIgnoredButModesAreNot) {
  expect_flow("diff --git a/flow/experience.yaml b/flow/experience.yaml\nindex 123..456 100644\n" + kTune, tuned());
  for (const std::string line : {"old mode 100644\nnew mode 100755", "deleted file mode 100644", "GIT binary patch",
                                 "new file mode 120000", "rename from a\nrename to b"}) {
    expect_refused("diff --git a/flow/experience.yaml b/flow/experience.yaml\n" + line + "\n" + kTune,
                   Reason::not_text);
  }
}

TEST(FormDefect, Row43NothingOrOnlyCommentsChange) {
  expect_refused(replaced(kTune, "900", "700"), Reason::no_effect);
  expect_refused(kHead + "@@ -14,2 +14,3 @@\n     run: ./c.sh --temperature 0.2\n+    # a word\n     timeout_ms: 700\n",
                 Reason::no_effect);
}

TEST(FormDefect, Row44WhatWouldNotParseIsRefusedWhenMended) {
  expect_refused(
      kHead + "@@ -14,4 +14,4 @@\n" + replaced(replaced(kBody, "timeout_ms: 900", "run: [900"), "0.2", "0.20"),
      Reason::not_valid);
}

TEST(FormDefect, Row45WhatIsOutOfScopeIsForAcceptsToSay) {
  Request request;
  request.text = kTune;
  request.accepts = [](const std::vector<FileEdit>& files) { return files[0].path + " is not yours"; };
  const auto patch = ground().operate(request);
  ASSERT_FALSE(patch);
  EXPECT_EQ(patch.error().reason, Reason::not_valid);
  EXPECT_EQ(patch.error().message, kFlow + " is not yours");
}

}  // namespace
}  // namespace oe::patch::test
