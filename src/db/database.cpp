#include "oe/db/database.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <thread>
#include <tuple>

#include "db/sqlite_error.hpp"
#include "db/statement.hpp"

namespace oe::db {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr std::chrono::milliseconds kPause{10};

std::string insertion(std::string_view table, std::size_t columns, std::size_t rows) {
  std::string row = "(?";
  for (std::size_t i = 1; i < columns; ++i) row += ", ?";
  row += ')';
  std::string sql = fmt::format("INSERT OR REPLACE INTO {} VALUES {}", table, row);
  for (std::size_t i = 1; i < rows; ++i) sql.append(", ").append(row);
  return sql;
}

// One thread uses a connection, so SQLite need not lock it at every call.
int flags_of(Mode mode) {
  return SQLite::OPEN_NOMUTEX | (mode == Mode::read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
}

// SQLite does not wait for the lock that this change needs, whatever the busy timeout.
void keep_write_ahead_log(SQLite::Database& connection) {
  for (int waited = 0;; waited += static_cast<int>(kPause.count())) {
    try {
      connection.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& thrown) {
      if (!is_busy(thrown) || waited >= kBusyTimeoutMs) throw;
      std::this_thread::sleep_for(kPause);
    }
  }
}

}  // namespace

struct Database::Impl {
  Impl(std::string file, Mode mode)
      : path(std::move(file)),
        connection(path, flags_of(mode), kBusyTimeoutMs) {}

  PreparedStatement& prepared(std::string_view sql) {
    const auto kept = statements.find(sql);
    if (kept != statements.end()) return *kept->second;
    auto statement = std::make_unique<PreparedStatement>(connection, std::string(sql));
    return *statements.emplace(sql, std::move(statement)).first->second;
  }

  /// Its text is long, and asked for every few rows.
  PreparedStatement& inserting(std::string_view table, std::size_t columns, std::size_t rows) {
    PreparedStatement*& kept = inserts[{std::string(table), columns, rows}];
    if (kept == nullptr) kept = &prepared(insertion(table, columns, rows));
    return *kept;
  }

  std::string path;
  SQLite::Database connection;
  std::map<std::string, std::unique_ptr<PreparedStatement>, std::less<>> statements;  ///< by SQL text; end first
  std::map<std::tuple<std::string, std::size_t, std::size_t>, PreparedStatement*> inserts;  ///< of them: table, columns, rows
};

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

const std::string& Database::path() const {
  return impl_->path;
}

Result<Database> Database::open(const std::filesystem::path& path, Mode mode) {
  try {
    auto impl = std::make_unique<Impl>(path.string(), mode);
    // Opening reads nothing; this tells at once whether it is a database.
    impl->connection.exec("SELECT count(*) FROM sqlite_master");
    if (mode == Mode::read_write) {
      keep_write_ahead_log(impl->connection);
      impl->connection.exec("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 4000");
    }
    return Database(std::move(impl));
  } catch (const SQLite::Exception& thrown) {
    return fail(sqlite_error(path.string(), thrown));
  }
}

Result<void> Database::execute(std::string_view sql) {
  try {
    impl_->connection.exec(std::string(sql));
    return {};
  } catch (const SQLite::Exception& thrown) {
    return fail(sqlite_error(impl_->path, thrown));
  }
}

Result<void> Database::execute(std::string_view sql, std::initializer_list<Cell> cells) {
  return each(sql, cells, [](const Row&) {});
}

Result<void> Database::each(std::string_view sql, std::initializer_list<Cell> cells,
                            const std::function<void(const Row&)>& take) {
  try {
    impl_->prepared(sql).run({cells.begin(), cells.size()}, take);
    return {};
  } catch (const SQLite::Exception& thrown) {
    return fail(sqlite_error(impl_->path, thrown));
  }
}

Result<void> Database::insert(std::string_view table, std::size_t columns, std::span<const Cell> cells) {
  try {
    const std::size_t many = columns * kRowsAtOnce;
    while (!cells.empty()) {
      const std::size_t rows = cells.size() >= many ? kRowsAtOnce : 1;
      impl_->inserting(table, columns, rows).run(cells.first(columns * rows), [](const Row&) {});
      cells = cells.subspan(columns * rows);
    }
    return {};
  } catch (const SQLite::Exception& thrown) {
    return fail(sqlite_error(impl_->path, thrown));
  }
}

Result<std::vector<Value>> Database::query(std::string_view sql, const std::vector<Value>& parameters,
                                           std::size_t limit) {
  try {
    return impl_->prepared(sql).rows(parameters, limit);
  } catch (const SQLite::Exception& thrown) {
    return fail(sqlite_error(impl_->path, thrown));
  }
}

}  // namespace oe::db
