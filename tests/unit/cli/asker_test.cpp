#include "cli/asker.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace oe::cli {
namespace {

/// Somebody who types into one end of a pipe.
class Asker : public ::testing::Test {
 protected:
  Asker() {
    EXPECT_EQ(pipe(pipe_), 0);
    asker_ = std::move(*TerminalAsker::open(io_, loop_, pipe_[0], "Ada <ada@example.com>"));
  }
  ~Asker() override {
    close(pipe_[0]);
    if (pipe_[1] >= 0) close(pipe_[1]);
  }
  void type(std::string_view text) { ASSERT_EQ(write(pipe_[1], text.data(), text.size()), ssize_t(text.size())); }
  void hang_up() {
    close(pipe_[1]);
    pipe_[1] = -1;
  }
  std::optional<std::uint64_t> ask(const ledger::Question& question) {
    return asker_->ask({"gate"}, question, [this](std::optional<ledger::NodeAnswered> answer) {
      answers_.push_back(answer ? answer->answer.dump() : "not now");
      if (answer) who_ = answer->who + " " + answer->via;
      if (answers_.size() == wanted_) loop_.stop();
    });
  }
  void run(std::size_t wanted) {
    wanted_ = wanted;
    loop_.after(std::chrono::seconds(10), [this] { loop_.stop(); });
    loop_.run();
    EXPECT_EQ(answers_.size(), wanted);
  }

  int pipe_[2];
  Io io_ = Io::standard();
  sys::EventLoop loop_;
  std::unique_ptr<TerminalAsker> asker_;
  std::vector<std::string> answers_;
  std::string who_;
  std::size_t wanted_ = 0;
};

const ledger::Question kApprove{.kind = "approve", .text = "Ship it?"};

TEST_F(Asker, AsksAgainOnNonsense) {
  ask(kApprove);
  type("maybe\ny\n");
  run(1);
  EXPECT_EQ(answers_.front(), "true");
  EXPECT_EQ(who_, "Ada <ada@example.com> terminal");
}
TEST_F(Asker, PutsOneQuestionAfterTheOther) {
  ask(kApprove);
  ask({.kind = "choose", .text = "Where?", .choices = {"here", "there"}});
  type("n\n");
  loop_.after(std::chrono::milliseconds(50), [this] { type("2\n"); });
  run(2);
  EXPECT_EQ(answers_, (std::vector<std::string>{"false", "\"there\""}));
}
TEST_F(Asker, FillsInAFormFieldByField) {
  ask({.kind = "form", .text = "Details?", .schema = *Value::parse(R"({"required":["n"],
       "properties":{"a":{"type":"string"},"n":{"type":"number"},"z":{"type":"string"}}})")});
  type("\nseven\n7\nlast\n");
  run(1);
  EXPECT_EQ(answers_.front(), R"({"n":7,"z":"last"})");
}
TEST_F(Asker, PutsOffWhatEndsWithoutAnAnswer) {
  ask(kApprove);
  hang_up();
  run(1);
  EXPECT_EQ(answers_.front(), "not now");
}
TEST_F(Asker, ForgetsWhatIsWithdrawn) {
  const auto first = ask(kApprove);
  ask(kApprove);
  asker_->withdraw(*first);
  asker_->withdraw(77);
  type("n\n");
  run(1);
  EXPECT_EQ(answers_.front(), "false");
}
TEST_F(Asker, CannotPutAFormWithoutFields) {
  EXPECT_FALSE(ask({.kind = "form", .text = "Details?"}));
}

}  // namespace
}  // namespace oe::cli
