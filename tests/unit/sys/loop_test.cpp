#include "oe/sys/loop.hpp"

#include <csignal>
#include <gmock/gmock.h>
#include <string>
#include <vector>

#include "oe/sys/clock.hpp"

namespace oe::sys {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

TEST(EventLoop, RunsPostedTasksInOrderAndNotBeforeRun) {
  EventLoop loop;
  std::vector<int> seen;
  loop.post([&] { seen.push_back(1); });
  loop.post([&] {
    seen.push_back(2);
    loop.post([&] {
      seen.push_back(3);
      loop.stop();
    });
  });
  EXPECT_TRUE(seen.empty());
  loop.run();
  EXPECT_THAT(seen, ElementsAre(1, 2, 3));
}

TEST(EventLoop, FiresTimersInTheOrderOfTheirTime) {
  EventLoop loop;
  std::string seen;
  loop.after(milliseconds(30), [&] {
    seen += "c";
    loop.stop();
  });
  loop.after(milliseconds(0), [&] { seen += "a"; });
  loop.after(milliseconds(10), [&] { seen += "b"; });
  const auto begin = system_clock().monotonic();
  loop.run();
  EXPECT_EQ(seen, "abc");
  EXPECT_GE(system_clock().monotonic() - begin, milliseconds(29));
}

TEST(EventLoop, NeverFiresACancelledTimer) {
  EventLoop loop;
  bool fired = false;
  const TimerId timer = loop.after(milliseconds(5), [&] { fired = true; });
  loop.cancel(timer);
  loop.cancel(timer);
  loop.cancel(TimerId{12345});
  loop.after(milliseconds(20), [&] { loop.stop(); });
  loop.run();
  EXPECT_FALSE(fired);
}

TEST(EventLoop, NeverFiresATimerThatAnotherOneCancelledInTheSameMoment) {
  EventLoop loop;
  int fired = 0;
  TimerId first;
  TimerId second;
  first = loop.after(milliseconds(5), [&] {
    ++fired;
    loop.cancel(second);
  });
  second = loop.after(milliseconds(5), [&] {
    ++fired;
    loop.cancel(first);
  });
  loop.after(milliseconds(20), [&] { loop.stop(); });
  loop.post([] { ::usleep(10'000); });  // both are due when the loop looks next
  loop.run();
  EXPECT_EQ(fired, 1);
}

TEST(EventLoop, RunsAgainAfterStop) {
  EventLoop loop;
  int runs = 0;
  for (int i = 0; i < 3; ++i) {
    loop.post([&] {
      ++runs;
      loop.stop();
    });
    loop.run();
  }
  EXPECT_EQ(runs, 3);
}

TEST(EventLoop, HandsSignalsToTheHandlerEachTime) {
  EventLoop loop;
  std::vector<int> seen;
  const int signals[] = {SIGUSR1, SIGUSR2};
  loop.on_signal(signals, [&](int signal) {
    seen.push_back(signal);
    if (seen.size() == 3) return loop.stop();
    ::raise(seen.size() == 1 ? SIGUSR2 : SIGUSR1);
  });
  ::raise(SIGUSR1);
  loop.run();
  EXPECT_THAT(seen, ElementsAre(SIGUSR1, SIGUSR2, SIGUSR1));
}

TEST(EventLoop, GivesTheDefaultActionBackWhenItDies) {
  {
    EventLoop loop;
    const int signals[] = {SIGUSR1};
    loop.on_signal(signals, [](int) {});
  }
  struct sigaction action {};
  ::sigaction(SIGUSR1, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

TEST(EventLoop, LetsAnExceptionOfATaskOut) {
  EventLoop loop;
  loop.post([] { throw 7; });
  EXPECT_THROW(loop.run(), int);
}

TEST(SystemClock, TellsTheTimeOfDayAndNeverGoesBack) {
  const auto begin = system_clock().monotonic();
  EXPECT_GT(system_clock().now(), *from_rfc3339("2024-01-01T00:00:00.000Z"));
  EXPECT_GE(system_clock().monotonic(), begin);
}

}  // namespace
}  // namespace oe::sys
