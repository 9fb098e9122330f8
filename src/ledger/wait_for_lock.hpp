#pragma once

#include <filesystem>

#include "oe/sys/file.hpp"

namespace oe::ledger {

/// The lock on a file that others hold for moments only. Errors: environment, after 5 s.
Result<sys::FileLock> wait_for_lock(const std::filesystem::path& path);

}  // namespace oe::ledger
