#include "oe/sys/file.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <thread>

#include "process_scenario.hpp"

namespace oe::sys {
namespace fs = std::filesystem;
namespace {

using ::testing::HasSubstr;

class FileTest : public ::testing::Test {
 protected:
  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_.path())) names.push_back(entry.path().filename());
    return names;
  }
  TemporaryDirectory directory_;
};

TEST_F(FileTest, ReadsWhatWasWrittenByteForByte) {
  const std::string bytes("a\0b\r\n\xff no newline at the end", 28);
  ASSERT_TRUE(write_file(directory_ / "f", bytes));
  EXPECT_EQ(read_file(directory_ / "f", 100).value(), bytes);
  ASSERT_TRUE(write_file(directory_ / "f", ""));
  EXPECT_EQ(read_file(directory_ / "f", 0).value(), "");
}

TEST_F(FileTest, ReadsALargeFileAndOneThatSaysItIsEmpty) {
  const std::string large(3'000'000, 'x');
  ASSERT_TRUE(write_file(directory_ / "large", large));
  EXPECT_EQ(read_file(directory_ / "large", large.size()).value(), large);
  EXPECT_THAT(read_file("/proc/self/status", 100'000).value(), HasSubstr("Pid:"));
}

TEST_F(FileTest, RefusesToReadMoreThanTheLimit) {
  ASSERT_TRUE(write_file(directory_ / "f", "12345"));
  EXPECT_TRUE(read_file(directory_ / "f", 5));
  const auto text = read_file(directory_ / "f", 4);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind(), ErrorKind::input);
  EXPECT_EQ(text.error().message(), (directory_ / "f").string() + " is too large: more than 4 bytes");
  EXPECT_EQ(read_file("/proc/self/status", 10).error().kind(), ErrorKind::input);
}

TEST_F(FileTest, NamesWhatCannotBeRead) {
  EXPECT_EQ(read_file(directory_ / "none", 9).error().message(),
            "cannot read " + (directory_ / "none").string() + ": no such file or directory");
  EXPECT_THAT(read_file(directory_.path(), 9).error().message(), HasSubstr("it is a directory"));
  ASSERT_TRUE(write_file(directory_ / "f", ""));
  EXPECT_THAT(read_file(directory_ / "f" / "below", 9).error().message(), HasSubstr("not a directory"));
  EXPECT_EQ(read_file(directory_ / "none", 9).error().kind(), ErrorKind::environment);
}

TEST_F(FileTest, DoesNotWaitForTheWriterOfANamedPipe) {
  ASSERT_EQ(::mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(read_file(directory_ / "pipe", 9).error().message(), HasSubstr("not a regular file"));
  EXPECT_THAT(read_file("/dev/zero", 9).error().message(), HasSubstr("not a regular file"));
}

TEST_F(FileTest, WritingLeavesNothingButTheFile) {
  ASSERT_TRUE(write_file(directory_ / "f", "one"));
  ASSERT_TRUE(write_file(directory_ / "f", "two", Durable::yes));
  EXPECT_THAT(entries(), ::testing::ElementsAre("f"));
  EXPECT_EQ(content_of(directory_ / "f"), "two");
}

TEST_F(FileTest, WritingKeepsThePermissionsOfTheFileThatItReplaces) {
  ASSERT_TRUE(write_file(directory_ / "f", "one"));
  fs::permissions(directory_ / "f", fs::perms::owner_all | fs::perms::group_read);
  ASSERT_TRUE(write_file(directory_ / "f", "two"));
  EXPECT_EQ(fs::status(directory_ / "f").permissions(), fs::perms::owner_all | fs::perms::group_read);
}

TEST_F(FileTest, WritingReplacesALinkAndNotWhatItPointsAt) {
  ASSERT_TRUE(write_file(directory_ / "goal", "untouched"));
  fs::create_symlink(directory_ / "goal", directory_ / "link");
  ASSERT_TRUE(write_file(directory_ / "link", "new"));
  EXPECT_EQ(content_of(directory_ / "goal"), "untouched");
  EXPECT_EQ(content_of(directory_ / "link"), "new");
}

TEST_F(FileTest, WritingIsNotDisturbedByATemporaryFileOfADeadProcess) {
  const fs::path stale = directory_ / (".oe-" + std::to_string(::getpid()) + "-0.tmp");
  std::ofstream(stale) << "stale";
  ASSERT_TRUE(write_file(directory_ / "f", "new"));
  EXPECT_EQ(content_of(directory_ / "f"), "new");
  EXPECT_EQ(content_of(stale), "stale");
}

TEST_F(FileTest, WritingThatFailsLeavesTheOldFileAndNoOther) {
  fs::create_directory(directory_ / "f");
  std::ofstream(directory_ / "f" / "inside") << "x";
  const auto written = write_file(directory_ / "f", "new");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message(), HasSubstr((directory_ / "f").string()));
  EXPECT_THAT(entries(), ::testing::ElementsAre("f"));
  EXPECT_THAT(write_file(directory_ / "no" / "f", "x").error().message(), HasSubstr("no such file or directory"));
}

TEST_F(FileTest, MakesDirectoriesAndSaysWhatIsInTheWay) {
  EXPECT_TRUE(make_directories(directory_ / "a" / "b" / "c"));
  EXPECT_TRUE(make_directories(directory_ / "a" / "b" / "c"));
  EXPECT_TRUE(fs::is_directory(directory_ / "a" / "b" / "c"));
  ASSERT_TRUE(write_file(directory_ / "file", ""));
  EXPECT_THAT(make_directories(directory_ / "file").error().message(), HasSubstr("file"));
  EXPECT_THAT(make_directories(directory_ / "file" / "x").error().message(), HasSubstr("not a directory"));
}

TEST_F(FileTest, AppendsToWhatIsThere) {
  ASSERT_TRUE(write_file(directory_ / "log", "old\n"));
  auto file = AppendFile::open(directory_ / "log");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->append("one\n"));
  AppendFile moved = std::move(*file);
  ASSERT_TRUE(moved.append(""));
  ASSERT_TRUE(moved.append("two\n"));
  ASSERT_TRUE(moved.sync());
  EXPECT_EQ(content_of(directory_ / "log"), "old\none\ntwo\n");
}

TEST_F(FileTest, TwoAppendersDoNotOverwriteEachOther) {
  auto first = AppendFile::open(directory_ / "log").value();
  auto second = AppendFile::open(directory_ / "log").value();
  ASSERT_TRUE(first.append("1\n"));
  ASSERT_TRUE(second.append("2\n"));
  ASSERT_TRUE(first.append("3\n"));
  EXPECT_EQ(content_of(directory_ / "log"), "1\n2\n3\n");
}

TEST_F(FileTest, AppendingToAFullDiskSaysSo) {
  auto file = AppendFile::open("/dev/full");
  ASSERT_TRUE(file) << file.error().to_string();
  const auto appended = file->append("x\n");
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().message(), "cannot write /dev/full: disk full");
  EXPECT_EQ(appended.error().kind(), ErrorKind::environment);
  EXPECT_FALSE(appended.error().hint().empty());
}

TEST_F(FileTest, OpeningAnAppendFileNamesTheReason) {
  EXPECT_THAT(AppendFile::open(directory_ / "no" / "log").error().message(), HasSubstr("no such file or directory"));
  EXPECT_THAT(AppendFile::open(directory_.path()).error().message(), HasSubstr("it is a directory"));
}

/// A file system of 64 KiB, which only root can make.
class TinyDiskTest : public FileTest {
 protected:
  void mount(unsigned long flags) {
    mounted_ = ::mount("tmpfs", directory_.path().c_str(), "tmpfs", flags, "size=64k") == 0;
  }
  void TearDown() override {
    if (mounted_) ::umount2(directory_.path().c_str(), MNT_DETACH);
  }
  bool mounted_ = false;
};

TEST_F(TinyDiskTest, AFullDiskKeepsTheOldFileAndWholeLines) {
  mount(0);
  if (!mounted_) GTEST_SKIP() << "mounting a tmpfs is not allowed here";
  ASSERT_TRUE(write_file(directory_ / "f", "old"));
  const auto written = write_file(directory_ / "f", std::string(200'000, 'x'), Durable::yes);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message(), "cannot write " + (directory_ / "f").string() + ": disk full");
  EXPECT_EQ(content_of(directory_ / "f"), "old");
  EXPECT_THAT(entries(), ::testing::ElementsAre("f"));

  auto log = AppendFile::open(directory_ / "log").value();
  ASSERT_TRUE(log.append("whole\n"));
  EXPECT_THAT(log.append(std::string(200'000, 'x') + "\n").error().message(), HasSubstr("disk full"));
  ASSERT_TRUE(log.append("next\n"));
  EXPECT_EQ(content_of(directory_ / "log"), "whole\nnext\n") << "half a line must not spoil the next";
}

TEST_F(TinyDiskTest, AReadOnlyDiskIsCalledSo) {
  mount(MS_RDONLY);
  if (!mounted_) GTEST_SKIP() << "mounting a tmpfs is not allowed here";
  EXPECT_THAT(write_file(directory_ / "f", "x").error().message(), HasSubstr("read-only"));
  EXPECT_THAT(AppendFile::open(directory_ / "f").error().message(), HasSubstr("read-only"));
  EXPECT_THAT(FileLock::try_acquire(directory_ / "f").error().message(), HasSubstr("read-only"));
  EXPECT_THAT(make_directories(directory_ / "d").error().message(), HasSubstr("read-only"));
}

TEST_F(FileTest, WithoutThePermissionItSaysReadOnly) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(directory_.path(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_THAT(write_file(directory_ / "f", "x").error().message(), HasSubstr("read-only"));
  fs::permissions(directory_.path(), fs::perms::owner_all);
}

TEST_F(FileTest, ALockHasOneHolderAndIsFreedByItsEnd) {
  auto first = FileLock::try_acquire(directory_ / "lock").value();
  ASSERT_TRUE(first);
  EXPECT_FALSE(FileLock::try_acquire(directory_ / "lock").value());
  FileLock moved = std::move(*first);
  first.reset();
  EXPECT_FALSE(FileLock::try_acquire(directory_ / "lock").value()) << "the lock moved, it was not freed";
  { const FileLock gone = std::move(moved); }
  EXPECT_TRUE(FileLock::try_acquire(directory_ / "lock").value());
  EXPECT_TRUE(fs::exists(directory_ / "lock"));
}

TEST_F(FileTest, ALockIsNotInheritedByChildren) {
  EventLoop loop;
  ProcessHost host(loop);
  auto lock = FileLock::try_acquire(directory_ / "lock").value();
  const auto sleeper = host.start(shell("sleep 30"), {});
  lock.reset();
  // Until it has become another program, a child has what its parent has.
  bool is_free = false;
  for (int i = 0; i < 200 && !is_free; ++i) {
    is_free = FileLock::try_acquire(directory_ / "lock").value().has_value();
    if (!is_free) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(is_free);
}

TEST_F(FileTest, ALockIsFreedByDeath) {
  EventLoop loop;
  ProcessHost host(loop);
  ProcessSpec spec;
  spec.argv = {"flock", "-n", (directory_ / "lock").string(),
               "sh",    "-c", "echo $$ > " + (directory_ / "held").string() + "; exec sleep 30"};
  auto holder = host.start(spec, {}).value();
  pid_in(directory_ / "held");
  EXPECT_FALSE(FileLock::try_acquire(directory_ / "lock").value());
  holder.reset();
  EXPECT_TRUE(FileLock::try_acquire(directory_ / "lock").value());
}

}  // namespace
}  // namespace oe::sys
