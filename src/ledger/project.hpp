#pragma once

#include <cstdint>
#include <filesystem>

#include "oe/base/ids.hpp"
#include "oe/db/database.hpp"

namespace oe::ledger {

/// Makes the rows of one run from its journal, in the transaction of the caller and in place of those that are there.
/// True when the run has no end; `is_dead`: nobody goes on with it. A journal with a broken line counts up to it.
Result<bool> project_journal(db::Database& database, const std::filesystem::path& journal, const RunId& run,
                             bool is_dead);
/// The same for a dead run in a transaction of its own.
Result<void> project_again(db::Database& database, const std::filesystem::path& journal, const RunId& run);

/// Whether the rows of the run are of another journal than one of so many bytes.
Result<bool> index_is_behind(db::Database& database, const RunId& run, std::uint64_t journal_bytes);

}  // namespace oe::ledger
