#include <gmock/gmock.h>

#include "unit/http/scenario.hpp"

namespace oe::http {
namespace {

class ClientCancelTest : public HttpScenario {
 protected:
  /// Starts a transfer that calls `act` with its number at its first event of that kind, and tells all events.
  std::uint64_t start_with(const std::string& path, char at, std::function<void()> act) {
    Events events;
    const auto tell = [this, at, act](char event) {
      order_ += event;
      if (event == at) act();
    };
    events.on_head = [tell](int, const Headers&) { tell('h'); };
    events.on_bytes = [tell](std::string_view) { tell('b'); };
    events.on_end = [tell](const std::optional<Failure>&) { tell('e'); };
    return client().start(get(path), std::move(events));
  }
  std::string order_;
};

TEST_F(ClientCancelTest, ClosesTheSocketAndTellsNothingMore) {
  for (const std::string path : {"/hang?at=head", "/hang?at=body"}) {
    const auto told = std::make_shared<Told>();
    const std::uint64_t number = start(get(path), told);
    run_for(milliseconds(100));
    const std::string before = told->order;
    client().cancel(number);
    run_for(milliseconds(50));
    EXPECT_EQ(told->order, before);
    EXPECT_EQ(server_.log().back().at("end"), "gone") << path;
  }
  EXPECT_EQ(server_.state().at("sockets"), 1);  // the one that asks
}

TEST_F(ClientCancelTest, WorksBeforeAnythingWasSent) {
  const auto told = std::make_shared<Told>();
  client().cancel(start(get("/plain"), told));
  client().cancel(start(Request(), told));
  run_for(milliseconds(50));
  EXPECT_EQ(told->order, "");
  EXPECT_TRUE(server_.log().empty());
}

TEST_F(ClientCancelTest, IgnoresNumbersThatItDoesNotKnow) {
  const auto told = std::make_shared<Told>();
  const std::uint64_t number = start(get("/plain"), told);
  client().cancel(number + 1);
  loop_.run();
  client().cancel(number);
  EXPECT_EQ(told->order, "hbe");
}

TEST_F(ClientCancelTest, WorksInsideTheTransfersOwnEvents) {
  for (const char at : {'h', 'b', 'e'}) {
    order_.clear();
    std::uint64_t number = 0;
    number = start_with("/bytes?n=200000", at, [&] { client().cancel(number); });
    run_for(milliseconds(80));
    EXPECT_EQ(order_.back(), at);
    EXPECT_EQ(std::ranges::count(order_, at), 1);
  }
}

TEST_F(ClientCancelTest, LeavesTheOthersAlone) {
  const auto told = std::make_shared<Told>();
  start(get("/plain?ms=100"), told);
  const std::uint64_t other = start_with("/hang?at=head", ' ', [] {});
  loop_.after(milliseconds(30), [&] { client().cancel(other); });
  loop_.run();
  EXPECT_EQ(told->order, "hbe");
  EXPECT_EQ(told->body, "hello");
  EXPECT_EQ(order_, "");
}

TEST_F(ClientCancelTest, DestroyingTheClientClosesAllAndTellsNothing) {
  const auto told = std::make_shared<Told>();
  for (int i = 0; i < 10; ++i) start(get("/hang?at=head"), told);
  run_for(milliseconds(100));
  client_.reset();
  run_for(milliseconds(50));
  EXPECT_EQ(told->order, "");
  const auto log = server_.log();
  ASSERT_EQ(log.size(), 10U);
  for (const auto& one : log) EXPECT_EQ(one.at("end"), "gone");
}

TEST_F(ClientCancelTest, MayBeDestroyedInsideAnyEvent) {
  for (const char at : {'h', 'b', 'e'}) {
    order_.clear();
    const auto other = std::make_shared<Told>();
    start_with("/bytes?n=200000", at, [&] { client_.reset(); });
    for (int i = 0; i < 5; ++i) start(get("/plain?ms=150"), other);
    run_for(milliseconds(100));
    EXPECT_EQ(order_.back(), at);
    EXPECT_EQ(other->order, "");
    running_ = 0;
  }
}

TEST_F(ClientCancelTest, MayBeDestroyedInsideABadUrl) {
  bool ended = false;
  Events events;
  events.on_end = [&](const std::optional<Failure>&) {
    ended = true;
    client_.reset();
  };
  client().start(Request(), std::move(events));
  run_for(milliseconds(20));
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace oe::http
