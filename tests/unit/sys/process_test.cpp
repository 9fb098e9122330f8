#include <gmock/gmock.h>

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

TEST_F(ProcessTest, ChainsAThousandProcessesInAboutASecond) {
  const auto begin = SteadyClock::now();
  int left = 1000;
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
  const auto took = std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count();
  RecordProperty("milliseconds", std::to_string(took));
  EXPECT_LT(took, 10'000) << "0.5 ms each on a quiet machine; this bound only catches a disaster";
}

}  // namespace
}  // namespace oe::sys
