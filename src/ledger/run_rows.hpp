#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oe/db/database.hpp"
#include "oe/ledger/run_state.hpp"

#include "ledger/index_schema.hpp"

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

/// Where the rows of a run stand: see kRowBits.
class RunKeys {
 public:
  explicit RunKeys(std::int64_t run_number) : first_(run_number << kRowBits) {}
  /// Of the row with that number in its table: at most kLastRow.
  std::int64_t key(std::uint64_t number) const { return first_ + static_cast<std::int64_t>(number); }

 private:
  std::int64_t first_;
};
/// A run gets its number with its first row. Another process may make the index anew and number otherwise, so this holds
/// for one transaction.
Result<RunKeys> keys_of(db::Database& database, const RunId& run);

/// Rows on their way into one table, all with the same number of cells. What they are made from must live until they are
/// written.
class Rows {
 public:
  Rows(db::Database& database, std::string_view table) : database_(database), table_(table) {}
  template <class... T>
  Result<void> add(T&&... cells) {
    columns_ = sizeof...(cells);
    cells_.reserve(columns_ * db::Database::kRowsAtOnce);
    (cells_.emplace_back(std::forward<T>(cells)), ...);
    return cells_.size() < columns_ * db::Database::kRowsAtOnce ? Result<void>() : write();
  }
  /// To be called behind the last row.
  Result<void> write();

 private:
  db::Database& database_;
  std::string_view table_;
  std::size_t columns_ = 1;
  std::vector<db::Cell> cells_;
};
Result<void> add_node(Rows& nodes, const RunKeys& run, const Fold::Touched& touched);
Result<void> add_attempt(Rows& attempts, const RunKeys& run, const Fold::Tried& tried);
Result<void> add_write(Rows& writes, const RunKeys& run, const std::string& field, const Write& write);
Result<void> write_state_row(db::Database& database, const RunId& run, std::string_view field, std::string_view json);

/// Takes a run's rows away.
Result<void> forget_run(db::Database& database, const RunId& run);
/// Only those of its merged fields, which it has no longer when it goes on.
Result<void> forget_final_state(db::Database& database, const RunId& run);

}  // namespace oe::ledger
