#include "oe/sys/terminal_lines.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace oe::sys {
namespace {

using ::testing::ElementsAre;

class TypedLines : public ::testing::Test {
 protected:
  TypedLines() {
    EXPECT_EQ(pipe(pipe_), 0);
    lines_ = std::make_unique<TerminalLines>(std::move(*TerminalLines::open(loop_, pipe_[0])));
  }
  ~TypedLines() override {
    close(pipe_[0]);
    if (pipe_[1] >= 0) close(pipe_[1]);
  }
  void type(std::string_view text) { ASSERT_EQ(write(pipe_[1], text.data(), text.size()), ssize_t(text.size())); }
  void take(std::size_t count) {
    lines_->next([this, count](std::optional<std::string> line) {
      got_.push_back(line.value_or("(end)"));
      if (count > 1)
        take(count - 1);
      else
        loop_.stop();
    });
  }
  void run() {
    loop_.after(std::chrono::seconds(10), [this] { loop_.stop(); });
    loop_.run();
  }

  int pipe_[2];
  EventLoop loop_;
  std::unique_ptr<TerminalLines> lines_;
  std::vector<std::string> got_;
};

TEST_F(TypedLines, ComeOneAtATime) {
  take(3);
  type("one\n\nthr");
  loop_.after(std::chrono::milliseconds(20), [this] { type("ee\n"); });
  run();
  EXPECT_THAT(got_, ElementsAre("one", "", "three"));
}
TEST_F(TypedLines, EndWithoutANewlineAndThenForGood) {
  take(3);
  type("one\ntwo");
  close(std::exchange(pipe_[1], -1));
  run();
  EXPECT_THAT(got_, ElementsAre("one", "two", "(end)"));
}
TEST_F(TypedLines, GoToNobodyWhenTheyAreForgotten) {
  take(1);
  lines_->forget();
  type("one\n");
  loop_.after(std::chrono::milliseconds(20), [this] { take(1); });
  run();
  EXPECT_THAT(got_, ElementsAre("one"));
}
TEST_F(TypedLines, LeaveTheDescriptorOfOthersBlocking) {
  EXPECT_EQ(fcntl(pipe_[0], F_GETFL) & O_NONBLOCK, 0);
}

}  // namespace
}  // namespace oe::sys
