#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "oe/http/client.hpp"

#include "http/libcurl/handles.hpp"
#include "http/libcurl/transfer.hpp"
#include "http/libcurl/trust.hpp"
#include "http/module.hpp"

namespace oe::http {

/// libcurl's multi handle on the program's loop, through its socket interface: libcurl says which sockets and what time
/// to wait for, act() tells it what happened and then delivers what came of it.
class LibcurlClient final : public Client {
 public:
  explicit LibcurlClient(std::shared_ptr<Reactor> reactor);
  ~LibcurlClient() override;
  LibcurlClient(const LibcurlClient&) = delete;
  LibcurlClient& operator=(const LibcurlClient&) = delete;
  std::uint64_t start(Request request, Events events) override;
  void cancel(std::uint64_t transfer) override;

 private:
  using Number = std::uint64_t;
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long milliseconds, void* self);
  bool watch(curl_socket_t socket, int what);
  void act(curl_socket_t socket, int ready);
  void end_where_libcurl_did();
  void deliver();
  void wait_for_bytes(Transfer& transfer, std::chrono::milliseconds patience);
  void take_from_libcurl(Transfer& transfer);

  std::shared_ptr<Reactor> reactor_;
  Trust trust_ = Trust::of_environment();
  std::vector<Number> fresh_;
  std::unordered_map<Number, std::shared_ptr<Transfer>> transfers_;
  std::unordered_map<curl_socket_t, std::unique_ptr<sys::SocketWatch>> watches_;
  MultiHandle multi_;
  sys::TimerId timer_;
  Number last_ = 0;
  std::shared_ptr<bool> is_here_ = std::make_shared<bool>(true);  ///< expires when the client goes in a callback
};

}  // namespace oe::http
