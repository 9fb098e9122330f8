#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

struct sqlite3_stmt;

namespace oe::db {

/// A text of at most 24 bytes, kept in place.
struct ShortText {
  std::array<char, 24> bytes{};
  std::uint8_t size = 0;
};

/// A parameter of a statement. A string_view is read in place: it must live until the call returns.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string_view, std::string, ShortText>;

/// The row at which a reader stands; columns count from 0. Texts live until the next row.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const;
  std::int64_t integer(int column) const;  ///< 0 for NULL
  double number(int column) const;         ///< 0 for NULL
  std::string_view text(int column) const;  ///< "" for NULL

 private:
  sqlite3_stmt* statement_;
};

enum class Mode { read_only, read_write };

/// One SQLite connection (SQLiteCpp inside, whose exceptions end here). Errors: environment, with the file and SQLite's
/// own words; input when the file is no SQLite database or is damaged.
class Database {
 public:
  /// read_write makes the file when it is missing, keeps a write-ahead log and syncs it only when it is folded back
  /// (synchronous NORMAL). Both modes wait up to 5 s for a lock that somebody else holds.
  static Result<Database> open(const std::filesystem::path& path, Mode mode);
  const std::string& path() const;
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// Runs statements without parameters and without rows.
  Result<void> execute(std::string_view sql);
  /// Runs one statement with a cell for each parameter. Prepared once and kept; a second statement is an error.
  Result<void> execute(std::string_view sql, std::initializer_list<Cell> cells);
  /// Gives each row of one statement, one at a time in constant memory. `take` must not use this connection.
  Result<void> each(std::string_view sql, std::initializer_list<Cell> cells,
                    const std::function<void(const Row&)>& take);
  static constexpr std::size_t kRowsAtOnce = 32;
  /// INSERT OR REPLACE of rows of `columns` cells each, one row behind the other. kRowsAtOnce of them take one statement,
  /// which is much faster than one statement each.
  Result<void> insert(std::string_view table, std::size_t columns, std::span<const Cell> cells);
  /// Rows as JSON objects by column name (of two columns with one name the last counts); blobs become text. `limit`
  /// rows at most (0: all). A parameter is null, boolean (as 0 or 1), integer, float or text; anything else, and an
  /// integer past 2^63-1, is bound as its JSON text.
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
