#include "sys/watch.hpp"

#include "sys/loop_impl.hpp"
#include "sys/os_error.hpp"

namespace oe::sys {

struct Watch::Impl {
  Impl(EventLoop& loop, UniqueFd fd) : descriptor(loop.impl().io) {
    descriptor.assign(fd.get());
    fd.release();
    descriptor.non_blocking(true);
  }

  // An event that is already queued when the watch closes still comes: the weak pointer tells.
  static void wait(const std::shared_ptr<Impl>& impl, asio::posix::stream_descriptor::wait_type what,
                   std::function<void()> callback) {
    impl->descriptor.async_wait(what,
                                [weak = std::weak_ptr(impl), callback = std::move(callback)](const std::error_code&) {
                                  if (weak.lock()) callback();
                                });
  }

  asio::posix::stream_descriptor descriptor;
};

Watch::Watch() = default;
Watch::Watch(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;
Watch::~Watch() = default;

Result<Watch> Watch::open(EventLoop& loop, UniqueFd fd) {
  try {
    return Watch(std::make_shared<Impl>(loop, std::move(fd)));
  } catch (const std::system_error& error) {
    return fail(os_error(error.code().value(), "watch", "a pipe"));
  }
}

int Watch::fd() const {
  return impl_ ? impl_->descriptor.native_handle() : -1;
}

void Watch::when_readable(std::function<void()> callback) {
  Impl::wait(impl_, asio::posix::stream_descriptor::wait_read, std::move(callback));
}

void Watch::when_writable(std::function<void()> callback) {
  Impl::wait(impl_, asio::posix::stream_descriptor::wait_write, std::move(callback));
}

}  // namespace oe::sys
