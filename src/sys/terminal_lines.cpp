#include "oe/sys/terminal_lines.hpp"

#include <cerrno>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

#include "sys/os_error.hpp"
#include "sys/watch.hpp"

namespace oe::sys {

struct TerminalLines::Impl {
  explicit Impl(EventLoop& events) : loop(events) {}

  EventLoop& loop;
  Watch watch;
  std::string typed;  ///< and not given away yet
  std::function<void(std::optional<std::string>)> handler;
  bool watching = false;
  std::shared_ptr<Impl*> alive = std::make_shared<Impl*>(this);  ///< for what is posted

  // What was pasted at once is here already when the next line is asked for.
  void serve() {
    if (typed.find('\n') == std::string::npos) return watch_again();
    loop.post([weak = std::weak_ptr(alive)] {
      const auto self = weak.lock();
      if (self && (*self)->handler) (*self)->give(false);
    });
  }

  void watch_again() {
    if (watching) return;
    watching = true;
    watch.when_readable([this] {
      watching = false;
      if (handler) read();
    });
  }

  void read() {
    char buffer[4096];
    const ssize_t count = uninterrupted([&] { return ::read(watch.fd(), buffer, sizeof buffer); });
    if (count > 0) typed.append(buffer, static_cast<std::size_t>(count));
    if (count < 0 && errno == EAGAIN) return watch_again();
    if (count > 0 && typed.find('\n') == std::string::npos) return watch_again();
    give(count <= 0);
  }

  // At the end a line without a newline counts, too.
  void give(bool at_end) {
    const std::size_t newline = typed.find('\n');
    std::optional<std::string> line;
    if (newline != std::string::npos)
      line = typed.substr(0, newline);
    else if (at_end && !typed.empty())
      line = typed;
    typed.erase(0, newline == std::string::npos ? newline : newline + 1);
    std::exchange(handler, nullptr)(std::move(line));
  }
};

TerminalLines::TerminalLines(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TerminalLines::TerminalLines(TerminalLines&&) noexcept = default;
TerminalLines::~TerminalLines() = default;

Result<TerminalLines> TerminalLines::open(EventLoop& loop, int fd) {
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  UniqueFd own(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (own.get() < 0) return fail(os_error(errno, "open", "the terminal"));
  auto impl = std::make_unique<Impl>(loop);
  OE_TRY(impl->watch, Watch::open(loop, std::move(own)));
  return TerminalLines(std::move(impl));
}

void TerminalLines::next(std::function<void(std::optional<std::string>)> handler) {
  impl_->handler = std::move(handler);
  impl_->serve();
}

void TerminalLines::forget() {
  impl_->handler = nullptr;
}

void TerminalLines::discard() {
  impl_->typed.clear();
  tcflush(impl_->watch.fd(), TCIFLUSH);
}

}  // namespace oe::sys
