#pragma once

#include <functional>
#include <memory>

#include "oe/exec/executor.hpp"
#include "oe/http/client.hpp"

namespace oe::exec {

/// What the fetches of an executor share.
struct HttpWorld {
  sys::EventLoop& loop;
  std::shared_ptr<http::Client> client;
  std::function<double()> draw;  ///< from [0, 1), for the jitter of waits
};

/// All pages of an http source, one after the other. What may pass by itself (no connection, a broken one, 408, 429,
/// 5xx) is tried twice more, after the wait that the server asks for (at most a minute) or http::backoff().
class HttpFetch {
 public:
  virtual ~HttpFetch() = default;  ///< closes the socket; `done` is not called then
  virtual void cancel() = 0;

  /// `done` is called once, from the loop, never from inside; it may destroy the fetch.
  static std::shared_ptr<HttpFetch> begin(HttpWorld world, const AttemptSpec& spec, Done done, Activity activity);
};

}  // namespace oe::exec
