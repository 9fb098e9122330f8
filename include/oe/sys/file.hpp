#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"

namespace oe::sys {

/// The bytes of a regular file. Errors: environment (missing, unreadable, a directory), input (larger than
/// max_bytes).
Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes);

enum class Durable { no, yes };

/// Writes to a temporary name beside `path`, syncs when asked, renames: a reader sees the old bytes or the
/// new, never half.
Result<void> write_file(const std::filesystem::path& path, std::string_view bytes, Durable durable = Durable::no);

Result<void> make_directories(const std::filesystem::path& path);

/// An append-only file: each append is one write(2), so whole lines survive a kill. Closes without syncing.
class AppendFile {
 public:
  /// Creates the file when it is missing. Errors: environment.
  static Result<AppendFile> open(const std::filesystem::path& path);
  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&& other) noexcept;
  ~AppendFile();

  Result<void> append(std::string_view bytes);  ///< errors name the path and say when the disk is full
  Result<void> sync();                          ///< fdatasync

 private:
  AppendFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::filesystem::path path_;
};

/// An advisory lock (flock) on a file that is made when missing and never removed; freed by the destructor or
/// by death.
class FileLock {
 public:
  /// Nothing when another process holds it.
  static Result<std::optional<FileLock>> try_acquire(const std::filesystem::path& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace oe::sys
