#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace oe::sys {

struct TimerId {
  std::uint64_t number = 0;
};

/// The one event loop of a run (standalone Asio inside). Everything runs on the thread that calls run();
/// nothing here is thread-safe.
class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Handles events until stop(). May be called again afterwards.
  void run();
  void stop();

  void post(std::function<void()> task);
  TimerId after(std::chrono::milliseconds delay, std::function<void()> task);
  void cancel(TimerId timer);  ///< a timer that has fired or was cancelled is ignored
  /// Takes the signals away from their default action while the loop lives.
  void on_signal(std::span<const int> signals, std::function<void(int)> handler);

  struct Impl;
  Impl& impl() { return *impl_; }  ///< for the other files of this room

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace oe::sys
