#pragma once

#include <functional>
#include <memory>

#include "oe/base/result.hpp"
#include "oe/sys/loop.hpp"

#include "sys/unique_fd.hpp"

namespace oe::sys {

/// A descriptor on the loop, which it owns and makes non-blocking. A callback comes once for each call, from the loop,
/// and never after close(). The loop must outlive the watch.
class Watch {
 public:
  Watch();  ///< closed
  /// Errors: environment, when the system cannot watch any more.
  static Result<Watch> open(EventLoop& loop, UniqueFd fd);
  Watch(Watch&&) noexcept;
  Watch& operator=(Watch&&) noexcept;
  ~Watch();

  bool is_open() const { return impl_ != nullptr; }
  int fd() const;
  void when_readable(std::function<void()> callback);
  void when_writable(std::function<void()> callback);
  void close() { impl_.reset(); }

 private:
  struct Impl;
  explicit Watch(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace oe::sys
