#pragma once

#include <cerrno>
#include <string_view>
#include <unistd.h>

namespace oe::sys {

/// Writes all of `bytes` to a blocking descriptor, normally with one write(2). False leaves the reason in errno and
/// cuts `bytes` down to what was not written.
inline bool write_all(int fd, std::string_view& bytes) {
  do {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  } while (!bytes.empty());
  return true;
}

}  // namespace oe::sys
