#pragma once

#include <cstdint>

#include "oe/db/database.hpp"

namespace oe::ledger {

/// A row of node_rows, attempt_rows or write_rows has the key (number of its run << kRowBits) + its own number, which is
/// at most kLastRow. So rows come in at the end of their table, which costs SQLite half of what a key of the run's id
/// and a number does. People ask the views nodes, attempts and state_history.
inline constexpr int kRowBits = 32;
inline constexpr std::uint64_t kLastRow = (std::uint64_t{1} << kRowBits) - 1;

/// Makes the tables when there are none or those of an older oe; true when it did, and the index is empty. Errors:
/// environment, for tables that a newer oe made.
Result<bool> prepare_schema(db::Database& database);

/// Forgets everything: drops the tables and makes them again. Only inside a transaction.
Result<void> reset_schema(db::Database& database);

/// The key of `meta` for the bytes of proposals.jsonl that the index knows.
inline constexpr std::string_view kProposalsBytes = "proposals_bytes";

/// One value of the table `meta`; empty when it has none.
Result<std::string> meta(db::Database& database, std::string_view key);
Result<void> set_meta(db::Database& database, std::string_view key, std::string_view value);

}  // namespace oe::ledger
