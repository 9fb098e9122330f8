#include "oe/sys/loop.hpp"

#include "sys/loop_impl.hpp"

namespace oe::sys {
namespace {

void wait_for_signal(asio::signal_set& set, std::shared_ptr<std::function<void(int)>> handler) {
  set.async_wait([&set, handler](const std::error_code& error, int signal) {
    if (error) return;
    wait_for_signal(set, handler);
    (*handler)(signal);
  });
}

}  // namespace

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}
EventLoop::~EventLoop() = default;

void EventLoop::run() {
  impl_->io.restart();
  impl_->io.run();
}

void EventLoop::stop() {
  impl_->io.stop();
}

void EventLoop::post(std::function<void()> task) {
  asio::post(impl_->io, std::move(task));
}

TimerId EventLoop::after(std::chrono::milliseconds delay, std::function<void()> task) {
  const std::uint64_t number = ++impl_->last_timer;
  auto& timer = impl_->timers.try_emplace(number, impl_->io, delay).first->second;
  timer.async_wait([impl = impl_.get(), number, task = std::move(task)](const std::error_code&) {
    // A timer that expired just before it was cancelled comes without an error, but is in the table no more.
    if (impl->timers.erase(number) != 0) task();
  });
  return {number};
}

void EventLoop::cancel(TimerId timer) {
  impl_->timers.erase(timer.number);
}

void EventLoop::on_signal(std::span<const int> signals, std::function<void(int)> handler) {
  asio::signal_set& set = impl_->signals.emplace_back(impl_->io);
  for (const int signal : signals) set.add(signal);
  wait_for_signal(set, std::make_shared<std::function<void(int)>>(std::move(handler)));
}

}  // namespace oe::sys
