#pragma once

#include <string_view>

#include "oe/base/error.hpp"

namespace SQLite {
class Exception;
}

namespace oe::db {

/// What SQLite threw as an Error that names the file: input for a file that is no (sound) database, else environment.
Error sqlite_error(std::string_view file, const SQLite::Exception& thrown);

/// True for the answers that go away when somebody else lets go of the file.
bool is_busy(const SQLite::Exception& thrown);

}  // namespace oe::db
