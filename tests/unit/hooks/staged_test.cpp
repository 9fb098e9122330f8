#include "oe/hooks/staged.hpp"

#include <fstream>

#include "hooks/object_reader.hpp"
#include "oe/hooks/history.hpp"
#include "repository_fixture.hpp"

namespace oe::hooks {
namespace {

namespace fs = std::filesystem;

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
  const std::vector<std::string> lines(look.lines.begin(), look.lines.end());
  EXPECT_TRUE(tree().differs_from_head(lines).value());
  sh("git commit -qm 1");
  EXPECT_FALSE(tree().differs_from_head(lines).value());
}
TEST_F(StagedTest, ReadsObjectsUnderNamesWithBlanks) {
  ObjectReader reader(place());
  EXPECT_FALSE(reader.read("HEAD:a missing").value());
  EXPECT_FALSE(reader.read("HEAD:x blob 3").value());
  EXPECT_EQ(reader.read(":flows/a b.experience.yaml").value()->bytes, "name: x\n");
}

class LooseTest : public test::RepositoryTest {
 protected:
  static constexpr std::size_t kMost = std::size_t{1} << 20;
  LooseTest() { init(); }
  /// Puts bytes into git's store; their name there.
  std::string stored(const std::string& bytes) {
    write("file", bytes);
    return sh("git hash-object -w file").substr(0, 40);
  }
  fs::path file_of(const std::string& id) const { return objects_ / id.substr(0, 2) / id.substr(2); }
  void damage(const std::string& id, const std::string& bytes) {
    fs::permissions(file_of(id), fs::perms::owner_write, fs::perm_options::add);
    std::ofstream(file_of(id), std::ios::binary) << bytes;
  }
  const fs::path objects_ = root_ / ".git/objects";
};

TEST_F(LooseTest, AreReadAsGitWroteThem) {
  for (const std::string& bytes : {std::string(), std::string("x\n"), std::string("a\0b", 3), std::string(100'000, 'y')}) {
    const std::string id = stored(bytes);
    const auto object = loose_object(objects_, id, kMost);
    ASSERT_TRUE(object) << bytes.size();
    EXPECT_EQ(object->type, "blob");
    EXPECT_EQ(object->bytes, bytes);
  }
}
TEST_F(LooseTest, AreLeftToGitWhenTheyAreNotWhole) {
  const std::string bytes = std::string(5000, 'z') + "end";
  const std::string id = stored(bytes);
  const std::string packed = read(file_of(id));
  for (std::size_t size = 0; size < packed.size(); ++size) {
    damage(id, packed.substr(0, size));
    EXPECT_FALSE(loose_object(objects_, id, kMost)) << size << " bytes";
  }
  for (std::size_t at = 0; at < packed.size(); ++at) {
    std::string other = packed;
    other[at] = static_cast<char>(other[at] ^ 0x10);
    damage(id, other);
    const auto object = loose_object(objects_, id, kMost);
    EXPECT_TRUE(!object || object->bytes == bytes) << "a changed byte " << at << " went unseen";
  }
  EXPECT_FALSE(loose_object(objects_, "HEAD:file", kMost));
  EXPECT_FALSE(loose_object(objects_, std::string(40, '0'), kMost));
}
TEST_F(LooseTest, AreFoundInPacksAllTheSame) {
  write("kept", "in a pack\n");
  const std::string id = sh("git add kept && git commit -qm 1 && git gc -q --prune=now && git rev-parse HEAD:kept").substr(0, 40);
  EXPECT_FALSE(loose_object(objects_, id, kMost));
  ObjectReader reader(place());
  EXPECT_EQ(reader.read(id).value()->bytes, "in a pack\n");
}
TEST_F(LooseTest, AreNotReadWhenTheyAreTooLarge) {
  EXPECT_FALSE(loose_object(objects_, stored(std::string(3000, 'q')), 2999));
}

TEST(Pushed, AreTheBranchesOfProposals) {
  const auto all = pushed_proposals("refs/heads/main 1 refs/heads/main 2\nrefs/heads/oe/tune/x/1 3 refs/heads/y 4\n(delete) 0 refs/heads/oe/z 5\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].branch, "oe/tune/x/1");
  EXPECT_EQ(all[0].commit, "3");
}

}  // namespace
}  // namespace oe::hooks
