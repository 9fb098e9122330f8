#pragma once

#include <chrono>
#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>

#include "oe/http/client.hpp"
#include "oe/sys/loop.hpp"

#include "fakes/model_server.hpp"

namespace oe::http {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

/// What a transfer told; `order` has a letter for each event: h, b, e.
struct Told {
  std::string order;
  int status = 0;
  Headers head;
  std::string body;
  std::optional<Failure> failure;
  bool has_ended() const { return order.ends_with('e'); }
};

/// A client against a model server of its own; what it starts is told to a list.
class HttpScenario : public ::testing::Test {
 protected:
  HttpScenario() = default;
  explicit HttpScenario(const std::vector<std::string>& arguments) : server_({}, arguments) {}

  Client& client() {
    if (!client_) client_ = open_client(loop_).value();
    return *client_;
  }
  Request get(const std::string& path) const {
    Request request;
    request.url = server_.url(path);
    return request;
  }
  /// Stops the loop when it is the last to end.
  std::uint64_t start(Request request, std::shared_ptr<Told> told) {
    ++running_;
    Events events;
    events.on_head = [told](int status, const Headers& head) {
      told->order += 'h';
      told->status = status;
      told->head = head;
    };
    events.on_bytes = [told](std::string_view bytes) {
      if (!told->order.ends_with('b')) told->order += 'b';
      told->body += bytes;
    };
    events.on_end = [told, this](std::optional<Failure> failure) {
      told->order += 'e';
      told->failure = std::move(failure);
      if (--running_ == 0) loop_.stop();
    };
    return client().start(std::move(request), std::move(events));
  }
  Told fetch(Request request) {
    const auto told = std::make_shared<Told>();
    start(std::move(request), told);
    loop_.run();
    return *told;
  }
  void run_for(milliseconds time) {
    loop_.after(time, [this] { loop_.stop(); });
    loop_.run();
  }
  /// How the server saw the only transfer end, given time to see it.
  std::string end_at_server() {
    for (int tries = 0; tries < 100; ++tries) {
      const auto log = server_.log();
      if (log.size() == 1 && !log[0].at("end").is_null()) return log[0].at("end");
      run_for(milliseconds(10));
    }
    return "it goes on";
  }

  fakes::ModelServer server_;
  sys::EventLoop loop_;
  std::shared_ptr<Client> client_;
  int running_ = 0;
};

/// Sets an environment variable, or takes it away, for one test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

}  // namespace oe::http
