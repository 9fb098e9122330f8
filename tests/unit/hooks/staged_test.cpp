#include "oe/hooks/staged.hpp"

#include "hooks/object_reader.hpp"
#include "oe/hooks/history.hpp"
#include "repository_fixture.hpp"

namespace oe::hooks {
namespace {

using Kind = StagedTree::Kind;

class StagedTest : public test::RepositoryTest {
 protected:
  StagedTest() {
    init();
    write("flows/a b.experience.yaml", "name: x\n");
    write("tools/run.sh", "exit 0\n");
    sh("chmod +x tools/run.sh && ln -s tools/run.sh link && ln -s nowhere dangling && git add -A");
  }
  StagedTree tree() const { return StagedTree::open(place()).value(); }
};

TEST_F(StagedTest, SeesTheIndexAndNotTheDisk) {
  write("tools/run.sh", "changed\n");
  write("tools/new.sh", "not staged\n");
  write(".gitignore", "data\n");
  write("data", "ignored\n");
  StagedTree::Look look;
  const StagedTree staged = tree();
  EXPECT_THAT(staged.workflows(), testing::ElementsAre("flows/a b.experience.yaml"));
  EXPECT_EQ(staged.read("flows/../tools/run.sh", look).value(), "exit 0\n");
  EXPECT_EQ(staged.kind("tools/run.sh", look), Kind::executable);
  EXPECT_EQ(staged.kind("link", look), Kind::executable);
  EXPECT_EQ(staged.kind("dangling", look), Kind::missing);
  EXPECT_EQ(staged.kind("tools", look), Kind::directory);
  EXPECT_EQ(staged.kind("data", look), Kind::file);
  EXPECT_EQ(staged.kind("tools/new.sh", look), Kind::missing);
  EXPECT_THAT(look.unstaged, testing::ElementsAre("tools/new.sh"));
  EXPECT_FALSE(staged.read("tools/new.sh", look));
}
TEST_F(StagedTest, WhatWasLookedAtHoldsUntilTheIndexChanges) {
  StagedTree::Look look;
  for (const char* path : {"tools/run.sh", "tools", "gone", "link"}) tree().kind(path, look);
  for (const std::string& line : look.lines) EXPECT_TRUE(tree().holds(line)) << line;
  sh("git rm -q --cached -r tools && echo x >gone && git add gone");
  std::size_t broken = 0;
  for (const std::string& line : look.lines) broken += !tree().holds(line);
  EXPECT_EQ(broken, 3U) << testing::PrintToString(look.lines);
}
TEST_F(StagedTest, TellsWhatACommitChanges) {
  StagedTree::Look look;
  tree().kind("flows/a b.experience.yaml", look);
  EXPECT_TRUE(tree().differs_from_head(look.lines).value());
  sh("git commit -qm 1");
  EXPECT_FALSE(tree().differs_from_head(look.lines).value());
}
TEST_F(StagedTest, ReadsObjectsUnderNamesWithBlanks) {
  ObjectReader reader(root_);
  EXPECT_FALSE(reader.read("HEAD:a missing").value());
  EXPECT_FALSE(reader.read("HEAD:x blob 3").value());
  EXPECT_EQ(reader.read(":flows/a b.experience.yaml").value()->bytes, "name: x\n");
}

TEST(Pushed, AreTheBranchesOfProposals) {
  const auto all = pushed_proposals("refs/heads/main 1 refs/heads/main 2\nrefs/heads/oe/tune/x/1 3 refs/heads/y 4\n(delete) 0 refs/heads/oe/z 5\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].branch, "oe/tune/x/1");
  EXPECT_EQ(all[0].commit, "3");
}

}  // namespace
}  // namespace oe::hooks
