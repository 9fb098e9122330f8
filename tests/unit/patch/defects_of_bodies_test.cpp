#include "unit/patch/patched.hpp"

// Rows 7-17 and 25 of the catalogue of defects: the lines of a hunk.
namespace oe::patch::test {
namespace {

const std::string kAdd =
    "     run: ./c.sh --temperature 0.2\n"
    "     timeout_ms: 700\n"
    "+    retries: 3\n"
    "+    on_error: stop\n"
    " \n"
    "   - id: d\n";

std::string added() {
  return replaced(ground().files.at(kFlow), "timeout_ms: 700\n",
                  "timeout_ms: 700\n    retries: 3\n    on_error: stop\n");
}

std::string hunk(const std::string& counts, const std::string& body) {
  return kHead + "@@ " + counts + " @@\n" + body;
}

TEST(BodyDefect, Row7ASkippedContextLine) {
  expect_rung(
      hunk("-13,5 +13,5",
           "   - id: c\n-    timeout_ms: 700\n+    timeout_ms: 900\n \n   - id: d\n     run: ./d.sh --level 2\n"),
      tuned(), Rung::skip);
  expect_refused(
      hunk("-13,3 +13,4", "   - id: c\n     run: ./c.sh --temperature 0.2\n+    retries: 3\n \n   - id: d\n"),
      Reason::not_found);
}

TEST(BodyDefect, Row8AParaphrasedContextLineStaysTheFiles) {
  expect_rung(hunk("-14,4 +14,4", replaced(kBody, "0.2", "0.20")), tuned(), Rung::shrink);
}

TEST(BodyDefect, Row9BlanksAtTheEndOfLines) {
  expect_rung(hunk("-14,4 +14,4", replaced(kBody, "0.2\n", "0.2  \n")), tuned(), Rung::rstrip);
}

TEST(BodyDefect, Row10InnerBlanksAndTabs) {
  expect_rung(hunk("-14,4 +14,4", replaced(kBody, "run: ./c.sh", "run:  ./c.sh")), tuned(), Rung::space);
  expect_refused(hunk("-14,4 +14,4", replaced(kBody, "+    timeout", "+\ttimeout")), Reason::not_valid);
}

TEST(BodyDefect, Row11AHunkAtAnotherDepthIsBroughtToTheFiles) {
  expect_rung(
      hunk("-14,4 +14,4", "   run: ./c.sh --temperature 0.2\n-  timeout_ms: 700\n+  timeout_ms: 900\n \n - id: d\n"),
      tuned(), Rung::reindent);
}

TEST(BodyDefect, Row12ContextWithoutItsFirstBlank) {
  expect_rung(hunk("-14,4 +14,4",
                   "    run: ./c.sh --temperature 0.2\n-    timeout_ms: 700\n+    timeout_ms: 900\n\n  - id: d\n"),
              tuned(), Rung::prefix);
}

TEST(BodyDefect, Row13BlankContextWithoutItsBlank) {
  expect_flow(hunk("-14,4 +14,4", replaced(kBody, " \n   - id", "\n   - id")), tuned());
}

TEST(BodyDefect, Row14MinusForPlusIsProvenByTheCountsOrLow) {
  const std::string minus = replaced(replaced(kAdd, "+    retries", "-    retries"), "+    on_error", "-    on_error");
  expect_rung(hunk("-14,4 +14,6", minus), added(), Rung::sign);
  EXPECT_EQ(ground().operate(hunk("-14,4 +14,6", minus))->grade, Grade::repaired);
  const auto low = ground().operate(hunk("...", minus));
  ASSERT_TRUE(low) << to_text(low.error());
  EXPECT_EQ(low->grade, Grade::low);
  EXPECT_EQ(low->files[0].after, added());
}

TEST(BodyDefect, Row15PlusForMinusNeedsTheCounts) {
  const std::string plus = replaced(kBody, "-    timeout", "+    timeout");
  expect_rung(hunk("-14,4 +14,4", plus), tuned(), Rung::sign);
  const auto patch = ground().operate(hunk("...", plus));
  EXPECT_FALSE(patch);
}

TEST(BodyDefect, Row16AForgottenPlusNeedsTheCounts) {
  const std::string forgotten = replaced(kAdd, "+    on_error", "     on_error");
  expect_rung(hunk("-14,4 +14,6", forgotten), added(), Rung::plus);
  expect_refused(hunk("...", forgotten), Reason::not_found);
}

TEST(BodyDefect, Row17AForgottenMinusIsRefused) {
  const std::string kept = replaced(kBody, "-    timeout", "     timeout");
  expect_refused(hunk("-14,4 +14,4", kept), Reason::ambiguous);
  expect_refused(hunk("...", kept), Reason::ambiguous);
}

TEST(BodyDefect, InANewFileOnlyTheLastLineMayHaveNoEnd) {
  const std::string head = "--- /dev/null\n+++ b/flow/new.md\n@@ -0,0 +1,2 @@\n";
  const std::string marker = "\\ No newline at end of file\n";
  const auto marked_in_between = ground().operate(head + "+one\n" + marker + "+two\n");
  ASSERT_TRUE(marked_in_between) << marked_in_between.error().message;
  EXPECT_EQ(marked_in_between->files.front().after, "one\ntwo\n");
  const auto marked_at_the_end = ground().operate(head + "+one\n+two\n" + marker);
  ASSERT_TRUE(marked_at_the_end) << marked_at_the_end.error().message;
  EXPECT_EQ(marked_at_the_end->files.front().after, "one\ntwo");
}

TEST(BodyDefect, Row25TypographyIsComparedNotWritten) {
  Ground place = ground();
  place.files[kFlow] = replaced(place.files[kFlow], "--temperature 0.2", "--say \"it's - so\"");
  const std::string text =
      replaced(kTune, "--temperature 0.2", "--say \xE2\x80\x9Cit\xE2\x80\x99s \xE2\x80\x93 so\xE2\x80\x9D");
  expect_flow(place, text, replaced(place.files[kFlow], "timeout_ms: 700", "timeout_ms: 900"));
  EXPECT_TRUE(has(*place.operate(text), Rung::unicode));
}

}  // namespace
}  // namespace oe::patch::test
