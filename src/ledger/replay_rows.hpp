#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oe/db/database.hpp"
#include "oe/ledger/replay_store.hpp"

namespace oe::ledger {

// The tables of the replay store and the statements on them.

/// Opens the file and makes its tables, anew where they are of another oe. Errors: input, for a broken file.
Result<db::Database> open_replay_tables(const std::filesystem::path& file);

/// A result as it is stored.
struct ReplayResult {
  ReplayEntry entry;
  std::map<std::string, std::string> parts;
};
/// The newest look at a node.
struct ReplayLook {
  RunId run;
  std::string digest;
  std::map<std::string, std::string> parts;
  RunId from;  ///< empty on a miss
};
/// Hits on an entry since the last write.
struct ReplayUse {
  std::uint64_t hits = 0;
  Timestamp at;
};

Result<std::optional<ReplayEntry>> read_result(db::Database& database, const std::string& digest);
Result<void> write_result(db::Database& database, const std::string& digest, const ReplayResult& result);
Result<void> write_look(db::Database& database, const NodeId& node, const ReplayLook& look);
Result<void> write_use(db::Database& database, const std::string& digest, const ReplayUse& use);
Result<std::vector<ReplayRow>> list_results(db::Database& database);
Result<std::optional<ReplayVerdict>> explain_look(db::Database& database, const NodeId& node);
Result<std::size_t> collect_results(db::Database& database, Timestamp unused_since, std::uint64_t bytes);

}  // namespace oe::ledger
