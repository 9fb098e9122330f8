#include "oe/hooks/install.hpp"

#include <map>
#include <sys/stat.h>

#include "hooks/scripts.hpp"
#include "repository_fixture.hpp"

namespace oe::hooks {
namespace {

namespace fs = std::filesystem;

class InstallTest : public test::RepositoryTest {
 protected:
  InstallTest() {
    init();
    // Enough of a program for what is looked at here: its mark.
    write("bin/oe-hook", std::string("\x7f" "ELF") + std::string(kMark) + "\n");
    sh("chmod +x bin/oe-hook && rm -f .git/hooks/*");
  }
  HooksDirectory directory() const { return hooks_directory(place()).value(); }
  Result<void> put(HookChoice choice = {}) const {
    return install(place(), directory(), {root_ / "bin/oe", root_ / "bin/oe-hook"}, choice);
  }
  Result<void> take(HookChoice choice = {}) const { return uninstall(place(), directory(), choice); }
  HookState state(std::string_view name) const {
    for (const Hook& hook : survey(directory()))
      if (hook.name == name) return hook.state;
    return HookState::absent;
  }
  /// Names, modes, bytes and targets of all that is in .git/hooks.
  std::map<std::string, std::string> hooks() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::directory_iterator(root_ / ".git/hooks")) {
      struct stat facts {};
      ::lstat(entry.path().c_str(), &facts);
      all[entry.path().filename()] =
          fmt::format("{:o} {}", facts.st_mode, entry.is_symlink() ? fs::read_symlink(entry).string() : read(entry));
    }
    return all;
  }
};

TEST_F(InstallTest, TwiceIsOnceAndUninstallLeavesNothing) {
  const auto before = hooks();
  ASSERT_TRUE(put());
  const auto once = hooks();
  EXPECT_EQ(once.size(), kHookNames.size());
  EXPECT_EQ(state("pre-commit"), HookState::alone);
  ASSERT_TRUE(put());
  EXPECT_EQ(hooks(), once);
  ASSERT_TRUE(take());
  EXPECT_EQ(hooks(), before);
  EXPECT_FALSE(fs::exists(root_ / ".git/oe"));
  ASSERT_TRUE(take());
}
TEST_F(InstallTest, PutsBackModesSymlinksAndAbsence) {
  write("mine.sh", "#!/bin/sh\nexit 0\n");
  sh("ln -s ../../mine.sh .git/hooks/pre-commit; printf 'no shebang' >.git/hooks/post-commit; chmod 0751 "
     ".git/hooks/post-commit; printf '#!/bin/sh\\n' >.git/hooks/pre-push; chmod 0644 .git/hooks/pre-push");
  const auto before = hooks();
  ASSERT_TRUE(put());
  EXPECT_EQ(state("pre-commit"), HookState::first);
  EXPECT_EQ(state("pre-push"), HookState::first);
  ASSERT_TRUE(put());
  ASSERT_TRUE(take());
  EXPECT_EQ(hooks(), before);
}
TEST_F(InstallTest, TakesTheDirectoryAwayThatItMade) {
  sh("rmdir .git/hooks");
  ASSERT_TRUE(put());
  ASSERT_TRUE(take());
  EXPECT_FALSE(fs::exists(root_ / ".git/hooks"));
}
TEST_F(InstallTest, WhatWasCutOffIsEndedByTheNextOne) {
  sh("printf '#!/bin/sh\\nexit 3\\n' >.git/hooks/pre-commit; chmod +x .git/hooks/pre-commit");
  const auto before = hooks();
  sh("ln .git/hooks/pre-commit .git/hooks/pre-commit.before-oe; echo half >.git/hooks/pre-commit.oe-new; echo >.git/hooks/.oe-1-0.tmp");
  EXPECT_EQ(state("pre-commit"), HookState::foreign);
  ASSERT_TRUE(take());
  EXPECT_EQ(hooks(), before);
  sh("ln .git/hooks/pre-commit .git/hooks/pre-commit.before-oe");
  ASSERT_TRUE(put());
  EXPECT_EQ(state("pre-commit"), HookState::first);
  ASSERT_TRUE(take());
  EXPECT_EQ(hooks(), before);
}
TEST_F(InstallTest, TouchesNothingWhereSomebodyChangedAHook) {
  sh("printf '#!/bin/sh\\n' >.git/hooks/pre-commit; chmod +x .git/hooks/pre-commit");
  const auto before = hooks();
  ASSERT_TRUE(put());
  sh("echo '# mine' >>.git/hooks/pre-commit");
  const auto edited = hooks();
  EXPECT_EQ(state("pre-commit"), HookState::edited);
  const auto refused = take();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().to_string(), testing::HasSubstr("pre-commit was changed by hand"));
  EXPECT_FALSE(put());
  EXPECT_EQ(hooks(), edited);
  ASSERT_TRUE(take({.force = true}));
  EXPECT_EQ(hooks(), before);
}
TEST_F(InstallTest, StaysInTheChainOfPreCommit) {
  ASSERT_TRUE(put());
  sh("cd .git/hooks && mv pre-commit pre-commit.legacy && printf '#!/bin/sh\\n# https://pre-commit.com\\n' >pre-commit");
  EXPECT_EQ(state("pre-commit"), HookState::behind);
  const auto together = hooks();
  ASSERT_TRUE(put());
  EXPECT_EQ(hooks(), together);
  ASSERT_TRUE(take());
  EXPECT_FALSE(fs::exists(root_ / ".git/hooks/pre-commit.legacy"));
  EXPECT_TRUE(fs::exists(root_ / ".git/hooks/pre-commit"));
}
TEST_F(InstallTest, ComesBackBehindLefthook) {
  sh("printf '#!/bin/sh\\necho mine\\n' >.git/hooks/pre-commit; chmod +x .git/hooks/pre-commit");
  ASSERT_TRUE(put());
  sh("cd .git/hooks && mv pre-commit pre-commit.old && printf '#!/bin/sh\\n: \"$LEFTHOOK\"\\n' >pre-commit && chmod +x pre-commit");
  EXPECT_EQ(state("pre-commit"), HookState::replaced);
  ASSERT_TRUE(put());
  EXPECT_EQ(state("pre-commit"), HookState::first);
  EXPECT_THAT(read(root_ / ".git/hooks/pre-commit.old"), testing::HasSubstr("echo mine"));
  EXPECT_THAT(read(root_ / ".git/hooks/pre-commit.before-oe"), testing::HasSubstr("LEFTHOOK"));
  ASSERT_TRUE(take());
  EXPECT_THAT(read(root_ / ".git/hooks/pre-commit"), testing::HasSubstr("LEFTHOOK"));
}
TEST_F(InstallTest, AsksBeforeItTouchesWhatOthersUse) {
  write(".githooks/pre-commit", "#!/bin/sh\n");
  sh("git add .githooks && git config core.hooksPath .githooks");
  EXPECT_THAT(directory().shared, testing::HasSubstr("git tracks it"));
  const auto refused = put();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().to_string(), testing::HasSubstr("--shared"));
  EXPECT_FALSE(fs::exists(root_ / ".githooks/post-commit"));
  ASSERT_TRUE(put({.shared = true}));
  EXPECT_THAT(read(root_ / ".githooks/post-commit"), testing::StartsWith("#!/bin/sh"));
  ASSERT_TRUE(take({.shared = true}));
  EXPECT_FALSE(fs::exists(root_ / ".githooks/post-commit"));
}
TEST_F(InstallTest, HonoursAnUntrackedDirectoryInTheWorkingTree) {
  sh("mkdir -p .husky/_ && git config core.hooksPath .husky/_");
  EXPECT_EQ(directory().shared, "");
  ASSERT_TRUE(put());
  EXPECT_TRUE(fs::exists(root_ / ".husky/_/pre-commit"));
}

TEST(Script, KnowsItselfUntilSomebodyChangesIt) {
  const std::string script = script_for("pre-push", "", "/usr/bin/oe-hook");
  EXPECT_EQ(origin_of(script), Origin::script);
  EXPECT_EQ(origin_of(script + "\n"), Origin::edited);
  EXPECT_EQ(origin_of("#!/bin/sh\n"), Origin::other);
  EXPECT_THAT(script, testing::Not(testing::HasSubstr("@HOOK@")));
}
TEST(Script, ReadsAShellScriptThatAsksForItsName) {
  EXPECT_THAT(script_for("pre-commit", "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n", "/x"), testing::HasSubstr("sh -c '. "));
  EXPECT_THAT(script_for("pre-commit", "#!/usr/bin/env bash\necho $0\n", "/x"), testing::HasSubstr("bash -c '. "));
  EXPECT_THAT(script_for("pre-commit", "#!/usr/bin/env python3\nprint('$0')\n", "/x"), testing::HasSubstr("then \"$before\" \"$@\""));
}

}  // namespace
}  // namespace oe::hooks
