#include "oe/formats/reader.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sstream>
#include <unistd.h>

#include "reading.hpp"

namespace oe::formats {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "oe-formats-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  void TearDown() override { fs::remove_all(path_); }

  std::string write(const std::string& name, const std::string& text, fs::perms permissions = fs::perms::owner_read) {
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    fs::permissions(file, permissions, fs::perm_options::add);
    return file.string();
  }

  fs::path path_;
};

TEST_F(Folder, FilesBelowItAreToldApart) {
  write("tools/run.sh", "#!/bin/sh\n", fs::perms::owner_exec);
  const std::string absolute = write("data/a b.csv", "x\n1\n");
  fs::create_symlink("data/a b.csv", path_ / "link.csv");
  fs::create_symlink("nowhere", path_ / "dangling");
  const Files files = files_below(path_.string());
  EXPECT_EQ(files.kind("tools/run.sh"), Files::Kind::executable);
  EXPECT_EQ(files.kind("./data/a b.csv"), Files::Kind::file);
  EXPECT_EQ(files.kind("link.csv"), Files::Kind::file);
  EXPECT_EQ(files.kind("dangling"), Files::Kind::missing);
  EXPECT_EQ(files.kind("tools"), Files::Kind::directory);
  EXPECT_EQ(files.kind("tools/run.sh/x"), Files::Kind::missing);
  EXPECT_EQ(files.kind(absolute), Files::Kind::file);
  EXPECT_EQ(*files.read("data/a b.csv"), "x\n1\n");
  EXPECT_FALSE(files.read("gone"));
  EXPECT_FALSE(files.read("tools"));
}

TEST_F(Folder, AWorkflowIsFoundInIt) {
  const std::string file = write("flow/experience.yaml", "");
  EXPECT_EQ(*find_workflow((path_ / "flow").string()), file);
  EXPECT_EQ(*find_workflow((path_ / "flow/").string()), file);
  EXPECT_EQ(*find_workflow(file), file);
}
TEST_F(Folder, AMissingWorkflowIsExplained) {
  fs::create_directories(path_ / "odd/experience.yaml");
  for (const char* name : {"", "odd"}) {
    const auto found = find_workflow((path_ / name).string());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind(), ErrorKind::input);
    EXPECT_THAT(found.error().to_string(),
                AllOf(HasSubstr("there is no workflow in"), HasSubstr("experience.yaml"), HasSubstr("oe init")));
  }
  EXPECT_THAT(find_workflow((path_ / "gone").string()).error().to_string(), HasSubstr("there is no file or folder"));
}
TEST_F(Folder, AWorkflowIsReadWithItsRealFiles) {
  write("t.py", "print(1)");
  const Reading reading = read(with_nodes("  - {id: a, kind: tool, impl: t.py}\n"), files_below(path_.string()));
  ASSERT_EQ(reading.problems.size(), 1U);
  EXPECT_EQ(reading.problems[0].hint, "chmod +x t.py");
}

TEST(ReadWorkflow, SaysWhichFormatItCannotReadYet) {
  const auto message = [](const char* text) {
    const auto reading = read_workflow(text, "w", some_files());
    return reading ? "it was read" : reading.error().to_string();
  };
  EXPECT_THAT(message("id: x\nosop_version: '1.0'\nnodes: []\n"),
              AllOf(HasSubstr("w:2:"), HasSubstr("the format OSOP is not read yet"), HasSubstr("experience.yaml")));
  EXPECT_THAT(message("loop_name: x\nversion: 1.0.0\n"), HasSubstr("the format LSS is not read yet"));
  EXPECT_THAT(message(R"({"version": 1, "total_rounds": 3, "commands": {"verify": "make"}})"),
              HasSubstr("the format OpenLoop is not read yet"));
}
TEST(ReadWorkflow, TakesAnExperienceInJson) {
  const Reading reading = read(
      R"({"name": "w", "version": "0.1.0", "state": {"schema": {}}, "graph": {"nodes": [{"id": "a", "kind": "tool", "impl": "t.mjs"}], "edges": []}})");
  EXPECT_THAT(reading.problems, IsEmpty());
}
TEST(ReadWorkflow, FailsWithAPlaceWhenThereIsNoTree) {
  for (const char* text : {"name: w\nname: v\n", "a: [1\n", "a: *b\n", "", "name: \xFF\n"}) {
    const auto reading = read_workflow(text, "w", some_files());
    ASSERT_FALSE(reading) << text;
    EXPECT_EQ(reading.error().kind(), ErrorKind::input);
    EXPECT_EQ(reading.error().location().file, "w");
  }
}
TEST(ReadWorkflow, ReadsCrlfAndAByteOrderMark) {
  std::string text = with_nodes("  - {id: a, kind: tool, impl: gone.mjs}\n");
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) text.insert(at, "\r");
  const Reading reading = read("\xEF\xBB\xBF" + text);
  ASSERT_EQ(reading.problems.size(), 1U);
  EXPECT_EQ(reading.problems[0].where, (Location{"w", 6, 31, "/graph/nodes/0/impl"}));
}

TEST(Vectors, HaveNoErrors) {
  for (const auto& vector : fs::directory_iterator(fs::path(OE_SOURCE_DIR) / "fixtures/openexpertise")) {
    const fs::path file = vector.path() / "experience.yaml";
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    const Reading reading = read(text.str(), files_below(vector.path().string()));
    for (const Problem& problem : reading.problems) {
      EXPECT_EQ(problem.severity, Severity::warning) << file << ": " << to_string(problem);
    }
  }
}

class Corpus : public testing::TestWithParam<const char*> {};
TEST_P(Corpus, HasNoProblemButMissingFilesAndInputs) {
  const fs::path path =
      fs::path(OE_SOURCE_DIR) / "../shared/corpus/openexpertise" / (std::string(GetParam()) + ".experience.yaml");
  if (!fs::exists(path)) GTEST_SKIP() << path << " is not here";
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  for (const Problem& problem : read(text.str(), files_below(path.parent_path().string())).problems) {
    EXPECT_THAT(problem.message, testing::AnyOf(HasSubstr("does not exist"), HasSubstr("which no node writes")))
        << to_string(problem);
  }
}
INSTANTIATE_TEST_SUITE_P(OpenExpertise, Corpus,
                         testing::Values("cli-orchestration", "dataset-aggregate", "issue-triage", "release-gates",
                                         "review-branch"));

}  // namespace
}  // namespace oe::formats
