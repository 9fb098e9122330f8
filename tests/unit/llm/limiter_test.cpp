#include "llm/limiter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace oe::llm {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A clock that a test sets; the loop's own timers are real, and short.
class SetClock : public sys::Clock {
 public:
  Timestamp now() const override { return Timestamp(time); }
  std::chrono::microseconds monotonic() const override { return time; }
  milliseconds time{1'000'000};
};

class LimiterTest : public ::testing::Test {
 protected:
  std::uint64_t enter(const std::string& name, std::optional<std::uint32_t> most = {}, const std::string& lane = "") {
    return limiter.enter({.lane = lane, .most = most, .go = [this, name] { gone.push_back(name); }});
  }
  void turn_loop() {
    loop.after(milliseconds(5), [this] { loop.stop(); });
    loop.run();
  }

  sys::EventLoop loop;
  SetClock clock;
  Limiter limiter{loop, clock};
  std::vector<std::string> gone;
};

TEST_F(LimiterTest, WithoutALimitAllGoInOrderButNotInsideOfEnter) {
  enter("a");
  enter("b");
  EXPECT_THAT(gone, IsEmpty());
  turn_loop();
  EXPECT_THAT(gone, ElementsAre("a", "b"));
}

TEST_F(LimiterTest, FirstComeFirstServedWithinTheNumberOfALane) {
  const auto a = enter("a", 2);
  enter("b", 2);
  enter("c", 2);
  enter("d", 2);
  enter("other lane", 1, "x");
  turn_loop();
  EXPECT_THAT(gone, ElementsAre("a", "b", "other lane"));
  limiter.leave(a);
  limiter.leave(a);
  turn_loop();
  EXPECT_THAT(gone, ElementsAre("a", "b", "other lane", "c"));
}

TEST_F(LimiterTest, ATryAgainKeepsItsPlaceInTheQueue) {
  const auto a = enter("a", 1);
  enter("b", 1);
  turn_loop();
  limiter.leave(a);
  limiter.enter({.most = 1, .go = [this] { gone.emplace_back("a again"); }, .place = a});
  turn_loop();
  EXPECT_THAT(gone, ElementsAre("a", "a again"));
}

TEST_F(LimiterTest, WhoLeavesTheQueueIsForgotten) {
  const auto a = enter("a", 1);
  const auto b = enter("b", 1);
  enter("c", 1);
  limiter.leave(b);
  turn_loop();
  limiter.leave(a);
  turn_loop();
  EXPECT_THAT(gone, ElementsAre("a", "c"));
}

TEST_F(LimiterTest, WhoIsMadeToLeaveByAnEarlierOneDoesNotGo) {
  std::uint64_t second = 0;
  limiter.enter({.go = [&] { limiter.leave(second); }});
  second = enter("second");
  turn_loop();
  EXPECT_THAT(gone, IsEmpty());
}

TEST_F(LimiterTest, NobodyGoesWhileItIsHeld) {
  limiter.hold(milliseconds(50));
  EXPECT_EQ(limiter.held(), milliseconds(50));
  enter("a");
  turn_loop();
  EXPECT_THAT(gone, IsEmpty());
  clock.time += milliseconds(49);
  loop.after(milliseconds(80), [this] { loop.stop(); });
  loop.run();
  EXPECT_THAT(gone, IsEmpty()) << "one millisecond is left";
  clock.time += milliseconds(1);
  turn_loop();
  EXPECT_THAT(gone, ElementsAre("a"));
}

TEST_F(LimiterTest, AShorterHoldDoesNotEndALongerOne) {
  limiter.hold(milliseconds(500));
  limiter.hold(milliseconds(10));
  EXPECT_EQ(limiter.held(), milliseconds(500));
}

TEST_F(LimiterTest, ALimitThatIsUsedUpHoldsUntilItIsReset) {
  limiter.take({.requests = 5, .requests_reset = milliseconds(700)});
  EXPECT_EQ(limiter.held(), milliseconds(0)) << "some are left";
  limiter.take({.requests = 0});
  EXPECT_EQ(limiter.held(), milliseconds(0)) << "until when, nobody said";
  limiter.take({.requests = 0, .tokens = 0, .requests_reset = milliseconds(300), .tokens_reset = milliseconds(400)});
  EXPECT_EQ(limiter.held(), milliseconds(400));
}

TEST_F(LimiterTest, AResetInHoursIsLeftToTheServerToSay) {
  limiter.take({.requests = 0, .requests_reset = std::chrono::hours(5)});
  EXPECT_EQ(limiter.held(), milliseconds(0));
}

}  // namespace
}  // namespace oe::llm
