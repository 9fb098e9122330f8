#include "oe/git/program.hpp"

#include <gtest/gtest.h>

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

class Program : public ::testing::Test {
 protected:
  GitAnswer run(std::vector<std::string> arguments) { return must(run_git({repo_.root(), std::move(arguments), {}})); }
  /// A variable of what git starts.
  std::string seen(const std::string& name) { return run({"-c", "alias.tell=!echo \"$" + name + "\"", "tell"}).out; }

  TempRepo repo_;
};

// git is in the background of the terminal: who reads there is stopped, and oe with him.
TEST_F(Program, NothingThatItStartsAsksOnTheTerminal) {
  const ScopedEnvironment unset("SSH_ASKPASS_REQUIRE", std::nullopt);
  EXPECT_EQ(seen("SSH_ASKPASS_REQUIRE"), "force\n");
  EXPECT_EQ(seen("GIT_TERMINAL_PROMPT"), "0\n");
}

TEST_F(Program, TheUsersOwnWayOfAskingStays) {
  const ScopedEnvironment set("SSH_ASKPASS_REQUIRE", "prefer");
  EXPECT_EQ(seen("SSH_ASKPASS_REQUIRE"), "prefer\n");
}

TEST_F(Program, AnotherExitCodeIsAnAnswer) {
  const GitAnswer answer = run({"rev-parse", "--verify", "--quiet", "no/such"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_EQ(git_words(answer), "git ended with code 1 and said nothing");
}

TEST(GitWords, AreThoseOfGitWithoutItsHints) {
  EXPECT_EQ(git_words({.code = 1, .out = "one\n", .err = "hint: do this\n\nfatal: no\n"}), "fatal: no\none");
}

TEST(GitWords, HoldNoPassword) {
  const auto words = [](const std::string& line) { return git_words({.code = 1, .out = {}, .err = line}); };
  EXPECT_EQ(words("unable to access 'https://me:secret@host/p.git/': no"), "unable to access 'https://host/p.git/': no");
  EXPECT_EQ(words("https://me:p@ss:w@rd@host and http://token@other/x"), "https://host and http://other/x");
  EXPECT_EQ(words("https://me:secret@host"), "https://host");
  EXPECT_EQ(words("https://host/a@b ssh://host:22/c git@host:d"), "https://host/a@b ssh://host:22/c git@host:d");
}

}  // namespace
}  // namespace oe::git
