#include "sys/input_pipe.hpp"

#include <sys/ioctl.h>

namespace oe::sys {

InputPipe::InputPipe(EventLoop& loop, UniqueFd fd) : loop_(loop), fd_(std::move(fd)) {
  int on = 1;
  ::ioctl(fd_.get(), FIONBIO, &on);
}

void InputPipe::write(std::string_view bytes) {
  if (!is_open() || finishing_) return;
  if (queue_.empty()) bytes.remove_prefix(offer(bytes));
  if (bytes.empty() || !is_open()) return;
  const bool waiting = !queue_.empty();
  queue_.append(bytes);
  if (!waiting) wait();
}

void InputPipe::finish() {
  finishing_ = true;
  if (queue_.empty()) close();
}

void InputPipe::close() {
  fd_.reset();
  watch_.close();
  queue_.clear();
  sent_ = 0;
}

std::size_t InputPipe::offer(std::string_view bytes) {
  const int fd = fd_ ? fd_.get() : watch_.fd();
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const ssize_t written = uninterrupted([&] { return ::write(fd, bytes.data() + taken, bytes.size() - taken); });
    if (written < 0 && errno == EAGAIN) break;
    if (written < 0) {
      close();
      break;
    }
    taken += static_cast<std::size_t>(written);
  }
  return taken;
}

void InputPipe::wait() {
  if (fd_) {
    auto watch = Watch::open(loop_, std::move(fd_));
    if (!watch) return close();
    watch_ = std::move(*watch);
  }
  watch_.when_writable([this] { resume(); });
}

void InputPipe::resume() {
  sent_ += offer(std::string_view(queue_).substr(sent_));
  if (!is_open()) return;
  if (sent_ < queue_.size()) return wait();
  queue_.clear();
  sent_ = 0;
  if (finishing_) close();
}

}  // namespace oe::sys
