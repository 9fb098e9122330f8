#include <arpa/inet.h>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/http/scenario.hpp"

namespace oe::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A port of this machine that nobody answers on: closed, or with a queue that is full.
class DeadPort {
 public:
  enum class Kind { closed, full };
  explicit DeadPort(Kind kind) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(open(), reinterpret_cast<const sockaddr*>(&address), size);
    ::getsockname(sockets_[0], reinterpret_cast<sockaddr*>(&address), &size);
    number_ = ntohs(address.sin_port);
    if (kind == Kind::closed) return;
    ::listen(sockets_[0], 0);
    for (int i = 0; i < 4; ++i) ::connect(open(), reinterpret_cast<const sockaddr*>(&address), size);
  }
  DeadPort(const DeadPort&) = delete;
  DeadPort& operator=(const DeadPort&) = delete;
  ~DeadPort() {
    for (const int socket : sockets_) ::close(socket);
  }
  Request request() const {
    Request request;
    request.url = "http://user:geheim@127.0.0.1:" + std::to_string(number_) + "/path?key=geheim";
    return request;
  }
  std::string name() const { return "127.0.0.1:" + std::to_string(number_); }

 private:
  int open() { return sockets_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)); }
  std::vector<int> sockets_;
  int number_ = 0;
};

class ClientFailureTest : public HttpScenario {
 protected:
  std::string here() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  void expect_failure(Request request, Fault fault, const std::string& message) {
    const Told told = fetch(std::move(request));
    EXPECT_TRUE(told.has_ended());
    ASSERT_TRUE(told.failure) << told.order << ' ' << told.body.substr(0, 100);
    EXPECT_EQ(told.failure->fault, fault) << told.failure->message;
    EXPECT_THAT(told.failure->message, HasSubstr(message));
    EXPECT_THAT(told.failure->message, Not(HasSubstr("geheim")));
    EXPECT_THAT(told.failure->message, Not(HasSubstr("\n")));
  }
};

TEST_F(ClientFailureTest, SaysThatNobodyListens) {
  const DeadPort port(DeadPort::Kind::closed);
  expect_failure(port.request(), Fault::connect, "nobody listens at " + port.name() + " (connection refused)");
}

TEST_F(ClientFailureTest, GivesUpConnectingInTime) {
  const DeadPort port(DeadPort::Kind::full);
  Request request = port.request();
  request.connect_timeout = milliseconds(150);
  expect_failure(request, Fault::timed_out, "no connection to " + port.name() + " within 0.15 s");
}

TEST_F(ClientFailureTest, RefusesUrlsThatAreNotHttpWithoutRepeatingThem) {
  for (const std::string url : {"", "geheim", "http://", "file:///geheim", "ftp://geheim/", "http://geheim:99999999/",
                                "http://ge heim/", "http://a\nb/geheim"}) {
    Request request;
    request.url = url;
    expect_failure(request, Fault::bad_url, "");
  }
}

TEST_F(ClientFailureTest, TellsABadUrlFromTheLoopToo) {
  const auto told = std::make_shared<Told>();
  start(Request(), told);
  EXPECT_EQ(told->order, "");
  loop_.run();
  EXPECT_EQ(told->order, "e");
}

TEST_F(ClientFailureTest, RefusesHeadersAndMethodsThatWouldSmuggleOthersIn) {
  Request request = get("/plain");
  request.headers = {{"x-api-key", "geheim\r\nx-other: 1"}};
  expect_failure(request, Fault::bad_url, "the header 'x-api-key' has a line break in it");
  request = get("/plain");
  request.method = "GET / HTTP/1.1\r\nx: geheim\r\n";
  expect_failure(request, Fault::bad_url, "the method has a line break in it");
  EXPECT_TRUE(server_.log().empty());
}

TEST_F(ClientFailureTest, SaysThatAnAnswerStoppedInTheMiddle) {
  const Told told = fetch(get("/cut?n=1000"));
  EXPECT_EQ(told.order, "hbe");
  EXPECT_EQ(told.body.size(), 1000U);
  ASSERT_TRUE(told.failure);
  EXPECT_EQ(told.failure->fault, Fault::cut_off);
  EXPECT_THAT(told.failure->message, HasSubstr("the answer of " + here() + " stopped in the middle: "));
}

TEST_F(ClientFailureTest, SaysThatAChunkedAnswerStoppedInTheMiddle) {
  server_.set_script(nlohmann::json::parse(R"({"rules": [{"cut_after": 30}]})"));
  Request request = get("/api/chat");
  request.method = "POST";
  request.body = R"({"model":"m","messages":[{"role":"user","content":"hello"}]})";
  expect_failure(request, Fault::cut_off, "stopped in the middle: ");
}

TEST_F(ClientFailureTest, SaysThatTheServerClosedWithoutAnAnswer) {
  expect_failure(get("/drop"), Fault::cut_off, here() + " closed the connection without an answer");
}

TEST_F(ClientFailureTest, SaysThatItIsNotHttp) {
  expect_failure(get("/garbage"), Fault::cut_off, "what " + here() + " sends is not HTTP");
}

TEST_F(ClientFailureTest, EndsWhenNoByteComes) {
  Request request = get("/hang?at=body");
  request.idle_timeout = milliseconds(100);
  const auto begin = SteadyClock::now();
  expect_failure(request, Fault::timed_out, "not a byte from " + here() + " for 0.1 s");
  EXPECT_GE(SteadyClock::now() - begin, milliseconds(100));
  EXPECT_EQ(end_at_server(), "gone");
}

TEST_F(ClientFailureTest, WaitsAsLongAsBytesCome) {
  Request request = get("/bytes?n=650000&ms=50");  // ten pieces
  request.idle_timeout = milliseconds(300);
  const Told told = fetch(request);
  EXPECT_FALSE(told.failure);
  EXPECT_EQ(told.body.size(), 650'000U);
}

TEST_F(ClientFailureTest, EndsWhenTheWholeTakesTooLong) {
  Request request = get("/bytes?n=65000000&ms=20");
  request.timeout = milliseconds(200);
  expect_failure(request, Fault::timed_out, "no whole answer from " + here() + " within 0.2 s");
}

long peak_memory_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  return 0;
}

TEST_F(ClientFailureTest, EndsAHugeAnswerEarlyAndInLittleMemory) {
  client();
  const long before = peak_memory_kb();
  std::size_t taken = 0;
  std::optional<Failure> failure;
  Events events;
  events.on_bytes = [&](std::string_view bytes) { taken += bytes.size(); };
  events.on_end = [&](std::optional<Failure> why) {
    failure = std::move(why);
    loop_.stop();
  };
  Request request = get("/bytes?n=1073741824");
  request.max_bytes = 4 << 20;
  client().start(request, std::move(events));
  loop_.run();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fault, Fault::too_large);
  EXPECT_EQ(failure->message, "the answer of " + here() + " is larger than 4194304 bytes");
  EXPECT_LE(taken, request.max_bytes);
  EXPECT_EQ(end_at_server(), "gone");
  EXPECT_LT(peak_memory_kb() - before, 20'000);
}

TEST_F(ClientFailureTest, CountsBytesAfterDecompression) {
  server_.set_script(nlohmann::json::parse(R"({"rules": [{"gzip": true, "huge_mb": 32}]})"));
  Request request = get("/api/chat");
  request.method = "POST";
  request.body = R"({"model":"m","stream":false,"messages":[{"role":"user","content":"hello"}]})";
  request.max_bytes = 1 << 20;
  expect_failure(request, Fault::too_large, "larger than 1048576 bytes");
}

TEST_F(ClientFailureTest, TakesAnAnswerOfExactlyTheLimit) {
  Request request = get("/bytes?n=100000");
  request.max_bytes = 100'000;
  EXPECT_FALSE(fetch(request).failure);
  --request.max_bytes;
  expect_failure(request, Fault::too_large, "");
}

TEST_F(ClientFailureTest, EndsAnEndlessHead) {
  EXPECT_EQ(fetch(get("/head?n=60000&times=4")).order, "hbe");
  for (const std::string path : {"/head?n=60000&times=5", "/head?n=200000&times=1"})
    expect_failure(get(path), Fault::too_large, "the head of the answer of " + here() + " is too large");
}

}  // namespace
}  // namespace oe::http
