#pragma once

#include <functional>
#include <memory>

#include "oe/base/result.hpp"
#include "oe/sys/loop.hpp"

namespace oe::sys {

struct Readiness {
  bool to_read = false;
  bool to_write = false;
};

/// Watches a socket that somebody else owns, for libraries that open their own. It must be gone before the owner closes
/// the socket: a new one may get the same number at once. The loop must outlive it.
class SocketWatch {
 public:
  virtual ~SocketWatch() = default;
  /// From now on the callback comes, from the loop, as long as the socket is ready for one of these.
  virtual void want(Readiness wanted) = 0;
};

/// `on_ready` says what the socket is ready for (an error on it counts as ready); it may destroy the watch, and never
/// comes after that. Errors: environment, when the system cannot watch any more.
Result<std::unique_ptr<SocketWatch>> watch_socket(EventLoop& loop, int socket, std::function<void(Readiness)> on_ready);

}  // namespace oe::sys
