#include <fcntl.h>
#include <sys/file.h>
#include <utility>

#include "oe/sys/file.hpp"

#include "sys/os_error.hpp"
#include "sys/unique_fd.hpp"

namespace oe::sys {

Result<std::optional<FileLock>> FileLock::try_acquire(const std::filesystem::path& path) {
  UniqueFd fd(uninterrupted([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666); }));
  if (!fd) return fail(os_error(errno, "lock", path));
  if (uninterrupted([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) == 0)
    return std::optional<FileLock>(FileLock(fd.release()));
  if (errno == EWOULDBLOCK) return std::optional<FileLock>();
  return fail(os_error(errno, "lock", path));
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace oe::sys
