#include "oe/sys/process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <numeric>
#include <sys/resource.h>

#include "process_scenario.hpp"

namespace oe::sys {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ProcessTest : public ProcessScenario {};

TEST_F(ProcessTest, KeepsWhatTheChildPrintsAndItsStatus) {
  const ProcessExit exit = run(shell("printf out; printf err >&2; exit 3"));
  EXPECT_EQ(exit.out, "out");
  EXPECT_EQ(exit.err, "err");
  EXPECT_EQ(exit.code, 3);
  EXPECT_FALSE(exit.signal);
  EXPECT_FALSE(exit.timed_out || exit.cancelled || exit.over_limit);
  EXPECT_GT(exit.duration.count(), 0);
}

TEST_F(ProcessTest, TellsAnExitBySignalFromAnExitByStatus) {
  const ProcessExit exit = run(shell("kill -SEGV $$"));
  EXPECT_FALSE(exit.code);
  EXPECT_EQ(exit.signal, SIGSEGV);
}

TEST_F(ProcessTest, NeverCallsBackFromInsideStart) {
  const auto process = start(shell("exit 0"));
  EXPECT_TRUE(exits_.empty());
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_TRUE(exits_.empty());
  run();
  EXPECT_EQ(exits_.size(), 1u);
}

TEST_F(ProcessTest, PassesArgumentsUntouched) {
  ProcessSpec spec;
  spec.argv = {"printf", "%s|", "a b", "", "$HOME", "ü\n"};
  EXPECT_EQ(run(spec).out, "a b||$HOME|ü\n|");
}

TEST_F(ProcessTest, StartsInADirectoryWithSpacesAndUmlauts) {
  ProcessSpec spec = shell("pwd");
  spec.directory = directory_ / "grüße an alle";
  std::filesystem::create_directory(spec.directory);
  EXPECT_EQ(run(spec).out, spec.directory.string() + "\n");
}

TEST_F(ProcessTest, RunsARelativeProgramOfTheDirectory) {
  std::ofstream(directory_ / "tool.sh") << "#!/bin/sh\necho here\n";
  std::filesystem::permissions(directory_ / "tool.sh", std::filesystem::perms::owner_all);
  ProcessSpec spec;
  spec.argv = {"./tool.sh"};
  spec.directory = directory_.path();
  EXPECT_EQ(run(spec).out, "here\n");
}

TEST_F(ProcessTest, GivesTheEnvironmentThatItIsTold) {
  ProcessSpec spec = shell("echo $COLOUR; echo ${HOME-unset}");
  spec.environment = environment_with({{"COLOUR", "blue"}, {"HOME", std::nullopt}});
  EXPECT_EQ(run(spec).out, "blue\nunset\n");
}

TEST_F(ProcessTest, InheritsTheEnvironmentWhenNothingIsSaid) {
  ::setenv("OE_TEST_INHERITED", "yes", 1);
  EXPECT_EQ(run(shell("echo $OE_TEST_INHERITED")).out, "yes\n");
  ::unsetenv("OE_TEST_INHERITED");
}

TEST_F(ProcessTest, MarksEachTreeByATokenOfItsOwnBehindTheInheritedOnes) {
  ::setenv("OE_TREE", "1-1", 1);
  const std::string first = run(shell("echo $OE_TREE")).out;
  ::unsetenv("OE_TREE");
  const std::string prefix = std::to_string(::getpid()) + "-";
  EXPECT_EQ(first.substr(0, 4 + prefix.size()), "1-1:" + prefix);
  const std::string second = run(shell("env | grep OE_TREE=")).out;
  EXPECT_EQ(second.substr(0, 8 + prefix.size()), "OE_TREE=" + prefix);
  EXPECT_NE(first.substr(4), second.substr(8));
}

TEST_F(ProcessTest, GivesTheChildNoOtherDescriptorOfOurs) {
  const int leaked = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a careless library does it
  const ProcessExit exit = run(shell("for fd in /proc/self/fd/*; do echo ${fd##*/}; done"));
  EXPECT_THAT(exit.out, ::testing::StartsWith("0\n1\n2\n"));
  EXPECT_THAT(exit.out, ::testing::Not(HasSubstr("\n" + std::to_string(leaked) + "\n")));
  ::close(leaked);
}

TEST_F(ProcessTest, GivesTheChildDefaultSignalsAlthoughWeIgnoreAndBlockSome) {
  ::signal(SIGHUP, SIG_IGN);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
  for (const int signal : {SIGPIPE, SIGTERM, SIGHUP})
    EXPECT_EQ(run(shell("kill -" + std::to_string(signal) + " $$; exit 7")).signal, signal);
  ::sigprocmask(SIG_UNBLOCK, &blocked, nullptr);
  ::signal(SIGHUP, SIG_DFL);
}

TEST_F(ProcessTest, ClosesStandardInputWhenThereIsNone) {
  EXPECT_EQ(run(shell("cat; echo end")).out, "end\n");
}

TEST_F(ProcessTest, CarriesAMegabyteInAndOutAgain) {
  ProcessSpec spec = shell("cat");
  spec.input.resize(std::size_t{1} << 20);
  std::iota(spec.input.begin(), spec.input.end(), '\0');
  EXPECT_EQ(run(spec).out, spec.input);
}

TEST_F(ProcessTest, SurvivesAProgramThatNeverReadsItsMegabyteOfInput) {
  ProcessSpec spec = shell("sleep 0.05; echo done");
  spec.input.assign(std::size_t{1} << 20, 'x');
  const ProcessExit exit = run(spec);
  EXPECT_EQ(exit.out, "done\n");
  EXPECT_EQ(exit.code, 0);
  spec.argv = {"true"};
  EXPECT_EQ(run(spec).code, 0);
}

TEST_F(ProcessTest, StopsAProgramThatPrintsTwoHundredMegabytesAndKeepsLittle) {
  rusage before{};
  ::getrusage(RUSAGE_SELF, &before);
  ProcessSpec spec = shell("head -c 200000000 /dev/zero; echo late >&2");
  spec.max_output = std::size_t{1} << 20;
  const ProcessExit exit = run(spec);
  rusage after{};
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_TRUE(exit.over_limit);
  EXPECT_FALSE(exit.timed_out || exit.cancelled);
  EXPECT_EQ(exit.out.size(), spec.max_output);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 32 * 1024);
}

TEST_F(ProcessTest, AllowsExactlyTheLimit) {
  ProcessSpec spec = shell("head -c 1000 /dev/zero; head -c 1000 /dev/zero >&2");
  spec.max_output = 1000;
  const ProcessExit exit = run(spec);
  EXPECT_FALSE(exit.over_limit);
  EXPECT_EQ(exit.out.size() + exit.err.size(), 2000u);
}

TEST_F(ProcessTest, RunsAHundredAtOnce) {
  const auto begin = SteadyClock::now();
  std::vector<std::unique_ptr<Process>> processes;
  for (int i = 0; i < 100; ++i) processes.push_back(start(shell("sleep 0.3; echo " + std::to_string(i))));
  run();
  EXPECT_LT(SteadyClock::now() - begin, std::chrono::seconds(10)) << "one after the other takes 30 s";
  std::vector<int> numbers;
  for (const ProcessExit& exit : exits_) numbers.push_back(std::stoi(exit.out));
  std::sort(numbers.begin(), numbers.end());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(numbers.at(static_cast<std::size_t>(i)), i);
}

TEST_F(ProcessTest, ChainsThreeHundredWithoutDelay) {
  const auto begin = SteadyClock::now();
  int left = 300;
  std::unique_ptr<Process> current;
  std::function<void()> next = [&] {
    ProcessSpec spec;
    spec.argv = {"true"};
    ProcessEvents events;
    events.on_exit = [&](const ProcessExit& exit) {
      EXPECT_EQ(exit.code, 0);
      if (--left == 0) return loop_.stop();
      next();
    };
    current = host_->start(std::move(spec), std::move(events)).value();
  };
  next();
  loop_.run();
  EXPECT_LT(SteadyClock::now() - begin, std::chrono::seconds(30))
      << "0.15 s on a quiet machine; only a disaster is that slow";
}

TEST_F(ProcessTest, HandsOverLinesOfTheReplyPipe) {
  std::vector<std::string> lines;
  ProcessEvents events;
  events.on_reply = [&](std::string_view line) { lines.emplace_back(line); };
  ProcessSpec spec = shell("printf 'a\\nb' >&3; sleep 0.02; printf 'c\\n\\nlast' >&3; echo ordinary");
  spec.reply_pipe = true;
  EXPECT_EQ(run(spec, events).out, "ordinary\n");
  EXPECT_THAT(lines, ElementsAre("a", "bc", "", "last"));
}

TEST_F(ProcessTest, TalksWithAWorkerThatKeepsItsInputOpen) {
  ProcessSpec spec = shell("while read -r line; do echo \"got $line\" >&3; done; echo bye >&3");
  spec.reply_pipe = spec.keep_input_open = true;
  spec.input = "first\n";
  std::vector<std::string> replies;
  std::unique_ptr<Process> worker;
  ProcessEvents events;
  events.on_reply = [&](std::string_view line) {
    replies.emplace_back(line);
    if (replies.size() == 1) worker->write("second\n");
    if (replies.size() == 2) worker->close_input();
  };
  worker = start(spec, events);
  run();
  EXPECT_THAT(replies, ElementsAre("got first", "got second", "bye"));
  EXPECT_EQ(exits_.back().code, 0);
}

TEST_F(ProcessTest, QueuesMoreThanAPipeHoldsForAWorkerThatReadsLate) {
  ProcessSpec spec = shell("sleep 0.1; wc -c");
  spec.keep_input_open = true;
  const auto worker = start(spec);
  for (int i = 0; i < 50; ++i) worker->write(std::string(10'000, 'x'));
  worker->close_input();
  worker->write("after the end nothing is taken");
  run();
  EXPECT_EQ(exits_.back().out, "500000\n");
}

TEST_F(ProcessTest, RefusesAReplyLineWithoutEnd) {
  ProcessSpec spec = shell("head -c 3000000 /dev/zero >&3; sleep 10");
  spec.reply_pipe = true;
  spec.max_output = 100'000;
  ProcessEvents events;
  events.on_reply = [](std::string_view) {};
  EXPECT_TRUE(run(spec, events).over_limit);
}

TEST_F(ProcessTest, HandsLinesOfItsOutputOnAsTheyComeAndKeepsNone) {
  std::vector<std::string> lines;
  std::unique_ptr<Process> process;
  ProcessSpec spec = shell("read word; echo first $word; read word; printf 'second %s' $word");
  spec.keep_input_open = true;
  ProcessEvents events;
  events.on_line = [&](std::string_view line) {
    lines.emplace_back(line);
    if (lines.size() == 1) process->write("b\n");
  };
  process = start(std::move(spec), std::move(events));
  process->write("a\n");
  run();
  EXPECT_EQ(lines, (std::vector<std::string>{"first a", "second b"}));
  EXPECT_EQ(exits_.back().out, "");
  EXPECT_EQ(exits_.back().code, 0);
}

TEST_F(ProcessTest, LinesMayBeMoreInAllThanItMayKeepButNoneLonger) {
  ProcessSpec many = shell("for i in 1 2 3 4 5 6 7 8 9; do echo 0123456789; done");
  many.max_output = 30;
  std::size_t bytes = 0;
  ProcessEvents events;
  events.on_line = [&](std::string_view line) { bytes += line.size(); };
  EXPECT_FALSE(run(many, events).over_limit);
  EXPECT_EQ(bytes, 90U);
  ProcessSpec endless = shell("head -c 1000 /dev/zero | tr '\\0' x; sleep 60");
  endless.max_output = 30;
  EXPECT_TRUE(run(endless, events).over_limit);
  EXPECT_EQ(bytes, 90U);
}

TEST_F(ProcessTest, ReportsErrorLinesAsTheyCome) {
  std::vector<std::string> lines;
  ProcessEvents events;
  events.on_error_line = [&](std::string_view line) {
    lines.emplace_back(line);
    EXPECT_TRUE(exits_.empty());
  };
  EXPECT_EQ(run(shell("echo one >&2; printf 'two' >&2"), events).err, "one\ntwo");
  EXPECT_THAT(lines, ElementsAre("one", "two"));
}

TEST_F(ProcessTest, MayBeDestroyedByItsOwnReply) {
  ProcessSpec spec = shell("printf 'a\\nb\\nc\\n' >&3; sleep 30");
  spec.reply_pipe = true;
  std::unique_ptr<Process> process;
  std::vector<std::string> lines;
  ProcessEvents events;
  events.on_reply = [&](std::string_view line) {
    lines.emplace_back(line);
    process.reset();
    loop_.stop();
  };
  process = start(spec, events);
  const pid_t pid = process->pid();
  run();
  EXPECT_THAT(lines, ElementsAre("a"));
  EXPECT_TRUE(exits_.empty());
  EXPECT_TRUE(is_dead(pid));
}

TEST_F(ProcessTest, MayBeDestroyedByItsOwnExit) {
  std::unique_ptr<Process> process;
  ProcessEvents events;
  events.on_exit = [&](const ProcessExit&) {
    process.reset();
    loop_.stop();
  };
  process = host_->start(shell("exit 0"), events).value();
  run();
  EXPECT_FALSE(process);
}

TEST(RunProcess, RunsOneProcessToItsEnd) {
  ProcessSpec spec = shell("cat; exit 4");
  spec.input = "hello";
  const auto exit = run_process(spec);
  ASSERT_TRUE(exit) << exit.error().to_string();
  EXPECT_EQ(exit->out, "hello");
  EXPECT_EQ(exit->code, 4);
}

TEST_F(ProcessTest, LeavesTheDeadChildrenOfAnotherHostAlone) {
  const auto process = start(shell("exit 5"));
  std::this_thread::sleep_for(milliseconds(30));
  ASSERT_TRUE(run_process(shell("exit 0")));
  run();
  EXPECT_EQ(exits_.back().code, 5);
}

}  // namespace
}  // namespace oe::sys
