#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

namespace oe::db {

enum class Mode { read_only, read_write };

/// One SQLite connection (SQLiteCpp inside, whose exceptions end here). Errors: environment, with SQLite's
/// own words.
class Database {
 public:
  static Result<Database> open(const std::filesystem::path& path, Mode mode);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// Runs statements without parameters and without rows.
  Result<void> execute(std::string_view sql);
  /// Runs one statement; a parameter is null, boolean, integer, float or text (anything else is stored as its
  /// JSON text). Prepared once and kept.
  Result<void> execute(std::string_view sql, const std::vector<Value>& parameters);
  /// Rows as JSON objects by column name; blobs become text. `limit` rows at most (0: all).
  Result<std::vector<Value>> query(std::string_view sql, const std::vector<Value>& parameters = {},
                                   std::size_t limit = 0);

  struct Impl;

 private:
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Rolls back unless commit() was called.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace oe::db
