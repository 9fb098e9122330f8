#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/evolve/policy.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;

Base base_in(const std::string& directory) {
  const std::string workflow = directory.empty() ? "experience.yaml" : directory + "/experience.yaml";
  auto reading = formats::read_workflow("name: w\n", workflow, formats::files_below("/nonexistent"));
  return {git::Oid{"c0ffee"}, workflow, directory, std::move(reading.value())};
}
Patch writing(const std::string& path, std::uint32_t mode = 0100644) {
  return {{{path, "text", mode}}};
}
Result<void> judged(const Base& base, const Patch& patch) {
  return check_policy(Policy(), base, AddNode(), patch, "");
}
bool allowed(const Base& base, const std::string& path) {
  const auto verdict = judged(base, writing(path));
  EXPECT_TRUE(verdict || verdict.error().kind() == ErrorKind::failed) << path;
  return verdict.has_value();
}

TEST(Policy, AllowsPlainFilesOfTheWorkflow) {
  for (const char* path : {"flows/experience.yaml", "flows/tools/check.mjs", "flows/cases/a b \u00e9.jsonl",
                           "flows/..rows", "flows/git/x", "flows/locked.json"}) {
    EXPECT_TRUE(allowed(base_in("flows"), path)) << path;
  }
  EXPECT_TRUE(allowed(base_in(""), "data/rows.csv"));
  EXPECT_TRUE(judged(base_in("flows"), writing("flows/tool.sh", 0100755)));
}
TEST(Policy, RefusesOtherDirectories) {
  for (const char* path : {"experience.yaml", "flows2/x", "flows", "other/flows/x", "/flows/x", ""}) {
    EXPECT_FALSE(allowed(base_in("flows"), path)) << path;
  }
}
TEST(Policy, RefusesPathsThatLeadElsewhere) {
  for (const char* path : {"flows/../x", "flows/a/../../x", "flows/./x", "flows//x", "flows/", "flows/a\\..\\x",
                           "flows/a\nb", "flows/\x1b[2J"}) {
    EXPECT_FALSE(allowed(base_in("flows"), path)) << path;
  }
  for (const char* path : {"/etc/passwd", "../x", "..", "."}) EXPECT_FALSE(allowed(base_in(""), path)) << path;
}
TEST(Policy, RefusesWhatGitReads) {
  for (const char* path : {".git/config", ".gitattributes", ".gitmodules", ".gitignore", "sub/.gitattributes",
                           ".GIT/hooks/pre-commit", ".GitModules"}) {
    EXPECT_FALSE(allowed(base_in(""), path)) << path;
  }
}
TEST(Policy, RefusesWhatACiSystemRuns) {
  for (const char* path :
       {".github/workflows/ci.yml", ".gitlab-ci.yml", ".gitlab/x", ".ci/run", ".circleci/config.yml", ".travis.yml",
        "Jenkinsfile", ".husky/pre-commit", "lefthook.yml", ".pre-commit-config.yaml"}) {
    EXPECT_FALSE(allowed(base_in(""), path)) << path;
  }
}
TEST(Policy, RefusesLockfilesAtAnyDepth) {
  for (const char* path : {"package-lock.json", "a/b/yarn.lock", "pnpm-lock.yaml", "Cargo.lock", "poetry.lock",
                           "npm-shrinkwrap.json", "go.sum"}) {
    EXPECT_FALSE(allowed(base_in(""), path)) << path;
  }
}
TEST(Policy, RefusesOesOwnRecord) {
  EXPECT_FALSE(allowed(base_in(""), ".openexpertise/policy.yaml"));
  EXPECT_FALSE(allowed(base_in(""), ".openexpertise/proposals.jsonl"));
}
TEST(Policy, RefusesDeletions) {
  const auto verdict = judged(base_in(""), {{{"data/rows.csv", std::nullopt, 0100644}}});
  EXPECT_THAT(verdict.error().message(), HasSubstr("may not delete data/rows.csv"));
}
TEST(Policy, RefusesWhatIsNoPlainFile) {
  for (const std::uint32_t mode : {0120000U, 0160000U, 0040000U, 0100600U, 0104755U, 0U}) {
    EXPECT_FALSE(judged(base_in(""), writing("x", mode))) << std::oct << mode;
  }
}
TEST(Policy, RefusesAnEmptyPatch) {
  EXPECT_FALSE(judged(base_in(""), {}));
}
TEST(Policy, LooksAtEveryFile) {
  EXPECT_FALSE(judged(base_in(""), {{{"a", "", 0100644}, {"b", "", 0100644}, {".gitmodules", "", 0100644}}}));
}

}  // namespace
}  // namespace oe::evolve::test
