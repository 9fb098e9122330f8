#include "oe/db/cursor.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include "db/sqlite_error.hpp"
#include "db/statement.hpp"

namespace oe::db {
namespace {

constexpr int kCursorBusyTimeoutMs = 5000;

}  // namespace

struct Cursor::Impl {
  Impl(std::string file, const std::string& sql)
      : path(std::move(file)),
        connection(path, SQLite::OPEN_READONLY, kCursorBusyTimeoutMs),
        statement(connection, sql) {}

  std::string path;
  SQLite::Database connection;
  PreparedStatement statement;  ///< ends first
  bool ended = false;
};

Cursor::Cursor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Cursor::Cursor(Cursor&&) noexcept = default;
Cursor& Cursor::operator=(Cursor&&) noexcept = default;
Cursor::~Cursor() = default;

Result<Cursor> Cursor::open(const std::filesystem::path& path, const std::string& sql,
                            const std::vector<Value>& parameters) {
  try {
    auto impl = std::make_unique<Impl>(path.string(), sql);
    impl->statement.begin(parameters);
    return Cursor(std::move(impl));
  } catch (const SQLite::Exception& thrown) {
    return fail(sqlite_error(path.string(), thrown));
  }
}

Result<std::optional<Value>> Cursor::next() {
  try {
    if (impl_->ended) return std::nullopt;
    std::optional<Value> row = impl_->statement.next();
    impl_->ended = !row;
    return row;
  } catch (const SQLite::Exception& thrown) {
    impl_->ended = true;
    return fail(sqlite_error(impl_->path, thrown));
  }
}

}  // namespace oe::db
