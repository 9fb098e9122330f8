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

/// One SQLite connection (SQLiteCpp inside, whose exceptions end here). Errors: environment, with the file and SQLite's
/// own words; input when the file is no SQLite database or is damaged.
class Database {
 public:
  /// read_write makes the file when it is missing, keeps a write-ahead log and syncs it only when it is folded back
  /// (synchronous NORMAL). Both modes wait up to 5 s for a lock that somebody else holds.
  static Result<Database> open(const std::filesystem::path& path, Mode mode);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// Runs statements without parameters and without rows.
  Result<void> execute(std::string_view sql);
  /// Runs one statement; a parameter is null, boolean (as 0 or 1), integer, float or text; anything else, and an
  /// integer past 2^63-1, is stored as its JSON text. There must be one value for each parameter and no second
  /// statement. Prepared once and kept.
  Result<void> execute(std::string_view sql, const std::vector<Value>& parameters);
  /// Rows as JSON objects by column name (of two columns with one name the last counts); blobs become text. `limit`
  /// rows at most (0: all).
  Result<std::vector<Value>> query(std::string_view sql, const std::vector<Value>& parameters = {},
                                   std::size_t limit = 0);

  struct Impl;

 private:
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Takes the write lock at once, so that it cannot lose it half-way. Rolls back unless commit() was called.
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
