#include <gmock/gmock.h>

#include "unit/http/scenario.hpp"

namespace oe::http {
namespace {

using ::testing::HasSubstr;

/// With none of the variables that say whom to trust.
class ClientTlsTest : public HttpScenario {
 protected:
  ClientTlsTest() : HttpScenario({"--tls"}) {}
  std::string here() const { return "localhost:" + std::to_string(server_.port()); }
  const char* certificate() const { return server_.certificate().c_str(); }
  nlohmann::json ask(const std::string& path) { return nlohmann::json::parse(fetch(get(path)).body); }

  Variable bundle_{"CURL_CA_BUNDLE", nullptr};
  Variable file_{"SSL_CERT_FILE", nullptr};
  Variable directory_{"SSL_CERT_DIR", nullptr};
};

TEST_F(ClientTlsTest, SaysThatACertificateIsNotTrusted) {
  const Told told = fetch(get("/plain"));
  EXPECT_EQ(told.order, "e");
  ASSERT_TRUE(told.failure);
  EXPECT_EQ(told.failure->fault, Fault::tls);
  EXPECT_EQ(told.failure->message, "the certificate of " + here() + " is not trusted: self-signed certificate");
}

TEST_F(ClientTlsTest, TrustsWhatTheUsualVariablesName) {
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const Variable trusted(name, certificate());
    client_.reset();
    EXPECT_EQ(fetch(get("/plain")).body, "hello") << name;
  }
}

TEST_F(ClientTlsTest, SaysThatTheTrustedCertificatesCannotBeRead) {
  const Variable trusted("SSL_CERT_FILE", "/nowhere/certificates.pem");
  const Told told = fetch(get("/plain"));
  ASSERT_TRUE(told.failure);
  EXPECT_EQ(told.failure->fault, Fault::tls);
  EXPECT_THAT(told.failure->message, HasSubstr("cannot be read"));
}

TEST_F(ClientTlsTest, SaysThatACertificateIsForAnotherHost) {
  const Variable trusted("SSL_CERT_FILE", certificate());
  Request request = get("/plain");
  request.url = "https://other.localhost:" + std::to_string(server_.port()) + "/plain";
  const Told told = fetch(request);
  ASSERT_TRUE(told.failure);
  EXPECT_EQ(told.failure->fault, Fault::tls);
  EXPECT_THAT(told.failure->message, HasSubstr("is not trusted: no alternative certificate subject name matches"));
}

TEST_F(ClientTlsTest, SharesOneConnectionOfHttp2) {
  const Variable trusted("SSL_CERT_FILE", certificate());
  std::vector<std::shared_ptr<Told>> all;
  for (int i = 0; i < 60; ++i)
    start(get("/plain?ms=50&text=" + std::to_string(i)), all.emplace_back(std::make_shared<Told>()));
  loop_.run();
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i]->body, std::to_string(i));
  const auto state = ask("/_state");
  EXPECT_EQ(state.at("sockets_ever"), 1);
  EXPECT_EQ(state.at("most_in_flight"), 60);
}

TEST_F(ClientTlsTest, CancelsOneStreamOfASharedConnection) {
  const Variable trusted("SSL_CERT_FILE", certificate());
  const auto told = std::make_shared<Told>();
  const auto silent = std::make_shared<Told>();
  start(get("/plain?ms=100"), told);
  const std::uint64_t other = start(get("/hang?at=head"), silent);
  --running_;
  loop_.after(milliseconds(60), [&] { client().cancel(other); });
  loop_.run();
  EXPECT_EQ(told->body, "hello");
  EXPECT_EQ(silent->order, "");
  for (const auto& one : ask("/_log")) EXPECT_EQ(one.at("end"), one.at("path") == "/plain" ? "sent" : "gone");
}

TEST(ClientTls, SaysThatThePeerDoesNotSpeakIt) {
  const fakes::ModelServer plain;
  sys::EventLoop loop;
  const auto client = open_client(loop).value();
  Request request;
  request.url = "https://127.0.0.1:" + std::to_string(plain.port());
  std::optional<Failure> failure;
  Events events;
  events.on_end = [&](std::optional<Failure> why) {
    failure = std::move(why);
    loop.stop();
  };
  client->start(request, std::move(events));
  loop.run();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fault, Fault::tls);
  EXPECT_THAT(failure->message, HasSubstr("no TLS connection to 127.0.0.1:"));
}

}  // namespace
}  // namespace oe::http
