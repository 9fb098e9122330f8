#include <fcntl.h>
#include <gmock/gmock.h>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "process_scenario.hpp"

namespace oe::sys {
namespace {

using ::testing::HasSubstr;

class StartErrorTest : public ProcessScenario {
 protected:
  std::string script(const std::string& name, const std::string& text, bool executable) {
    std::ofstream(directory_ / name) << text;
    if (executable) std::filesystem::permissions(directory_ / name, std::filesystem::perms::owner_all);
    return (directory_ / name).string();
  }
  Error refused(ProcessSpec spec) {
    const auto process = host_->start(std::move(spec), {});
    if (process) return Error(ErrorKind::bug, "it started");
    EXPECT_EQ(process.error().kind(), ErrorKind::environment);
    return process.error();
  }
  Error refused(std::vector<std::string> argv) {
    ProcessSpec spec;
    spec.argv = std::move(argv);
    return refused(std::move(spec));
  }
};

TEST_F(StartErrorTest, NamesAProgramThatIsNotOnPath) {
  const Error error = refused({"no-such-program-7"});
  EXPECT_EQ(error.message(), "cannot start no-such-program-7: there is no such program on PATH");
  EXPECT_THAT(error.hint(), HasSubstr("install no-such-program-7"));
}

TEST_F(StartErrorTest, NamesAFileThatIsMissing) {
  EXPECT_EQ(refused({"/nowhere/tool"}).message(), "cannot start /nowhere/tool: there is no such file");
}

TEST_F(StartErrorTest, SaysWhereARelativePathCountsFrom) {
  ProcessSpec spec;
  spec.argv = {"tools/x"};
  spec.directory = directory_.path();
  EXPECT_THAT(refused(spec).hint(), HasSubstr(directory_.path().string()));
}

TEST_F(StartErrorTest, SaysHowToMakeAFileExecutable) {
  const std::string path = script("tool.sh", "#!/bin/sh\n", false);
  const Error error = refused({path});
  EXPECT_THAT(error.message(), HasSubstr("not executable"));
  EXPECT_EQ(error.hint(), "make it so with: chmod +x " + path);
}

TEST_F(StartErrorTest, SaysThatADirectoryIsNoProgram) {
  EXPECT_THAT(refused({directory_.path().string()}).message(), HasSubstr("it is a directory"));
}

TEST_F(StartErrorTest, TellsAMissingInterpreterFromAMissingFile) {
  EXPECT_THAT(refused({script("tool", "#!/no/such/interpreter\n", true)}).message(), HasSubstr("interpreter"));
}

TEST_F(StartErrorTest, AsksForAFirstLineWhereThereIsNone) {
  EXPECT_THAT(refused({script("tool", "echo hello\n", true)}).hint(), HasSubstr("#!/bin/sh"));
}

TEST_F(StartErrorTest, NamesADirectoryThatIsMissing) {
  ProcessSpec spec = shell("true");
  spec.directory = "/no/such/place";
  EXPECT_EQ(refused(spec).message(), "cannot start /bin/sh: there is no directory '/no/such/place' to start it in");
}

TEST_F(StartErrorTest, SaysWhenTheDirectoryIsAFile) {
  ProcessSpec spec = shell("true");
  spec.directory = script("file", "", false);
  EXPECT_THAT(refused(spec).message(), HasSubstr("is not a directory"));
}

TEST_F(StartErrorTest, SaysWhatToDoWithArgumentsThatAreTooLong) {
  const Error error = refused({"true", std::string(3'000'000, 'x')});
  EXPECT_THAT(error.message(), HasSubstr("too long"));
  EXPECT_THAT(error.hint(), HasSubstr("standard input"));
}

TEST_F(StartErrorTest, RefusesAnEmptyCommand) {
  const auto process = host_->start({}, {});
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().kind(), ErrorKind::usage);
}

TEST_F(StartErrorTest, LeavesNoDescriptorOpenAndTheHostUsable) {
  const auto open_files = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
  };
  run(shell("true"));  // the loop opens its own with the first process
  const auto before = open_files();
  for (int i = 0; i < 20; ++i) refused({"/nowhere/tool"});
  EXPECT_EQ(open_files(), before);
  EXPECT_EQ(run(shell("echo fine")).out, "fine\n");
  EXPECT_EQ(open_files(), before);
}

TEST_F(StartErrorTest, WithoutFreeDescriptorsItSaysSoAndLeavesNothingBehind) {
  run(shell("true"));
  const auto next_free = static_cast<rlim_t>(::open("/dev/null", O_RDONLY));
  ::close(static_cast<int>(next_free));
  rlimit old{};
  ::getrlimit(RLIMIT_NOFILE, &old);
  std::vector<std::string> messages;         // looked at afterwards: matchers under UBSan need descriptors themselves
  for (rlim_t free = 0; free < 5; ++free) {  // two pipes and the handle of the process
    const rlimit few{next_free + free, old.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    messages.push_back(refused(shell("sleep 30")).message());
  }
  ::setrlimit(RLIMIT_NOFILE, &old);
  EXPECT_THAT(messages, ::testing::Each(HasSubstr("too many open files")));
  EXPECT_EQ(run(shell("echo fine")).out, "fine\n");
  host_.reset();
  EXPECT_EQ(children_of_this_process(), "");
}

TEST(FindProgram, LooksOnPathAndGivesAnAbsolutePath) {
  const TemporaryDirectory directory;
  const std::string old_path = std::getenv("PATH");
  std::filesystem::create_directory(directory / "empty");
  std::ofstream(directory / "only-here") << "#!/bin/sh\n";
  ::setenv("PATH", ((directory / "empty").string() + ":" + directory.path().string()).c_str(), 1);
  EXPECT_FALSE(find_program("only-here")) << "not executable yet";
  std::filesystem::permissions(directory / "only-here", std::filesystem::perms::owner_all);
  EXPECT_EQ(find_program("only-here"), directory / "only-here");
  EXPECT_FALSE(find_program("empty")) << "a directory is no program";
  EXPECT_FALSE(find_program(""));
  ::setenv("PATH", old_path.c_str(), 1);
  EXPECT_FALSE(find_program("only-here"));
}

TEST(EnvironmentWith, SetsReplacesAndRemoves) {
  ::setenv("OE_TEST_A", "1", 1);
  ::setenv("OE_TEST_AB", "2", 1);
  const Environment environment = environment_with({{"OE_TEST_A", "new=1"}, {"OE_TEST_C", ""}, {"HOME", std::nullopt}});
  EXPECT_THAT(environment, ::testing::Contains("OE_TEST_A=new=1"));
  EXPECT_THAT(environment, ::testing::Not(::testing::Contains("OE_TEST_A=1")));
  EXPECT_THAT(environment, ::testing::Contains("OE_TEST_AB=2"));
  EXPECT_THAT(environment, ::testing::Contains("OE_TEST_C="));
  EXPECT_THAT(environment, ::testing::Not(::testing::Contains(::testing::StartsWith("HOME="))));
  ::unsetenv("OE_TEST_A");
  ::unsetenv("OE_TEST_AB");
}

}  // namespace
}  // namespace oe::sys
