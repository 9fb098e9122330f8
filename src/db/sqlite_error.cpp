#include "db/sqlite_error.hpp"

#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>
#include <sqlite3.h>

namespace oe::db {
namespace {

std::string_view hint_for(int code) {
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process is writing to it; try again when it is done";
    case SQLITE_IOERR:  // also what a full disk gives for the shared memory of a write-ahead log
      return "the disk may be full or failing: df shows what is free";
    case SQLITE_FULL:
      return "free some space on the disk and try again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "check who may write to the file and its directory";
    case SQLITE_CANTOPEN:
      return "check that the file's directory exists and that you may use it";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return "it is not an SQLite database, or it is damaged";
    default:
      return {};
  }
}

}  // namespace

Error sqlite_error(std::string_view file, const SQLite::Exception& thrown) {
  const int code = thrown.getErrorCode() & 0xFF;
  const bool unsound = code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
  return Error(unsound ? ErrorKind::input : ErrorKind::environment, fmt::format("{}: SQLite: {}", file, thrown.what()),
               std::string(hint_for(code)));
}

bool is_busy(const SQLite::Exception& thrown) {
  const int code = thrown.getErrorCode() & 0xFF;
  return code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

}  // namespace oe::db
