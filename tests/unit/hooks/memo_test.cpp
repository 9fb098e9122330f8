#include "hooks/memo.hpp"

#include "oe/base/text.hpp"
#include "oe/hooks/valid.hpp"

#include "repository_fixture.hpp"

namespace oe::hooks {
namespace {

TEST(WorkflowName, IsExperienceYamlOrEndsWithIt) {
  for (const char* path : {"experience.yaml", "a/experience.yaml", "a/release.experience.yaml"}) EXPECT_TRUE(is_workflow_name(path));
  for (const char* path : {"myexperience.yaml", "experience.yaml.bak", "experience.yml", "a/b.yaml", ""})
    EXPECT_FALSE(is_workflow_name(path));
}

class MemoTest : public test::RepositoryTest {
 protected:
  MemoTest() {
    init();
    write("experience.yaml", "name: x\n");
    write("tools/a.mjs", "export default 1\n");
    write("README", "x\n");
    sh("git add -A");
    id_ = id("experience.yaml");
  }
  std::string id(const std::string& path) const { return std::string(trim(sh("git rev-parse ':" + path + "'"))); }
  std::string memo(const std::string& lines = "", const std::string& on = "-") const {
    return fmt::format("{}w {} 100644 {} experience.yaml\n{}", kMemoHeader, on, id_, lines);
  }
  Standing standing(const std::string& memo) const {
    const std::string bytes = read(root_ / ".git/index");
    IndexReader reader(bytes, 20);
    return standing_of(reader, memo);
  }
  std::string id_;
};

TEST_F(MemoTest, KnowsAWorkflowThatIsAsItWas) {
  EXPECT_TRUE(standing(memo()).known);
  write("README", "more\n");
  sh("git add -A");
  EXPECT_TRUE(standing(memo()).known);
  write("experience.yaml", "name: y\n");
  sh("git add -A");
  EXPECT_FALSE(standing(memo()).known);
}
TEST_F(MemoTest, KnowsNothingWithoutAMemo) {
  for (const char* text : {"", "oe valid 2\n", "oe valid 1\n", "oe valid 1\nx\n", "oe valid 1\n= 100644 0 a\n"})
    EXPECT_FALSE(standing(text).known) << text;
  sh("git rm -q --cached experience.yaml");
  EXPECT_TRUE(standing("").known);
}
TEST_F(MemoTest, DoesNotKnowASecondWorkflow) {
  write("other/experience.yaml", "name: z\n");
  sh("git add -A");
  EXPECT_FALSE(standing(memo()).known);
}
TEST_F(MemoTest, LooksAtWhatTheWorkflowDependedOn) {
  const std::string tool = fmt::format("= 100644 {} tools/a.mjs\n", id("tools/a.mjs"));
  EXPECT_TRUE(standing(memo(tool + "/ tools/\n! data\n! data/\n! tools/b.mjs\n")).known);
  EXPECT_FALSE(standing(memo("= 100755" + tool.substr(8))).known);
  EXPECT_FALSE(standing(memo("/ data/\n")).known);
  EXPECT_FALSE(standing(memo("! tools/\n")).known);
  EXPECT_FALSE(standing(memo("! tools/a.mjs\n")).known);
  EXPECT_FALSE(standing(memo("= 100644 " + id_ + " gone\n")).known);
}
TEST_F(MemoTest, NeedsOneRecordOfAWorkflowThatHolds) {
  const std::string broken = fmt::format("w - 100644 {} experience.yaml\n= 100644 {} gone\n", id_, id_);
  EXPECT_FALSE(standing(std::string(kMemoHeader) + broken).known);
  EXPECT_TRUE(standing(memo() + broken).known);
}
TEST_F(MemoTest, SaysWhatStartsARun) {
  EXPECT_FALSE(standing(memo("", "m")).on_commit);
  EXPECT_TRUE(standing(memo("", "m")).on_merge);
  EXPECT_TRUE(standing(memo("", "cm")).on_commit);
}
TEST_F(MemoTest, IsReadAsItWasWritten) {
  const Looked looked{fmt::format("w c 100644 {} experience.yaml", id_), {"! data", "! data/", "/ tools/"}};
  ASSERT_TRUE(write_valid(place(), {looked}, {}));
  EXPECT_THAT(read_valid(place()), testing::ElementsAre(looked));
  EXPECT_TRUE(standing(read(root_ / ".git/oe/valid")).known);
  const auto before = read_valid(place());
  for (int i = 0; i < 9; ++i)
    ASSERT_TRUE(write_valid(place(), {{fmt::format("w - 100644 {}{} experience.yaml", id_.substr(1), i), {}}}, read_valid(place())));
  EXPECT_EQ(read_valid(place()).size(), 4U);
}

}  // namespace
}  // namespace oe::hooks
