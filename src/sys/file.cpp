#include "oe/sys/file.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>

#include "sys/os_error.hpp"
#include "sys/unique_fd.hpp"
#include "sys/write_all.hpp"

namespace oe::sys {
namespace fs = std::filesystem;
namespace {

constexpr mode_t kPermissionBits = 07777;

Error too_large(const fs::path& path, std::size_t max_bytes) {
  return Error(ErrorKind::input, fmt::format("{} is too large: more than {} bytes", path.string(), max_bytes));
}

// O_NONBLOCK: opening a named pipe must not wait for a writer.
Result<UniqueFd> open_regular_file(const fs::path& path, struct stat& facts) {
  UniqueFd fd(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); }));
  if (!fd || ::fstat(fd.get(), &facts) != 0) return fail(os_error(errno, "read", path));
  if (S_ISDIR(facts.st_mode)) return fail(os_error(EISDIR, "read", path));
  if (!S_ISREG(facts.st_mode))
    return fail(ErrorKind::environment, fmt::format("cannot read {}: it is not a regular file", path.string()));
  return fd;
}

// A file of /proc says that it has no bytes, and any file may grow meanwhile: the end is where read(2) says it is.
Result<std::string> read_to_end(const UniqueFd& fd, const fs::path& path, std::size_t expected, std::size_t max_bytes) {
  std::string bytes(expected + 1, '\0');
  std::size_t size = 0;
  while (true) {
    if (size == bytes.size()) bytes.resize(2 * size + 4096);
    const ssize_t got = uninterrupted([&] { return ::read(fd.get(), bytes.data() + size, bytes.size() - size); });
    if (got < 0) return fail(os_error(errno, "read", path));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > max_bytes) return fail(too_large(path, max_bytes));
  }
  bytes.resize(size);
  return bytes;
}

/// A new file beside its goal; removed by the destructor unless it took the goal's place.
class TemporaryFile {
 public:
  static Result<TemporaryFile> beside(const fs::path& goal) {
    for (unsigned attempt = 0;; ++attempt) {
      fs::path path = goal.parent_path() / fmt::format(".oe-{}-{}.tmp", ::getpid(), attempt);
      UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
      if (fd) return TemporaryFile(std::move(path), std::move(fd));
      if (errno != EEXIST && errno != EINTR) return fail(os_error(errno, "write", goal));
    }
  }
  TemporaryFile(TemporaryFile&& other) noexcept : path_(std::exchange(other.path_, {})), fd_(std::move(other.fd_)) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  int fd() const { return fd_.get(); }
  bool take_place_of(const fs::path& goal) {
    if (::rename(path_.c_str(), goal.c_str()) != 0) return false;
    path_.clear();
    return true;
  }

 private:
  TemporaryFile(fs::path path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  fs::path path_;
  UniqueFd fd_;
};

void keep_permissions(int fd, const fs::path& of) {
  struct stat facts {};
  if (::lstat(of.c_str(), &facts) == 0 && S_ISREG(facts.st_mode)) ::fchmod(fd, facts.st_mode & kPermissionBits);
}

bool sync_directory(const fs::path& directory) {
  const UniqueFd fd(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && ::fsync(fd.get()) == 0;
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t max_bytes) {
  struct stat facts {};
  OE_TRY(const UniqueFd fd, open_regular_file(path, facts));
  const auto expected = static_cast<std::size_t>(facts.st_size);
  if (expected > max_bytes) return fail(too_large(path, max_bytes));
  return read_to_end(fd, path, expected, max_bytes);
}

Result<void> write_file(const fs::path& path, std::string_view bytes, Durable durable) {
  OE_TRY(TemporaryFile file, TemporaryFile::beside(path));
  keep_permissions(file.fd(), path);
  if (!write_all(file.fd(), bytes)) return fail(os_error(errno, "write", path));
  if (durable == Durable::yes && ::fsync(file.fd()) != 0) return fail(os_error(errno, "write", path));
  if (!file.take_place_of(path)) return fail(os_error(errno, "write", path));
  if (durable == Durable::yes && !sync_directory(path.parent_path())) return fail(os_error(errno, "sync", path));
  return {};
}

Result<void> make_directories(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) return fail(os_error(code.value(), "make the directory", path));
  if (!fs::is_directory(path, code)) return fail(os_error(ENOTDIR, "make the directory", path));
  return {};
}

}  // namespace oe::sys
