#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "unit/http/scenario.hpp"
#include "unit/sanitized.hpp"

namespace oe::http {
namespace {

class ClientManyTest : public HttpScenario {
 protected:
  void SetUp() override {
    const rlimit enough{4096, 4096};
    ::setrlimit(RLIMIT_NOFILE, &enough);
  }
  static std::ptrdiff_t threads() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
  }
  static long resident_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::stol(line.substr(6)) / 1024;
    return 0;
  }
  milliseconds round_of_a_thousand() {
    std::vector<std::shared_ptr<Told>> all;
    const auto begin = SteadyClock::now();
    for (int i = 0; i < 1000; ++i) {
      Request request = get("/plain?ms=100&text=" + std::to_string(i));
      request.connect_timeout = std::chrono::seconds(30);
      start(std::move(request), all.emplace_back(std::make_shared<Told>()));
    }
    loop_.after(milliseconds(50), [&] { threads_ = threads(); });
    loop_.run();
    const auto taken = SteadyClock::now() - begin;
    int good = 0;
    for (int i = 0; i < 1000; ++i) good += all[static_cast<std::size_t>(i)]->body == std::to_string(i) ? 1 : 0;
    EXPECT_EQ(good, 1000);
    return std::chrono::duration_cast<milliseconds>(taken);
  }
  std::ptrdiff_t threads_ = 0;
};

TEST_F(ClientManyTest, AThousandTransfersAreUnderWayAtOnceOnOneThread) {
  EXPECT_LT(round_of_a_thousand(), milliseconds(30'000));  // one after the other they take 100; the figure is model_calls.sh's
  EXPECT_EQ(threads_, threads());
  if (!kIsSanitized) {
    EXPECT_EQ(threads_, 1);
    EXPECT_LT(resident_mb(), 100);
  }
  EXPECT_GE(server_.state().at("most_in_flight"), 100) << "what a busy machine still gets";
}

TEST_F(ClientManyTest, TheNextThousandUseTheirConnections) {
  round_of_a_thousand();
  const int before = server_.state().at("sockets_ever");
  round_of_a_thousand();
  const int after = server_.state().at("sockets_ever");
  EXPECT_EQ(after - before, 1);  // the one that asks
}

}  // namespace
}  // namespace oe::http
