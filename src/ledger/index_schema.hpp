#pragma once

#include "oe/db/database.hpp"

namespace oe::ledger {

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
