#include "db/statement.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

namespace oe::db {
namespace {

using Json = nlohmann::json;

/// A statement that is not reset keeps its locks.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(SQLite::Statement& statement) : statement_(statement) {}
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;
  ~ResetAtEnd() { statement_.tryReset(); }

 private:
  SQLite::Statement& statement_;
};

/// What SQLite makes of the first statement of a text; it forgets the rest, of which only a second try tells what it
/// is.
struct Prepared {
  int code;
  bool is_statement;  ///< false for white space and comments
  const char* rest;
};

Prepared prepare(SQLite::Database& database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v2(database.getHandle(), sql, -1, &statement, &rest);
  sqlite3_finalize(statement);
  return {code, statement != nullptr, rest};
}

const std::string& exactly_one_statement(SQLite::Database& database, const std::string& sql) {
  if (sql.find('\0') != std::string::npos) throw SQLite::Exception("the statement holds a NUL byte");
  const Prepared first = prepare(database, sql.c_str());
  if (first.code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), first.code);
  if (!first.is_statement) throw SQLite::Exception("there is no statement to run");
  const Prepared second = prepare(database, first.rest);
  if (second.code != SQLITE_OK || second.is_statement) throw SQLite::Exception("there is more than one statement");
  return sql;
}

void bind_value(SQLite::Statement& statement, int position, const Value& value) {
  const Json& json = value.json();
  if (json.is_null())
    statement.bind(position);
  else if (json.is_boolean())
    statement.bind(position, json.get<bool>() ? 1 : 0);
  else if (json.is_number_float())
    statement.bind(position, json.get<double>());
  else if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
    statement.bind(position, value.dump());
  else if (json.is_number_integer())
    statement.bind(position, json.get<std::int64_t>());
  else if (json.is_string())
    statement.bind(position, json.get_ref<const std::string&>());
  else
    statement.bind(position, value.dump());
}

Json to_json(const SQLite::Column& column) {
  if (column.isInteger()) return column.getInt64();
  if (column.isFloat()) return column.getDouble();
  if (column.isNull()) return nullptr;
  return column.getString();
}

Value row_of(SQLite::Statement& statement) {
  Json row = Json::object();
  for (int i = 0; i < statement.getColumnCount(); ++i)
    row[statement.getColumnName(i)] = to_json(statement.getColumn(i));
  return Value(std::move(row));
}

}  // namespace

PreparedStatement::PreparedStatement(SQLite::Database& database, const std::string& sql)
    : statement_(database, exactly_one_statement(database, sql)) {}

void PreparedStatement::bind(const std::vector<Value>& parameters) {
  const auto wanted = static_cast<std::size_t>(statement_.getBindParameterCount());
  if (parameters.size() != wanted)
    throw SQLite::Exception(fmt::format("the statement takes {} parameters, not {}", wanted, parameters.size()));
  for (std::size_t i = 0; i < parameters.size(); ++i) bind_value(statement_, static_cast<int>(i) + 1, parameters[i]);
}

void PreparedStatement::run(const std::vector<Value>& parameters) {
  const ResetAtEnd guard(statement_);
  bind(parameters);
  while (statement_.executeStep()) {
  }
}

std::vector<Value> PreparedStatement::rows(const std::vector<Value>& parameters, std::size_t limit) {
  const ResetAtEnd guard(statement_);
  bind(parameters);
  std::vector<Value> rows;
  while ((limit == 0 || rows.size() < limit) && statement_.executeStep()) rows.push_back(row_of(statement_));
  return rows;
}

}  // namespace oe::db
