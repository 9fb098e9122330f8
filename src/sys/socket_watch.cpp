#include "oe/sys/socket_watch.hpp"

#include "sys/loop_impl.hpp"
#include "sys/os_error.hpp"

namespace oe::sys {
namespace {

using Descriptor = asio::posix::stream_descriptor;

/// Asio tells once for each wait; this asks again as long as the owner wants to know.
struct Waits : std::enable_shared_from_this<Waits> {
  Waits(EventLoop& loop, std::function<void(Readiness)> callback)
      : descriptor(loop.impl().io), on_ready(std::move(callback)) {}

  void wait_where_wanted() {
    if (wanted.to_read && !waiting.to_read) wait(Descriptor::wait_read, &Readiness::to_read);
    if (wanted.to_write && !waiting.to_write) wait(Descriptor::wait_write, &Readiness::to_write);
  }

  // An event that is already queued when the watch goes still comes: the weak pointer and `wanted` tell.
  void wait(Descriptor::wait_type what, bool Readiness::*side) {
    waiting.*side = true;
    descriptor.async_wait(what, [weak = weak_from_this(), side](const std::error_code&) {
      const auto self = weak.lock();
      if (!self) return;
      self->waiting.*side = false;
      if (!(self->wanted.*side)) return;
      Readiness ready;
      ready.*side = true;
      self->on_ready(ready);
      self->wait_where_wanted();
    });
  }

  Descriptor descriptor;
  std::function<void(Readiness)> on_ready;
  Readiness wanted;
  Readiness waiting;
};

class AsioSocketWatch final : public SocketWatch {
 public:
  explicit AsioSocketWatch(std::shared_ptr<Waits> waits) : waits_(std::move(waits)) {}
  ~AsioSocketWatch() override {
    waits_->wanted = {};
    waits_->descriptor.release();
  }
  void want(Readiness wanted) override {
    waits_->wanted = wanted;
    waits_->wait_where_wanted();
  }

 private:
  std::shared_ptr<Waits> waits_;
};

}  // namespace

Result<std::unique_ptr<SocketWatch>> watch_socket(EventLoop& loop, int socket,
                                                  std::function<void(Readiness)> on_ready) {
  const auto waits = std::make_shared<Waits>(loop, std::move(on_ready));
  std::error_code error;
  waits->descriptor.assign(socket, error);
  if (error) return fail(os_error(error.value(), "watch", "a socket"));
  return std::make_unique<AsioSocketWatch>(waits);
}

}  // namespace oe::sys
