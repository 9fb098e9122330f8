#pragma once

#include <string>
#include <string_view>

#include "sys/watch.hpp"

namespace oe::sys {

/// The writing end of a child's standard input. Never blocks: what the pipe does not take waits in memory. A reader
/// that went away is no error. Comes to the loop only when something has to wait.
class InputPipe {
 public:
  InputPipe(EventLoop& loop, UniqueFd fd);
  void write(std::string_view bytes);
  /// Closes as soon as all is written.
  void finish();
  void close();

 private:
  bool is_open() const { return fd_ || watch_.is_open(); }
  /// The bytes that the pipe took now; closes it when nobody reads any more.
  std::size_t offer(std::string_view bytes);
  void wait();
  void resume();

  EventLoop& loop_;
  UniqueFd fd_;  ///< until the loop has to watch it
  Watch watch_;
  std::string queue_;
  std::size_t sent_ = 0;  ///< of queue_
  bool finishing_ = false;
};

}  // namespace oe::sys
