#pragma once

#include <cstdio>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "oe/forge/connect.hpp"

#include "forge/exchange.hpp"

namespace oe::forge::test {

/// tests/fakes/forge_server.py (its head says what it takes), running as long as this object lives.
class ForgeServer {
 public:
  explicit ForgeServer(Kind kind) {
    const std::string program = std::string(OE_SOURCE_DIR) + "/tests/fakes/forge_server.py";
    const std::string command = fmt::format("exec python3 '{}' {}", program, to_string(kind));
    pipe_ = ::popen(command.c_str(), "re");
    char line[100] = "";
    if (pipe_ == nullptr || std::fgets(line, sizeof line, pipe_) == nullptr)
      throw std::runtime_error("the fake forge did not start");
    port_ = nlohmann::json::parse(line).at("port");
    exchange_ = Exchange::open().value();
  }
  ForgeServer(const ForgeServer&) = delete;
  ForgeServer& operator=(const ForgeServer&) = delete;
  ~ForgeServer() {
    if (pipe_ != nullptr) ::pclose(pipe_);
  }

  std::string origin() const { return fmt::format("http://127.0.0.1:{}", port_); }
  nlohmann::json told(const std::string& what) { return exchange("GET", what, ""); }
  void tell(const std::string& what, const nlohmann::json& body) { exchange("POST", what, body.dump()); }

 private:
  nlohmann::json exchange(const std::string& method, const std::string& what, const std::string& body) {
    http::Request request;
    request.method = method;
    request.url = origin() + "/_" + what;
    request.body = body;
    const auto answer = exchange_->send(std::move(request));
    EXPECT_TRUE(answer && answer->status == 200) << what;
    return answer ? nlohmann::json::parse(answer->body) : nlohmann::json();
  }

  std::FILE* pipe_ = nullptr;
  int port_ = 0;
  std::unique_ptr<Exchange> exchange_;
};

/// One project on a fake forge of each kind; what the client sent must have had the published shape.
class ForgeScenario : public ::testing::TestWithParam<Kind> {
 protected:
  ForgeScenario() : server_(GetParam()), forge_(with_token("right-token")) {}
  void TearDown() override { EXPECT_EQ(server_.told("faults"), nlohmann::json::array()); }

  Home home() const { return {.web = server_.origin(), .project = "ada/flows"}; }
  std::unique_ptr<Forge> with_token(const std::string& text) const {
    const Variables variables = [&](const std::string& name) -> std::optional<std::string> {
      if (name == "OE_FORGE_TOKEN") return text;
      return name == "OE_FORGE_URL" ? std::optional(server_.origin()) : std::nullopt;
    };
    return connect(GetParam(), home(), *token_for(GetParam(), home(), variables)).value();
  }
  ChangeRequest opened(const std::string& branch = "oe/x", bool draft = false) {
    auto request =
        forge_->open({.branch = branch, .base = "main", .title = "A title", .body = "A body", .draft = draft});
    EXPECT_TRUE(request) << request.error().to_string();
    return request.value_or(ChangeRequest{});
  }
  /// The calls of that method so far.
  std::size_t calls(const std::string& method) {
    std::size_t count = 0;
    for (const auto& entry : server_.told("log")) count += entry.at("method") == method ? 1 : 0;
    return count;
  }
  /// What a read of a request says when the server answers so.
  Error refusal(const nlohmann::json& rule) {
    nlohmann::json whole = rule;
    whole["match"] = "GET /";
    whole["times"] = 9;
    server_.tell("script", nlohmann::json::array({whole}));
    const auto read = forge_->read(1);
    EXPECT_FALSE(read);
    return read ? Error(ErrorKind::bug, "it was read") : read.error();
  }

  ForgeServer server_;
  std::unique_ptr<Forge> forge_;
};

inline std::string name_of_kind(const ::testing::TestParamInfo<Kind>& info) {
  return std::string(to_string(info.param));
}

}  // namespace oe::forge::test
