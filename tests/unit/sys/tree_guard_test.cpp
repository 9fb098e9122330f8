#include <algorithm>
#include <fcntl.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "process_scenario.hpp"

namespace oe::sys {
namespace {

/// A program that starts trees and is killed; its guard has to end them. Children that it leaves come to the test.
class TreeGuardTest : public ProcessScenario {
 protected:
  ~TreeGuardTest() override {
    host_.reset();
    const auto deadline = SteadyClock::now() + std::chrono::seconds(3);
    while (::waitpid(-1, nullptr, WNOHANG) >= 0 && SteadyClock::now() < deadline)
      std::this_thread::sleep_for(milliseconds(5));
  }

  static std::string sleeper(const std::filesystem::path& file, const std::string& how, const std::string& trap = "") {
    return "(" + how + " /bin/sh -c '" + trap + " echo $$ > " + file.string() +
           "; while :; do /bin/sleep 0.05; done' >/dev/null 2>&1 &)";
  }

  /// Runs `scripts` at once in a process of its own until somebody kills it.
  static pid_t start_ward(const std::vector<std::string>& scripts, int inherited = -1) {
    const pid_t ward = ::fork();
    if (ward != 0) return ward;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // also when an assertion ends the test
    if (inherited >= 0) ::fcntl(inherited, F_SETFD, 0);
    EventLoop loop;
    ProcessHost host(loop);
    std::vector<std::unique_ptr<Process>> processes;
    for (const std::string& script : scripts) processes.push_back(std::move(*host.start(shell(script), {})));
    loop.run();
    ::_exit(0);
  }

  static void kill_ward(pid_t ward) {
    ::kill(ward, SIGKILL);
    ::waitpid(ward, nullptr, 0);
  }

  static bool all_dead_within(milliseconds patience, const std::vector<pid_t>& pids) {
    const auto deadline = SteadyClock::now() + patience;
    while (SteadyClock::now() < deadline) {
      if (std::ranges::all_of(pids, is_dead)) return true;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
  }

  /// The process that a ward started and that is none of its trees.
  static pid_t guard_of(pid_t ward) {
    const std::string children =
        content_of("/proc/" + std::to_string(ward) + "/task/" + std::to_string(ward) + "/children");
    std::istringstream list(children);
    for (pid_t pid = 0; list >> pid;)
      if (content_of("/proc/" + std::to_string(pid) + "/comm") == "tree-guard\n") return pid;
    return 0;
  }

  std::vector<pid_t> pids_of(const std::vector<std::string>& names) const {
    std::vector<pid_t> pids;
    for (const std::string& name : names) pids.push_back(pid_in(directory_ / name));
    return pids;
  }
};

TEST_F(TreeGuardTest, NothingOutlivesAProgramThatIsKilled) {
  const std::string stubborn = "trap \"\" TERM;";
  const pid_t ward = start_ward({sleeper(directory_ / "plain", "") + "; sleep 60",
                                 sleeper(directory_ / "session", "setsid") + "; sleep 60",
                                 sleeper(directory_ / "stubborn", "setsid", stubborn) + "; " + stubborn + " sleep 60",
                                 "(" + sleeper(directory_ / "twice", "setsid", stubborn) + " &) ; sleep 60"});
  std::vector<pid_t> pids = pids_of({"plain", "session", "stubborn", "twice"});
  pids.push_back(guard_of(ward));
  kill_ward(ward);
  EXPECT_TRUE(all_dead_within(std::chrono::seconds(2), pids));
}

TEST_F(TreeGuardTest, AnOrphanThatCleanedItsEnvironmentIsFoundAfterAMoment) {
  const pid_t ward = start_ward({sleeper(directory_ / "clean", "env -i setsid") + "; sleep 60"});
  const std::vector<pid_t> pids = pids_of({"clean"});
  std::this_thread::sleep_for(milliseconds(400));
  kill_ward(ward);
  EXPECT_TRUE(all_dead_within(std::chrono::seconds(2), pids));
}

TEST_F(TreeGuardTest, ThoseWhoTidyUpGetTheirGrace) {
  const auto file = directory_ / "tidied";
  const pid_t ward =
      start_ward({"exec 2>/dev/null; trap 'sleep 0.1; echo yes > " + file.string() + "; exit' TERM; echo $$ > " +
                  (directory_ / "pid").string() + "; while :; do sleep 0.02; done"});
  const std::vector<pid_t> pids = pids_of({"pid"});
  kill_ward(ward);
  EXPECT_TRUE(all_dead_within(std::chrono::seconds(2), pids));
  EXPECT_EQ(content_of(file), "yes\n");
}

TEST_F(TreeGuardTest, SparesWhatIsNotOfItsWard) {
  const auto process = start(shell(sleeper(directory_ / "mine", "setsid") + "; sleep 60"));
  const pid_t mine = pid_in(directory_ / "mine");
  const pid_t ward = start_ward({sleeper(directory_ / "its", "setsid") + "; sleep 60"});
  const std::vector<pid_t> its = pids_of({"its"});
  kill_ward(ward);
  EXPECT_TRUE(all_dead_within(std::chrono::seconds(2), its));
  EXPECT_FALSE(is_dead(mine));
}

TEST_F(TreeGuardTest, HoldsNoDescriptorAndIgnoresTheTerminal) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t ward = start_ward({"echo $$ > " + (directory_ / "pid").string() + "; exec sleep 60"}, ends[1]);
  ::close(ends[1]);
  const std::vector<pid_t> pids = pids_of({"pid"});
  const pid_t guard = guard_of(ward);
  ASSERT_NE(guard, 0);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::kill(guard, signal);
  const auto descriptors = std::filesystem::directory_iterator("/proc/" + std::to_string(guard) + "/fd");
  EXPECT_EQ(std::distance(begin(descriptors), end(descriptors)), 3);
  EXPECT_FALSE(is_dead(guard));
  ::kill(ward, SIGKILL);
  char byte = 0;
  EXPECT_EQ(::read(ends[0], &byte, 1), 0) << "somebody holds the writing end";
  ::close(ends[0]);
  EXPECT_TRUE(all_dead_within(std::chrono::seconds(2), pids));
}

TEST_F(TreeGuardTest, GoesAtOnceWhenItsHostEnds) {
  EXPECT_EQ(run(shell("exit 3")).code, 3);
  const pid_t guard = guard_of(::getpid());
  ASSERT_NE(guard, 0);
  const auto begin = SteadyClock::now();
  host_.reset();
  EXPECT_LT(SteadyClock::now() - begin, milliseconds(2000));
  EXPECT_EQ(::kill(guard, 0), -1);
}

TEST_F(TreeGuardTest, ShortHelpersHaveNone) {
  ASSERT_TRUE(run_process(shell("true")));
  EXPECT_EQ(guard_of(::getpid()), 0);
}

}  // namespace
}  // namespace oe::sys
