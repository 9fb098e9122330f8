#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "oe/base/result.hpp"
#include "oe/http/client.hpp"
#include "oe/sys/loop.hpp"

namespace oe::forge {

struct RawAnswer {
  int status = 0;
  http::Headers headers;
  std::string body;
};

/// One transfer after the other on a loop of its own.
class Exchange {
 public:
  /// Errors: environment, when libcurl cannot be loaded.
  static Result<std::unique_ptr<Exchange>> open();
  /// Blocks until the answer is whole or the transfer has failed.
  tl::expected<RawAnswer, http::Failure> send(http::Request request);
  void wait(std::chrono::milliseconds time);

 private:
  Exchange() = default;
  sys::EventLoop loop_;
  std::shared_ptr<http::Client> client_;
};

}  // namespace oe::forge
