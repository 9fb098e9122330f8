#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

namespace oe::db {

/// The rows of one query on a connection of its own that cannot write, one at a time in constant memory.
class Cursor {
 public:
  /// Parameters and errors as Database::query().
  static Result<Cursor> open(const std::filesystem::path& path, const std::string& sql,
                             const std::vector<Value>& parameters);
  Cursor(Cursor&&) noexcept;
  Cursor& operator=(Cursor&&) noexcept;
  ~Cursor();

  /// Nothing after the last row.
  Result<std::optional<Value>> next();

 private:
  struct Impl;
  explicit Cursor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oe::db
