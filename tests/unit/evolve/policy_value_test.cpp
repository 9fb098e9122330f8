#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/evolve/policy.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::evolve::test {
namespace {

using git::must;
using ::testing::HasSubstr;

constexpr const char* kJudged = R"(name: w
version: 0.1.0
state: { schema: { found: { type: array }, score: { type: number }, scores: { type: number } } }
metrics:
  - { name: quality, source: $.score, direction: higher, role: goal }
graph:
  nodes:
    - { id: find, kind: command, run: [sh, tools/find.sh], writes: [found] }
    - { id: rate, kind: command, run: [sh, ./tools/rate.sh], output: json, writes: [score] }
    - { id: other, kind: command, run: [sh, tools/other.sh], output: json, writes: [scores] }
  edges: []
)";

Base judged_base(const std::string& directory = "flows", const std::string& text = "name: w\n") {
  const std::string workflow = directory.empty() ? "experience.yaml" : directory + "/experience.yaml";
  auto reading = formats::read_workflow(text, workflow, formats::files_below("/nonexistent"));
  return {git::Oid{"c0ffee"}, workflow, directory, std::move(reading.value())};
}
const Operation kTune{TuneParam{}};
const Operation kAdd{AddNode{}};
const Operation kCase{AddDatasetCase{}};

std::string verdict(const Policy& policy, const std::string& path, const std::string& bytes = "text\n") {
  const auto checked = check_policy(policy, judged_base(), kAdd, {{{path, bytes, 0100644}}}, "");
  return checked ? "" : checked.error().message();
}

TEST(PolicyValue, AllowsOnlyWhatItNames) {
  const Policy policy{.allow = {"experience.yaml", "tools/*.mjs", "data/**"}};
  for (const char* path : {"flows/experience.yaml", "flows/tools/a.mjs", "flows/data/x", "flows/data/a/b/c.csv"}) {
    EXPECT_EQ(verdict(policy, path), "") << path;
  }
  for (const char* path :
       {"flows/tools/a/b.mjs", "flows/tools/a.sh", "flows/Data/x", "flows/more.yaml", "flows/sub/data/x"}) {
    EXPECT_THAT(verdict(policy, path), HasSubstr("does not allow it")) << path;
  }
  EXPECT_THAT(verdict({.allow = {}}, "flows/x"), HasSubstr("does not allow it"));
}
TEST(PolicyValue, DeniesNamesAtAnyDepthAndPathsFromTheWorkflow) {
  const Policy policy{.deny = {"golden", "*.pem", "tools/judge/*.sh"}};
  for (const char* path : {"flows/golden", "flows/a/Golden/x.json", "flows/key.PEM", "flows/tools/Judge/a.sh",
                           "flows/key.pem.", "flows/key.pem:stream", "flows/gol\u00addden"}) {
    EXPECT_NE(verdict(policy, path), "") << path;
  }
  for (const char* path : {"flows/goldens", "flows/a/tools/judge/a.sh", "flows/pem"}) {
    EXPECT_EQ(verdict(policy, path), "") << path;
  }
}
TEST(PolicyValue, DenialIsStrongerThanAllowance) {
  EXPECT_THAT(verdict({.allow = {"golden/**"}, .deny = {"golden"}}, "flows/golden/x"), HasSubstr("denies 'golden'"));
  EXPECT_THAT(verdict({.allow = {"yarn.lock"}}, "flows/yarn.lock"), HasSubstr("'*.lock' is denied by default"));
}
TEST(PolicyValue, LiftsWhatIsDeniedByDefaultAndNothingElse) {
  EXPECT_EQ(verdict({.lift = {"*.lock"}}, "flows/yarn.lock"), "");
  EXPECT_NE(verdict({.lift = {"*.lock"}}, "flows/go.sum"), "");
  const Policy widest{.allow = {"**", "*", "../**"}, .lift = default_denials()};
  EXPECT_EQ(verdict(widest, "flows/.gitlab-ci.yml"), "");
  for (const char* path : {"flows/.git/config", "flows/.gitmodules", "flows/.gitattributes", "flows/.gitignore",
                           "flows/.openexpertise/policy.yaml", "flows/hooks/pre-commit", "flows/.husky/x", "other/x",
                           "flows/../x", "experience.yaml", "flows/.githooks/x"}) {
    EXPECT_NE(verdict(widest, path), "") << path;
  }
}
TEST(PolicyValue, KnowsEveryFormOfAForbiddenName) {
  const Policy widest{.lift = default_denials()};
  for (const char* name : {".GIT",
                           ".git ",
                           ".git.",
                           ".git. .",
                           ".git::$INDEX_ALLOCATION",
                           "git~1",
                           "GIT~1",
                           ".g\u200cit",
                           ".gi\ufefft",
                           ".\u2060git",
                           "\u00ad.git",
                           ".git\U000E0001",
                           ".OpenExpertise",
                           ".openexpert\u0131\u200bse",
                           ".openexperti\u017fe",
                           ".open\u200dexpertise",
                           "Hoo\u212as",
                           "hook\u017f",
                           ".gitmodule\u017f",
                           "GITMOD~1",
                           "gi7eba~1",
                           "OPENEX~1",
                           ".gitmodules ",
                           ".gitattribute\u017f."}) {
    EXPECT_NE(verdict(widest, std::string("flows/") + name + "/x"), "") << name;
    EXPECT_NE(verdict(widest, std::string("flows/a/") + name), "") << name;
  }
  EXPECT_NE(verdict({}, "flows/yarn.loc\u212a"), "");
  EXPECT_NE(verdict({}, "flows/PACKAG~1.JSO"), "");
}
TEST(PolicyValue, RefusesNamesThatDeceive) {
  for (const char* name : {"a\u202egpj.sh", "a\u200b.mjs", "...", " ", ". .", "a\tb", "a\x7f", "\u2066x", ":stream"}) {
    EXPECT_NE(verdict({}, std::string("flows/") + name), "") << name;
  }
  EXPECT_THAT(verdict({}, "flows/\xff\xfe"), HasSubstr("not valid UTF-8"));
  for (const char* name :
       {"gr\u00fc\u00dfe.md", "a b.csv", "\u65e5\u672c.json", "x~y", "backup~", "2026-11-21T10:00.json"}) {
    EXPECT_EQ(verdict({}, std::string("flows/") + name), "") << name;
  }
}
TEST(PolicyValue, RefusesBinaries) {
  EXPECT_THAT(verdict({}, "flows/x", std::string("a\0b", 3)), HasSubstr("NUL byte at 1"));
  EXPECT_THAT(verdict({}, "flows/x", "ab\xff"), HasSubstr("not valid UTF-8 at byte 2"));
  EXPECT_THAT(verdict({}, "flows/x", "\xc0\xae"), HasSubstr("not valid UTF-8")) << "an overlong form";
  EXPECT_EQ(verdict({}, "flows/x", ""), "");
}
TEST(PolicyValue, RefusesAPathThatIsThereTwice) {
  const auto both = [](const char* a, const char* b) {
    return check_policy(Policy(), judged_base(), kAdd, {{{a, "1"}, {b, "2"}}}, "").has_value();
  };
  EXPECT_FALSE(both("flows/a", "flows/a"));
  EXPECT_FALSE(both("flows/tool.mjs", "flows/Tool.mjs"));
  EXPECT_TRUE(both("flows/a", "flows/b"));
}

TEST(PolicyValue, RefusesThatAPatchEditsItsJudge) {
  const Base base = judged_base("flows", kJudged);
  ASSERT_EQ(base.reading.graph.metrics.size(), 1U) << "the workflow of the test is not read";
  const auto writes = [&](const char* path) {
    const auto checked = check_policy(Policy(), base, kAdd, {{{path, "echo 1\n"}}}, "");
    return checked ? "" : checked.error().message();
  };
  EXPECT_THAT(writes("flows/tools/rate.sh"), HasSubstr("a metric of the workflow"));
  EXPECT_THAT(writes("flows/tools/Rate.sh"), HasSubstr("a metric of the workflow"));
  EXPECT_EQ(writes("flows/tools/find.sh"), "");
  EXPECT_EQ(writes("flows/tools/other.sh"), "") << "$.score is not $.scores";
}

TEST(PolicyValue, RefusesANodeThatWritesItsOwnMark) {
  std::string text = kJudged;
  const auto adding = [&](const std::string& writes) {
    const std::string node = R"({"id":"new","kind":"command","run":["true"],"writes":)" + writes + "}";
    const Operation add{AddNode{.insert = {.node = must(Value::parse(node))}}};
    const auto checked = check_policy(Policy(), judged_base("flows", text), add, {{{"flows/x", "x\n"}}}, "");
    return checked ? "" : checked.error().message();
  };
  EXPECT_THAT(adding(R"(["found","score"])"), HasSubstr("would write score, which a metric"));
  EXPECT_EQ(adding(R"(["found","scores"])"), "");
  EXPECT_EQ(adding(R"("score")"), "") << "no list: the format refuses it";
  text.replace(text.find("score: { type: number }"), 23, "score: { type: array, merge: array_append }");
  EXPECT_EQ(adding(R"(["score"])"), "") << "one more of what is counted";
}

std::string sized(const Policy& policy, const Operation& operation, std::size_t files, std::size_t bytes,
                  const std::string& diff) {
  Patch patch;
  for (std::size_t i = 0; i < files; ++i)
    patch.files.push_back({"flows/f" + std::to_string(i), std::string(bytes, 'x')});
  const auto checked = check_policy(policy, judged_base(), operation, patch, diff);
  return checked ? "" : checked.error().message();
}
std::string diff_of_lines(std::size_t lines) {
  std::string diff = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n context\n";
  for (std::size_t i = 0; i < lines; ++i) diff += i % 2 == 0 ? "+++ a\n" : "--- b\n";
  return diff;
}

TEST(PolicyLimits, DifferByOperation) {
  EXPECT_EQ(sized({}, kTune, 1, 10, diff_of_lines(40)), "");
  EXPECT_THAT(sized({}, kTune, 1, 10, diff_of_lines(41)), HasSubstr("lines changed: 41; 40 are allowed"));
  EXPECT_EQ(sized({}, kAdd, 10, 10, diff_of_lines(1500)), "");
  EXPECT_THAT(sized({}, kTune, 2, 10, ""), HasSubstr("files changed: 2; 1 are allowed"));
  EXPECT_THAT(sized({}, kAdd, 11, 10, ""), HasSubstr("files changed"));
  EXPECT_THAT(sized({}, kCase, 2, 10, ""), HasSubstr("files changed"));
}
TEST(PolicyLimits, HoldForBytes) {
  Policy policy;
  policy.add_dataset_case.diff_bytes = 20;
  policy.add_dataset_case.file_bytes = 10;
  EXPECT_EQ(sized(policy, kCase, 1, 10, std::string(20, ' ')), "");
  EXPECT_THAT(sized(policy, kCase, 1, 10, std::string(21, ' ')), HasSubstr("bytes in the diff: 21; 20 are allowed"));
  EXPECT_THAT(sized(policy, kCase, 1, 11, ""), HasSubstr("bytes in flows/f0: 11"));
  policy.add_dataset_case.files = 0;
  EXPECT_THAT(sized(policy, kCase, 1, 1, ""), HasSubstr("files changed: 1; 0 are allowed"));
}
TEST(PolicyLimits, OfAGlobAreNotExponential) {
  std::string glob, path = "flows/";
  for (int i = 0; i < 40; ++i) glob += "*a", path += "aa";
  EXPECT_NE(verdict({.allow = {glob + "b"}}, path), "");
  std::string deep, parts = "flows";
  for (int i = 0; i < 40; ++i) deep += "**/a/", parts += "/a/a";
  EXPECT_NE(verdict({.allow = {deep + "b"}}, parts), "");
}

}  // namespace
}  // namespace oe::evolve::test
