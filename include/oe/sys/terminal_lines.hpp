#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "oe/base/result.hpp"
#include "oe/sys/loop.hpp"

namespace oe::sys {

/// Lines that somebody types, one at a time, through the loop. Reads through a description of its own, so the terminal
/// stays blocking for everybody else. The loop must outlive it.
class TerminalLines {
 public:
  /// Of an open descriptor: a terminal or a pipe. Errors: environment.
  static Result<TerminalLines> open(EventLoop& loop, int fd);
  TerminalLines(TerminalLines&&) noexcept;
  ~TerminalLines();

  /// Gives the next line without its newline to `handler`, once, from the loop; nothing at the end (Ctrl-D). Replaces a
  /// handler that still waits.
  void next(std::function<void(std::optional<std::string>)> handler);
  void forget();   ///< the handler that waits, if any
  void discard();  ///< what was typed before anybody asked

 private:
  struct Impl;
  explicit TerminalLines(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oe::sys
