#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/evolve/policy.hpp"
#include "oe/sys/file.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::evolve::test {
namespace {

using git::error_of;
using git::must;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kFile = ".openexpertise/policy.yaml";

std::string faults(const std::string& text) {
  return error_of(parse_policy(text, kFile));
}

TEST(PolicyFile, ReadsAllOfIt) {
  const Policy policy = must(parse_policy(R"(# ours
allow: [experience.yaml, "tools/**"]
deny: ["*.pem", golden]
lift: [package-lock.json]
limits:
  tune-param: { lines: 4 }
  add-node: { files: 3, lines: 200, diff_bytes: 9000, file_bytes: 5000 }
)",
                                          kFile));
  EXPECT_EQ(policy.allow, (std::vector<std::string>{"experience.yaml", "tools/**"}));
  EXPECT_EQ(policy.deny, (std::vector<std::string>{"*.pem", "golden"}));
  EXPECT_EQ(policy.lift, std::vector<std::string>{"package-lock.json"});
  EXPECT_EQ(policy.tune_param.lines, 4U);
  EXPECT_EQ(policy.tune_param.files, Policy().tune_param.files) << "what is not said stays";
  EXPECT_EQ(policy.add_node, (PatchLimits{3, 200, 9000, 5000}));
  EXPECT_EQ(policy.add_dataset_case, Policy().add_dataset_case);
}
TEST(PolicyFile, OfNothingIsTheDefaults) {
  for (const char* text : {"", "\n", "# nothing yet\n", "{}\n"}) EXPECT_EQ(must(parse_policy(text, kFile)), Policy());
}
TEST(PolicyFile, OfAnEmptyListAllowsNothing) {
  EXPECT_TRUE(must(parse_policy("allow: []\n", kFile)).allow.empty());
}
TEST(PolicyFile, SaysWhereAndWhatWasMeant) {
  EXPECT_THAT(faults("alow: []\n"), AllOf(HasSubstr("policy.yaml:1:1"), HasSubstr("did you mean 'allow'?")));
  EXPECT_THAT(faults("limits:\n  tune-parm: {}\n"),
              AllOf(HasSubstr("policy.yaml:2:3"), HasSubstr("did you mean 'tune-param'?")));
  EXPECT_THAT(faults("limits: { add-node: { line: 4 } }\n"), HasSubstr("did you mean 'lines'?"));
  EXPECT_THAT(faults("lift: [package-lok.json]\n"), HasSubstr("did you mean 'package-lock.json'?"));
}
TEST(PolicyFile, SaysAllFaultsAtOnce) {
  EXPECT_THAT(faults("allow: tools\ndeny: [1]\nlimits: { add-node: { files: many } }\nwhat: 1\n"),
              AllOf(HasSubstr(":1:8: "), HasSubstr(":2:8: "), HasSubstr(":3:30: "), HasSubstr(":4:1: ")));
}
TEST(PolicyFile, RefusesWrongTypes) {
  for (const char* text :
       {"[]\n", "3\n", "allow: { a: b }\n", "deny: [[a]]\n", "limits: []\n", "limits: { add-node: 3 }\n",
        "limits: { add-node: { files: -1 } }\n", "limits: { add-node: { files: 1.5 } }\n",
        "limits: { add-node: { lines: \"3\" } }\n", "limits: { add-node: { lines: 99999999999 } }\n", "allow: [\n",
        "allow: [a]\nallow: [b]\n", "allow: [\"\"]\n"}) {
    const auto policy = parse_policy(text, kFile);
    ASSERT_FALSE(policy) << text;
    EXPECT_EQ(policy.error().kind(), ErrorKind::input) << text;
  }
}
TEST(PolicyFile, CannotLeaveTheWorkflowOrLiftWhatIsFixed) {
  for (const char* text :
       {"allow: [../shared/**]\n", "allow: [/etc]\n", "allow: [./a]\n", "lift: [.git]\n", "lift: [hooks]\n",
        "lift: [.openexpertise]\n", "lift: [.gitmodules]\n", "lift: [\"**\"]\n"}) {
    EXPECT_NE(faults(text), "") << text;
  }
}

TEST(PolicyFile, ItsPageListsWhatIsDeniedByDefault) {
  const std::string page = must(sys::read_file(OE_SOURCE_DIR "/docs/policy.md", 1 << 20));
  for (const std::string& name : default_denials()) EXPECT_THAT(page, HasSubstr("`" + name + "`"));
}

class PolicyOfARepository : public ::testing::Test {
 protected:
  PolicyOfARepository() {
    repo_.write("README.md", "x\n");
    repo_.commit("first");
  }
  Result<Policy> read(const git::Oid& base) {
    const auto repository = must(git::open_repository(repo_.place()));
    return read_policy(*repository, base, repo_.root());
  }
  git::TempRepo repo_;
};

TEST_F(PolicyOfARepository, IsTheDefaultsWhenThereIsNoFile) {
  EXPECT_EQ(must(read(repo_.rev("HEAD"))), Policy());
}
TEST_F(PolicyOfARepository, IsTheFileOfTheWorkingTreeWhenNoneIsCommitted) {
  repo_.write(kFile, "allow: [a]\n");
  EXPECT_EQ(must(read(repo_.rev("HEAD"))).allow, std::vector<std::string>{"a"});
}
TEST_F(PolicyOfARepository, IsThatOfTheBaseWhenItIsCommitted) {
  repo_.write(kFile, "allow: [committed]\n");
  repo_.commit("a policy");
  const git::Oid base = repo_.rev("HEAD");
  repo_.write(kFile, "allow: [edited]\n");
  EXPECT_EQ(must(read(base)).allow, std::vector<std::string>{"committed"});
  repo_.commit("another, as a patch would make it");
  EXPECT_EQ(must(read(base)).allow, std::vector<std::string>{"committed"}) << "of the base and not of what is on top";
}
TEST_F(PolicyOfARepository, IsNeverPassedOverBecauseItCannotBeRead) {
  repo_.write(kFile, "allow: [\n");
  EXPECT_FALSE(read(repo_.rev("HEAD")));
  std::filesystem::remove(repo_.root() / kFile);
  std::filesystem::create_directory(repo_.root() / kFile);
  EXPECT_FALSE(read(repo_.rev("HEAD")));
  std::filesystem::remove(repo_.root() / kFile);
  std::filesystem::create_symlink("nowhere", repo_.root() / kFile);
  EXPECT_FALSE(read(repo_.rev("HEAD"))) << "a dangling link";
}

}  // namespace
}  // namespace oe::evolve::test
