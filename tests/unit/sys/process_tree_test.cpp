#include <gmock/gmock.h>

#include "process_scenario.hpp"

namespace oe::sys {
namespace {

/// Processes that do what they can to outlive their parent. Each writes its pid to a file.
class ProcessTreeTest : public ProcessScenario {
 protected:
  /// A shell line that runs `how` a sleeper whose pid comes to the file `name`.
  std::string sleeper(const std::string& name, const std::string& how = "", const std::string& before = "") {
    return how + " sh -c '" + before + " echo $$ > " + (directory_ / name).string() + "; while :; do sleep 0.05; done'";
  }
  pid_t pid_of(const std::string& name) { return pid_in(directory_ / name); }
  /// Runs `spec` and ends it once all the files are there.
  ProcessExit run_and_cancel(ProcessSpec spec, const std::vector<std::string>& names) {
    const auto process = start(std::move(spec));
    for (const std::string& name : names) pid_of(name);
    process->kill_tree();
    run();
    return exits_.back();
  }
  static ProcessSpec impatient(std::string script) {
    ProcessSpec spec = shell(std::move(script));
    spec.timeout = milliseconds(300);
    spec.grace = milliseconds(60);
    return spec;
  }

  void TearDown() override {
    host_.reset();
    EXPECT_EQ(children_of_this_process(), "") << "a child was left, alive or as a zombie";
  }
};

TEST_F(ProcessTreeTest, TimeoutEndsAProcessThatSleeps) {
  const auto begin = SteadyClock::now();
  const ProcessExit exit = run(impatient("echo before; sleep 60"));
  EXPECT_TRUE(exit.timed_out);
  EXPECT_FALSE(exit.cancelled || exit.over_limit);
  EXPECT_EQ(exit.signal, SIGTERM);
  EXPECT_EQ(exit.out, "before\n");
  EXPECT_LT(SteadyClock::now() - begin, std::chrono::seconds(5));
}

TEST_F(ProcessTreeTest, TimeoutEndsGrandchildrenInOtherSessionsAndOrphans) {
  const ProcessExit exit = run(impatient(sleeper("plain") + " & " + sleeper("session", "setsid") + " & (" +
                                         sleeper("orphan", "setsid") + " > /dev/null 2>&1 &) ; sleep 60"));
  EXPECT_TRUE(exit.timed_out);
  for (const std::string name : {"plain", "session", "orphan"}) EXPECT_TRUE(is_dead(pid_of(name))) << name;
}

TEST_F(ProcessTreeTest, SignalKillFollowsForThoseThatIgnoreTheFirst) {
  const std::string ignore = "trap \"\" TERM;";
  const ProcessExit exit = run(impatient("trap '' TERM; " + sleeper("child", "", ignore) + " & (" +
                                         sleeper("orphan", "setsid", ignore) + " &); while :; do sleep 0.05; done"));
  EXPECT_TRUE(exit.timed_out);
  EXPECT_EQ(exit.signal, SIGKILL);
  for (const std::string name : {"child", "orphan"}) EXPECT_TRUE(is_dead(pid_of(name))) << name;
}

TEST_F(ProcessTreeTest, GivesTheGraceToThoseThatTidyUp) {
  ProcessSpec spec = impatient("trap 'echo tidy; exit 9' TERM; while :; do sleep 0.01; done");
  spec.grace = std::chrono::seconds(10);
  const auto begin = SteadyClock::now();
  const ProcessExit exit = run(spec);
  EXPECT_EQ(exit.out, "tidy\n");
  EXPECT_EQ(exit.code, 9);
  EXPECT_TRUE(exit.timed_out);
  EXPECT_LT(SteadyClock::now() - begin, std::chrono::seconds(8)) << "the grace is no waiting time";
}

TEST_F(ProcessTreeTest, KillTreeSaysCancelled) {
  const ProcessExit exit = run_and_cancel(shell(sleeper("child") + " & wait"), {"child"});
  EXPECT_TRUE(exit.cancelled);
  EXPECT_FALSE(exit.timed_out);
  EXPECT_TRUE(is_dead(pid_of("child")));
}

TEST_F(ProcessTreeTest, KillTreeAfterTheExitIsIgnored) {
  const auto process = start(shell("exit 0"));
  run();
  process->kill_tree();
  EXPECT_FALSE(exits_.back().cancelled);
  EXPECT_EQ(exits_.size(), 1u);
}

TEST_F(ProcessTreeTest, KillTreeReachesAnOrphanThatCleanedItsEnvironment) {
  run_and_cancel(shell("(" + sleeper("clean", "env -i setsid /usr/bin/env PATH=/bin:/usr/bin") + " &) ; sleep 60"),
                 {"clean"});
  EXPECT_TRUE(is_dead(pid_of("clean")));
}

TEST_F(ProcessTreeTest, KillTreeWakesNobodyWhoWasStoppedButKillsHim) {
  ProcessSpec spec = shell(sleeper("stopped") + " & echo $!; wait");
  spec.grace = milliseconds(50);
  const auto process = start(spec);
  ::kill(pid_of("stopped"), SIGSTOP);
  process->kill_tree();
  run();
  EXPECT_TRUE(is_dead(pid_of("stopped")));
}

TEST_F(ProcessTreeTest, KillTreeSparesTheOtherTrees) {
  const auto spared = start(shell("(" + sleeper("spared", "setsid") + " >/dev/null 2>&1 &); sleep 60"));
  const pid_t other = pid_of("spared");
  const auto killed = start(shell("(" + sleeper("killed", "setsid") + " >/dev/null 2>&1 &); sleep 60"));
  const pid_t gone = pid_of("killed");
  killed->kill_tree();
  loop_.after(milliseconds(300), [&] { loop_.stop(); });
  run();
  EXPECT_TRUE(is_dead(gone));
  EXPECT_FALSE(is_dead(other));
  EXPECT_EQ(exits_.size(), 1u);
  spared->kill_tree();
  run();
  EXPECT_TRUE(is_dead(other));
}

TEST_F(ProcessTreeTest, AGrandchildThatKeepsThePipeGetsAMomentAndIsKilled) {
  const auto begin = SteadyClock::now();
  const ProcessExit exit = run(shell(sleeper("daemon", "setsid") + " & echo started; exit 0"));
  const auto took = SteadyClock::now() - begin;
  EXPECT_EQ(exit.code, 0);
  EXPECT_EQ(exit.out, "started\n");
  EXPECT_FALSE(exit.timed_out || exit.cancelled);
  EXPECT_GE(took, milliseconds(190));
  EXPECT_LT(took, std::chrono::seconds(5));
  EXPECT_TRUE(is_dead(pid_of("daemon")));
}

TEST_F(ProcessTreeTest, AGrandchildThatLetGoOfThePipesIsKilledAsWell) {
  run(shell("(" + sleeper("daemon", "setsid") + " </dev/null >/dev/null 2>&1 &) ; exit 0"));
  EXPECT_TRUE(is_dead(pid_of("daemon")));
}

TEST_F(ProcessTreeTest, OutputOfAGrandchildThatEndsSoonIsKept) {
  const auto begin = SteadyClock::now();
  EXPECT_EQ(run(shell("(sleep 0.05; echo late) & echo early")).out, "early\nlate\n");
  EXPECT_LT(SteadyClock::now() - begin, std::chrono::seconds(3));
}

TEST_F(ProcessTreeTest, OrphansThatDiedByThemselvesAreReaped) {
  EXPECT_EQ(run(shell("(setsid true &) ; (true &) ; (sh -c 'exit 3' &) ; sleep 0.1")).code, 0);
}

TEST_F(ProcessTreeTest, DestroyingTheProcessEndsItsTreeAtOnce) {
  auto process = start(shell("trap '' TERM; " + sleeper("child", "setsid") + " & wait"));
  const pid_t root = process->pid();
  const pid_t child = pid_of("child");
  process.reset();
  EXPECT_TRUE(is_dead(root));
  EXPECT_TRUE(is_dead(child));
  loop_.after(milliseconds(20), [&] { loop_.stop(); });
  run();
  EXPECT_TRUE(exits_.empty());
}

TEST_F(ProcessTreeTest, DestroyingTheHostEndsAllTreesAtOnce) {
  const auto first = start(shell(sleeper("first")));
  const auto second = start(shell("(" + sleeper("second", "setsid") + " &); sleep 60"));
  const pid_t pids[] = {first->pid(), second->pid(), pid_of("first"), pid_of("second")};
  host_.reset();
  for (const pid_t pid : pids) EXPECT_TRUE(is_dead(pid));
  first->kill_tree();
  second->write("nobody listens");
}

TEST_F(ProcessTreeTest, AForkingCrowdIsKilledToTheLast) {
  ProcessSpec spec = shell(
      "for i in 1 2 3 4 5 6 7 8; do setsid sh -c 'trap \"\" TERM; for j in 1 2 3 4; do (trap \"\" TERM; "
      "sleep 77.25) & done; wait' & done; sleep 0.2; echo $$ > " +
      (directory_ / "ready").string() + "; wait");
  spec.grace = milliseconds(50);
  EXPECT_TRUE(run_and_cancel(spec, {"ready"}).cancelled);
  EXPECT_EQ(run_process(shell("ps -eo args | grep -c '^sleep 77.2[5]'"))->out, "0\n");
}

}  // namespace
}  // namespace oe::sys
