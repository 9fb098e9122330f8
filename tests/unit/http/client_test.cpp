#include "oe/http/client.hpp"

#include <gmock/gmock.h>

#include "unit/http/scenario.hpp"

namespace oe::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ClientTest : public HttpScenario {};

TEST_F(ClientTest, TellsHeadThenBytesThenEndAndNothingFromInsideStart) {
  const auto told = std::make_shared<Told>();
  start(get("/plain?text=hello"), told);
  EXPECT_EQ(told->order, "");
  loop_.run();
  EXPECT_EQ(told->order, "hbe");
  EXPECT_EQ(told->status, 200);
  EXPECT_EQ(find(told->head, "Content-Type"), "text/plain");
  EXPECT_EQ(told->body, "hello");
  EXPECT_FALSE(told->failure);
}

TEST_F(ClientTest, TellsNoBytesWhereThereAreNone) {
  EXPECT_EQ(fetch(get("/plain?text=")).order, "he");
}

TEST_F(ClientTest, GivesAnErrorOfTheServerAsAnAnswer) {
  const Told told = fetch(get("/plain?status=503&text=busy"));
  EXPECT_EQ(told.status, 503);
  EXPECT_EQ(told.body, "busy");
  EXPECT_FALSE(told.failure);
}

TEST_F(ClientTest, DoesNotFollowRedirects) {
  const Told told = fetch(get("/redirect"));
  EXPECT_EQ(told.status, 302);
  EXPECT_EQ(find(told.head, "location"), "/plain");
}

TEST_F(ClientTest, TellsOnlyTheFinalHead) {
  const Told told = fetch(get("/plain?hint=1"));
  EXPECT_EQ(told.order, "hbe");
  EXPECT_EQ(told.status, 200);
}

TEST_F(ClientTest, LeavesTrailersOut) {
  const Told told = fetch(get("/trailers"));
  EXPECT_EQ(told.order, "hbe");
  EXPECT_EQ(find(told.head, "x-late"), std::nullopt);
}

TEST_F(ClientTest, TakesChunkedBodiesOfAnySizeWhole) {
  const Told told = fetch(get("/bytes?n=3000001"));
  EXPECT_EQ(told.body, std::string(3'000'001, 'b'));
}

TEST_F(ClientTest, Decompresses) {
  const Told told = fetch(get("/plain?gzip=1&text=squeezed"));
  EXPECT_EQ(find(told.head, "content-encoding"), "gzip");
  EXPECT_EQ(told.body, "squeezed");
}

TEST_F(ClientTest, SendsMethodHeadersAndBodyAsTheyAreAndNoOthers) {
  Request request = get("/plain");
  request.method = "POST";
  request.headers = {{"X-One", "1"}, {"x-empty", ""}, {"content-type", "text/x"}};
  request.body = std::string(2 << 20, 'u');
  fetch(request);
  const auto sent = server_.log().at(0);
  EXPECT_EQ(sent.at("method"), "POST");
  EXPECT_EQ(sent.at("body"), request.body);
  const auto& headers = sent.at("headers");
  EXPECT_EQ(headers.at("x-one"), "1");
  EXPECT_EQ(headers.at("x-empty"), "");
  EXPECT_EQ(headers.at("content-type"), "text/x");
  EXPECT_EQ(headers.at("user-agent"), "oe");
  EXPECT_FALSE(headers.contains("expect"));
}

TEST_F(ClientTest, SendsAnyMethodWithAndWithoutBody) {
  for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    for (const std::string body : {"", "{\"a\":1}"}) {
      Request request = get("/plain");
      request.method = method;
      request.body = body;
      EXPECT_EQ(fetch(request).body, "hello") << method;
      const auto sent = server_.log().back();
      EXPECT_EQ(sent.at("method"), method);
      EXPECT_EQ(sent.at("body").is_object(), !body.empty()) << method;
      EXPECT_FALSE(sent.at("headers").contains("content-type")) << method;
    }
  }
  Request request = get("/plain");
  request.method = "HEAD";
  EXPECT_EQ(fetch(request).order, "he");
}

TEST_F(ClientTest, UsesAConnectionAgain) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(fetch(get("/plain")).status, 200);
  EXPECT_EQ(server_.state().at("sockets_ever"), 2);  // one of them asks for this
}

TEST_F(ClientTest, UsesAConnectionAgainFromInsideTheEndOfAnother) {
  Events first;
  Told second;
  first.on_end = [&](std::optional<Failure>) {
    Events events;
    events.on_end = [&](std::optional<Failure> failure) {
      second.failure = std::move(failure);
      second.order += 'e';
      loop_.stop();
    };
    client().start(get("/plain"), std::move(events));
    EXPECT_EQ(second.order, "");
  };
  client().start(get("/plain"), std::move(first));
  loop_.run();
  EXPECT_EQ(second.order, "e");
  EXPECT_FALSE(second.failure);
  EXPECT_EQ(server_.state().at("sockets_ever"), 2);
}

TEST_F(ClientTest, LooksForNoProxyBeforeThisMachine) {
  const Variable all("ALL_PROXY", "http://127.0.0.1:1");
  const Variable plain("http_proxy", "http://127.0.0.1:1");
  const Variable none("NO_PROXY", nullptr);
  const Variable none_too("no_proxy", nullptr);
  EXPECT_EQ(fetch(get("/plain")).body, "hello");
}

TEST_F(ClientTest, AsksTheProxyOfTheEnvironmentForOtherMachines) {
  const Variable plain("http_proxy", server_.url().c_str());
  const Variable none("NO_PROXY", "other.invalid");
  const Variable none_too("no_proxy", "other.invalid");
  Request request;
  request.url = "http://example.invalid/plain";
  EXPECT_EQ(fetch(request).body, "hello");
  EXPECT_EQ(server_.log().at(0).at("headers").at("host"), "example.invalid");
  request.url = "http://other.invalid/plain";
  const Told direct = fetch(request);
  ASSERT_TRUE(direct.failure);
  EXPECT_EQ(direct.failure->fault, Fault::connect);
  EXPECT_THAT(direct.failure->message, HasSubstr("there is no host other.invalid"));
}

}  // namespace
}  // namespace oe::http
