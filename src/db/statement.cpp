#include "db/statement.hpp"

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
  explicit ResetAtEnd(sqlite3_stmt* statement) : statement_(statement) {}
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;
  ~ResetAtEnd() { sqlite3_reset(statement_); }

 private:
  sqlite3_stmt* statement_;
};

/// What SQLite makes of the first statement of a text; it forgets the rest, of which only a second try tells what it
/// is.
struct Prepared {
  int code;
  sqlite3_stmt* statement;  ///< null for white space and comments
  const char* rest;
};

Prepared prepare(sqlite3* connection, const char* sql) {
  Prepared prepared{};
  prepared.code = sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared.statement, &prepared.rest);
  return prepared;
}

void bind_cell(sqlite3_stmt* statement, int position, const Cell& cell) {
  if (const auto* const integer = std::get_if<std::int64_t>(&cell)) {
    sqlite3_bind_int64(statement, position, *integer);
  } else if (const auto* const number = std::get_if<double>(&cell)) {
    sqlite3_bind_double(statement, position, *number);
  } else if (const auto* const text = std::get_if<std::string_view>(&cell)) {
    const char* const bytes = text->empty() ? "" : text->data();  // a null pointer would be NULL
    sqlite3_bind_text64(statement, position, bytes, text->size(), SQLITE_STATIC, SQLITE_UTF8);
  } else if (const auto* const own = std::get_if<std::string>(&cell)) {
    sqlite3_bind_text64(statement, position, own->data(), own->size(), SQLITE_STATIC, SQLITE_UTF8);
  } else if (const auto* const brief = std::get_if<ShortText>(&cell)) {
    sqlite3_bind_text64(statement, position, brief->bytes.data(), brief->size, SQLITE_STATIC, SQLITE_UTF8);
  } else {
    sqlite3_bind_null(statement, position);
  }
}

Cell cell_of(const Value& value) {
  const Json& json = value.json();
  if (json.is_null()) return {};
  if (json.is_boolean()) return std::int64_t{json.get<bool>() ? 1 : 0};
  if (json.is_number_float()) return json.get<double>();
  const bool is_huge = json.is_number_unsigned() && json.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max();
  if (json.is_number_integer() && !is_huge) return json.get<std::int64_t>();
  return json.is_string() ? json.get<std::string>() : value.dump();
}

Json to_json(sqlite3_stmt* statement, int column) {
  const Row row(statement);
  if (sqlite3_column_type(statement, column) == SQLITE_INTEGER) return row.integer(column);
  if (sqlite3_column_type(statement, column) == SQLITE_FLOAT) return row.number(column);
  if (row.is_null(column)) return nullptr;
  return std::string(row.text(column));
}

Value row_of(sqlite3_stmt* statement) {
  Json row = Json::object();
  for (int i = 0; i < sqlite3_column_count(statement); ++i)
    row[sqlite3_column_name(statement, i)] = to_json(statement, i);
  return Value(std::move(row));
}

}  // namespace

bool Row::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Row::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Row::number(int column) const {
  return sqlite3_column_double(statement_, column);
}
std::string_view Row::text(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_, column);
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void PreparedStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

PreparedStatement::PreparedStatement(SQLite::Database& database, const std::string& sql)
    : connection_(database.getHandle()) {
  if (sql.find('\0') != std::string::npos) throw SQLite::Exception("the statement holds a NUL byte");
  const Prepared first = prepare(connection_, sql.c_str());
  statement_.reset(first.statement);
  if (first.code != SQLITE_OK) throw SQLite::Exception(connection_, first.code);
  if (!statement_) throw SQLite::Exception("there is no statement to run");
  const Prepared second = prepare(connection_, first.rest);
  const bool is_more = second.code != SQLITE_OK || second.statement != nullptr;
  sqlite3_finalize(second.statement);
  if (is_more) throw SQLite::Exception("there is more than one statement");
}

void PreparedStatement::check_count(std::size_t parameters) {
  const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_.get()));
  if (parameters != wanted)
    throw SQLite::Exception(fmt::format("the statement takes {} parameters, not {}", wanted, parameters));
}

// A parameter keeps what it was given, and half of the cells of an index row are NULL every time.
void PreparedStatement::bind(std::span<const Cell> cells) {
  is_null_.resize(cells.size(), true);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool is_null = std::holds_alternative<std::monostate>(cells[i]);
    if (is_null && is_null_[i]) continue;
    bind_cell(statement_.get(), static_cast<int>(i) + 1, cells[i]);
    is_null_[i] = is_null;
  }
}

bool PreparedStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) throw SQLite::Exception(connection_, code);
  return code == SQLITE_ROW;
}

void PreparedStatement::run(std::span<const Cell> cells, const std::function<void(const Row&)>& take) {
  const ResetAtEnd guard(statement_.get());
  check_count(cells.size());
  bind(cells);
  while (step()) take(Row(statement_.get()));
}

void PreparedStatement::begin(const std::vector<Value>& parameters) {
  sqlite3_reset(statement_.get());
  check_count(parameters.size());
  parameters_ = parameters;
  cells_.clear();
  for (const Value& parameter : parameters_) cells_.push_back(cell_of(parameter));
  bind(cells_);
}

std::optional<Value> PreparedStatement::next() {
  if (!step()) return std::nullopt;
  return row_of(statement_.get());
}

std::vector<Value> PreparedStatement::rows(const std::vector<Value>& parameters, std::size_t limit) {
  const ResetAtEnd guard(statement_.get());
  begin(parameters);
  std::vector<Value> rows;
  while (limit == 0 || rows.size() < limit) {
    auto row = next();
    if (!row) break;
    rows.push_back(std::move(*row));
  }
  return rows;
}

}  // namespace oe::db
