#pragma once

#include <functional>
#include <memory>
#include <span>
#include <optional>
#include <string>
#include <vector>

#include "oe/base/value.hpp"
#include "oe/db/database.hpp"

struct sqlite3;

namespace SQLite {
class Database;
}

namespace oe::db {

/// One prepared statement of a connection. Everything here throws SQLite::Exception. SQLite's own interface, because
/// SQLite::Statement copies every text twice, and the index of a run passes here.
class PreparedStatement {
 public:
  /// Throws for a text without a statement and for one with a second statement, which SQLite would silently leave out.
  PreparedStatement(SQLite::Database& database, const std::string& sql);

  void run(std::span<const Cell> cells, const std::function<void(const Row&)>& take);
  /// From here on next() gives the rows, one at a time.
  void begin(const std::vector<Value>& parameters);
  std::optional<Value> next();
  std::vector<Value> rows(const std::vector<Value>& parameters, std::size_t limit);

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  void check_count(std::size_t parameters);
  void bind(std::span<const Cell> cells);
  bool step();

  sqlite3* connection_;
  std::vector<Value> parameters_;  ///< since begin(): SQLite reads texts in place
  std::vector<Cell> cells_;        ///< of them
  std::vector<bool> is_null_;      ///< of each parameter, as it is bound
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace oe::db
