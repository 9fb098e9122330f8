#pragma once

#include <SQLiteCpp/Statement.h>
#include <string>
#include <vector>

#include "oe/base/value.hpp"

namespace oe::db {

/// One prepared statement of a connection. Everything here throws SQLite::Exception.
class PreparedStatement {
 public:
  /// Throws for a text without a statement and for one with a second statement, which SQLite would silently leave out.
  PreparedStatement(SQLite::Database& database, const std::string& sql);

  void run(const std::vector<Value>& parameters);
  std::vector<Value> rows(const std::vector<Value>& parameters, std::size_t limit);

 private:
  void bind(const std::vector<Value>& parameters);

  SQLite::Statement statement_;
};

}  // namespace oe::db
