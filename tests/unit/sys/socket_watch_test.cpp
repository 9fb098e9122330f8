#include "oe/sys/socket_watch.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace oe::sys {
namespace {

using std::chrono::milliseconds;

class SocketWatchTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_), 0); }
  void TearDown() override {
    for (const int end : ends_)
      if (end >= 0) ::close(end);
  }
  std::unique_ptr<SocketWatch> watch(int socket, std::function<void(Readiness)> on_ready) {
    return watch_socket(loop_, socket, std::move(on_ready)).value();
  }
  void say(char c) { ASSERT_EQ(::write(ends_[1], &c, 1), 1); }
  char hear() {
    char c = 0;
    EXPECT_EQ(::read(ends_[0], &c, 1), 1);
    return c;
  }
  void run_for(milliseconds time) {
    loop_.after(time, [this] { loop_.stop(); });
    loop_.run();
  }

  EventLoop loop_;
  int ends_[2] = {-1, -1};
};

TEST_F(SocketWatchTest, TellsAgainAsLongAsThereIsSomethingToRead) {
  std::string heard;
  const auto one = watch(ends_[0], [&](Readiness ready) {
    EXPECT_TRUE(ready.to_read);
    EXPECT_FALSE(ready.to_write);
    heard += hear();
    if (heard.size() == 3) loop_.stop();
  });
  one->want({.to_read = true});
  say('a');
  say('b');
  say('c');
  loop_.run();
  EXPECT_EQ(heard, "abc");
}

TEST_F(SocketWatchTest, TellsOnlyWhatIsWanted) {
  int writable = 0;
  const auto one = watch(ends_[0], [&](Readiness ready) {
    EXPECT_FALSE(ready.to_read);
    writable += ready.to_write ? 1 : 0;
    if (writable == 3) loop_.stop();
  });
  say('a');
  one->want({.to_write = true});
  loop_.run();
  EXPECT_EQ(writable, 3);
  one->want({});
  run_for(milliseconds(10));
  EXPECT_EQ(writable, 3);
}

TEST_F(SocketWatchTest, MayGoInItsOwnCallback) {
  int told = 0;
  std::unique_ptr<SocketWatch> one;
  one = watch(ends_[0], [&](Readiness) {
    ++told;
    one.reset();
  });
  one->want({.to_read = true, .to_write = true});
  say('a');
  run_for(milliseconds(10));
  EXPECT_EQ(told, 1);
}

TEST_F(SocketWatchTest, LeavesTheSocketOpenAndFreeForAnother) {
  watch(ends_[0], [](Readiness) { FAIL(); })->want({.to_read = true});
  char heard = 0;
  const auto other = watch(ends_[0], [&](Readiness) {
    heard = hear();
    loop_.stop();
  });
  other->want({.to_read = true});
  say('x');
  loop_.run();
  EXPECT_EQ(heard, 'x');
}

TEST_F(SocketWatchTest, FollowsANumberThatWasClosedAndGivenToANewSocket) {
  auto old = watch(ends_[0], [](Readiness) { FAIL(); });
  old->want({.to_read = true});
  say('x');
  old.reset();
  const int number = ends_[0];
  ::close(ends_[0]);
  ::close(ends_[1]);
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_), 0);
  ASSERT_EQ(ends_[0], number);
  int told = 0;
  const auto fresh = watch(ends_[0], [&](Readiness) { told += hear(); });
  fresh->want({.to_read = true});
  run_for(milliseconds(10));
  EXPECT_EQ(told, 0);
  say('y');
  run_for(milliseconds(10));
  EXPECT_EQ(told, 'y');
}

TEST_F(SocketWatchTest, TellsThatTheOtherEndWasClosed) {
  bool ended = false;
  const auto one = watch(ends_[0], [&](Readiness) {
    char c = 0;
    ended = ::read(ends_[0], &c, 1) == 0;
    loop_.stop();
  });
  one->want({.to_read = true});
  ::close(std::exchange(ends_[1], -1));
  loop_.run();
  EXPECT_TRUE(ended);
}

TEST_F(SocketWatchTest, RefusesANumberThatIsNotOpen) {
  const int number = ends_[0];
  ::close(std::exchange(ends_[0], -1));
  const auto refused = watch_socket(loop_, number, [](Readiness) {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::environment);
}

}  // namespace
}  // namespace oe::sys
