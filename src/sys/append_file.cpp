#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

#include "oe/sys/file.hpp"

#include "sys/os_error.hpp"
#include "sys/unique_fd.hpp"
#include "sys/write_all.hpp"

namespace oe::sys {
namespace {

// What was written of a line that did not fit would spoil the next line that does.
void take_back(int fd, std::size_t bytes) {
  struct stat facts {};
  if (bytes == 0 || ::fstat(fd, &facts) != 0 || facts.st_size < static_cast<off_t>(bytes)) return;
  [[maybe_unused]] const int ignored = ::ftruncate(fd, facts.st_size - static_cast<off_t>(bytes));
}

}  // namespace

Result<AppendFile> AppendFile::open(const std::filesystem::path& path) {
  const int fd =
      uninterrupted([&] { return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666); });
  if (fd < 0) return fail(os_error(errno, "open", path));
  return AppendFile(fd, path);
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

AppendFile::~AppendFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> AppendFile::append(std::string_view bytes) {
  std::string_view rest = bytes;
  if (bytes.empty() || write_all(fd_, rest)) return {};
  const int code = errno;
  take_back(fd_, bytes.size() - rest.size());
  return fail(os_error(code, "write", path_));
}

Result<void> AppendFile::sync() {
  if (::fdatasync(fd_) != 0) return fail(os_error(errno, "sync", path_));
  return {};
}

}  // namespace oe::sys
