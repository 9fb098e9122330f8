#pragma once

#include <cstdint>
#include <string>

#include "oe/db/database.hpp"
#include "oe/ledger/run_state.hpp"

namespace oe::ledger {

// The statements that write the rows of one run. Call inside a transaction.

/// What stands in `runs` beside the state.
struct RunFigures {
  RunStatus status = RunStatus::running;
  std::string reason;
  Microseconds duration{0};
  std::uint64_t failed = 0;
  std::uint64_t retried = 0;
  std::uint64_t journal_bytes = 0;
};
Result<void> write_run_row(db::Database& database, const RunState& run, const RunFigures& figures);
Result<void> write_node_row(db::Database& database, const RunId& run, const Fold::Touched& touched);
Result<void> write_attempt_row(db::Database& database, const RunId& run, const Fold::Tried& tried);
Result<void> write_history_row(db::Database& database, const RunId& run, const std::string& field, const Write& write);
Result<void> write_state_row(db::Database& database, const RunId& run, std::string_view field, std::string_view json);

/// Takes a run's rows away.
Result<void> forget_run(db::Database& database, const RunId& run);
/// Only those of its merged fields, which it has no longer when it goes on.
Result<void> forget_final_state(db::Database& database, const RunId& run);

}  // namespace oe::ledger
