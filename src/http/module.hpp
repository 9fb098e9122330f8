#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "oe/http/client.hpp"
#include "oe/sys/loop.hpp"
#include "oe/sys/socket_watch.hpp"

namespace oe::http {

/// The program's loop as the module sees it. A module has a copy of all code that it links, and what Asio keeps in
/// statics and thread-locals must not be there twice.
class Reactor {
 public:
  virtual ~Reactor() = default;
  virtual sys::TimerId after(std::chrono::milliseconds delay, std::function<void()> task) = 0;
  virtual void cancel(sys::TimerId timer) = 0;
  virtual Result<std::unique_ptr<sys::SocketWatch>> watch(int socket, std::function<void(sys::Readiness)> on_ready) = 0;
};

/// What liboe-http.so exports, with C linkage. The number changes with this signature and with every type that crosses
/// it, so a program never calls into the module of another version.
inline constexpr const char* kOpenSymbol = "oe_http_open_1";
using OpenFunction = void (*)(const std::shared_ptr<Reactor>& reactor, Result<std::shared_ptr<Client>>& out);

}  // namespace oe::http
