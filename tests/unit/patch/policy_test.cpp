#include <ctime>

#include "unit/patch/patched.hpp"

namespace oe::patch::test {
namespace {

double processor_seconds_of(const Ground& place, const std::string& text, Reason reason) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double start = now();
  expect_refused(place, text, reason);
  return now() - start;
}

TEST(Policy, OneBadHunkRefusesAllFiles) {
  Ground place = ground();
  place.files["b.md"] = "one\ntwo\n";
  expect_refused(place, kTune + "--- a/b.md\n+++ b/b.md\n@@ -1,2 +1,2 @@\n nothing\n-like this\n+three\n",
                 Reason::not_found);
}

TEST(Policy, AFileThatMayNotBeNamedIsNotFoundByItsContentEither) {
  for (const std::string path : {"a\nb.yaml", "flow/\x1B[2J.yaml", ".openexpertise/policy.yaml", ".git/x.yaml"}) {
    const Ground place{{{path, ground().files.at(kFlow)}}, ""};
    expect_refused(place, "@@ -14,4 +14,4 @@\n" + kBody, Reason::bad_path);
  }
}

TEST(Policy, AFileThatMayNotBeNamedIsNotFoundByTheEndOfItsPathEither) {
  for (const std::string folder : {"a\nb/", ".openexpertise/", ".git/"}) {
    const Ground place{{{folder + kFlow, ground().files.at(kFlow)}}, ""};
    expect_refused(place, kTune, Reason::bad_path);
  }
}

TEST(Policy, ATargetWithABackslashInItsNameIsThatFile) {
  const Ground place{{{"a\\b.md", "# Old\ntext\n"}, {"a/b.md", "# Old\ntext\n"}}, "a\\b.md"};
  for (const std::string text : {"```\n# New\ntext\n```\n", "@@ -1 +1 @@\n-# Old\n+# New\n"}) {
    const auto patch = place.operate(text);
    ASSERT_TRUE(patch) << to_text(patch.error());
    EXPECT_EQ(patch->files[0].path, place.target);
  }
}

TEST(Policy, ANamedBlockThatHoldsTwoPlacesIsRefusedHoweverManyStandBefore) {
  for (const int before : {0, 199, 999, 5000}) {
    std::string text;
    for (int i = 0; i < before; ++i) text += "- item\n";
    const Ground place{{{"a.md", text + "# One\n- item\n- item\n"}}, ""};
    expect_refused(place, "--- a/a.md\n+++ b/a.md\n@@ -9 +9 @@ # One\n-- item\n+- one\n", Reason::ambiguous);
  }
}

TEST(Policy, AHunkThatFitsAlmostEverywhereTakesHardlyMoreThanOneThatFitsTwice) {
  Ground alike, twice;
  std::string file, old, numbered, numbered_old;
  for (int i = 0; i < 120000; ++i) {
    const std::string line = std::to_string(1000000 + i) + "\n";
    file += "1000000\n", numbered += line;
    if (i < 90000) old += " 1000000\n", numbered_old += " " + line;
  }
  alike.files["a.md"] = file;
  twice.files["a.md"] = numbered + numbered;
  const std::string head = "--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n";
  const double least = processor_seconds_of(twice, head + numbered_old + "+b\n", Reason::ambiguous);
  EXPECT_LT(processor_seconds_of(alike, head + old + "+b\n", Reason::ambiguous), 5 * least);
}

TEST(Policy, ContextOfTheModelIsNeverWritten) {
  Ground place = ground();
  place.files[kFlow] = replaced(place.files[kFlow], "0.2\n", "0.2   \n");
  expect_flow(place, kTune, replaced(place.files[kFlow], "timeout_ms: 700", "timeout_ms: 900"));
}

TEST(Policy, MixedLineEndsAreKeptLineByLine) {
  Ground place = ground();
  place.files[kFlow] = replaced(place.files[kFlow], "timeout_ms: 700\n", "timeout_ms: 700\r\n");
  expect_flow(place, kTune, replaced(tuned(), "timeout_ms: 900\n", "timeout_ms: 900\r\n"));
}

TEST(Policy, AMissingLastNewlineStaysMissing) {
  Ground place = ground();
  place.files[kFlow].pop_back();
  std::string wanted = tuned();
  wanted.pop_back();
  expect_flow(place, kTune, wanted);
}

TEST(Policy, OfTwoReadingsTheOneThatAcceptsTakesIsMeant) {
  const std::string text =
      kHead + "@@ ... @@\n    run: ./c.sh --temperature 0.2\n+    retries: 3\n   timeout_ms: 700\n";
  Request request;
  request.text = text;
  request.accepts = [](const std::vector<FileEdit>&) { return "no"; };
  EXPECT_FALSE(ground().operate(request));
}

TEST(Policy, ARefusalSaysWhatStandsThere) {
  const auto patch = ground().operate(replaced(kTune, "-    timeout_ms: 700", "-    timeout_ms: 750"));
  ASSERT_FALSE(patch);
  EXPECT_EQ(patch.error().reason, Reason::not_found);
  EXPECT_EQ(patch.error().hunk, 1U);
  ASSERT_EQ(patch.error().candidates.size(), 1U);
  EXPECT_EQ(patch.error().candidates[0].block, "c");
  const std::string text = to_text(patch.error());
  EXPECT_NE(text.find("?     timeout_ms: 750"), std::string::npos) << text;
  EXPECT_NE(text.find("=     timeout_ms: 700"), std::string::npos) << text;
}

TEST(Policy, TextBeyondTheLimitIsRefused) {
  Request request;
  request.text = kTune;
  request.most_bytes = 10;
  const auto patch = ground().operate(request);
  ASSERT_FALSE(patch);
  EXPECT_EQ(patch.error().reason, Reason::too_large);
}

TEST(Policy, RowsOfADatasetAreAppendedAndNotTwice) {
  Ground place;
  place.files["cases.jsonl"] = "{\"case\": 1}\n";
  place.target = "cases.jsonl";
  const auto patch = place.operate("```json\n[{\"case\": 2, \"b\": 1}, {\"case\": 3}]\n```\n");
  ASSERT_TRUE(patch) << to_text(patch.error());
  EXPECT_EQ(patch->files[0].after, "{\"case\": 1}\n{\"case\": 2, \"b\": 1}\n{\"case\": 3}\n");
  expect_refused(place, "{\"case\": 1}", Reason::duplicate);
}

TEST(Policy, NothingInTheTextIsAChange) {
  expect_refused("I would rather not.\n", Reason::no_change_found);
}

TEST(Policy, HostileTextIsAnsweredWithoutHarm) {
  Ground place = ground();
  place.target = kFlow;
  std::string deep(100000, '[');
  std::string repeated = kHead + "@@ -1,9 +1,9 @@\n";
  for (int i = 0; i < 20000; ++i) repeated += "     retries: 2\n";
  std::string noise;
  unsigned state = 7;
  for (int i = 0; i < 100000; ++i) noise += static_cast<char>((state = state * 1103515245U + 12345U) >> 16);
  for (const std::string& text : {deep, repeated + "+x\n", noise, kHead + "@@\n" + noise, std::string("@@\n\\\n+\n")}) {
    EXPECT_FALSE(place.operate(text));
  }
}

}  // namespace
}  // namespace oe::patch::test
