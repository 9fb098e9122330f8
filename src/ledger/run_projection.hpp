#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "oe/db/database.hpp"
#include "oe/ledger/run_state.hpp"

namespace oe::ledger {

/// The rows of one run in the index. The index that grows with a run and the one that is made again from its journal
/// are equal because both come from here: the rows depend on the events alone, not on when they are written.
class RunProjection {
 public:
  void add(const Event& event);
  bool empty() const { return state().last_event == 0; }
  bool is_over() const { return state().status != RunStatus::running; }
  /// The run has no end and nobody goes on with it. `why` may be empty.
  void interrupt(std::string why);

  /// Writes what has changed since the last written(); the values of the state fields come with the end of the run.
  /// Call inside a transaction. `journal_bytes` tells later whether the index is behind.
  Result<void> write(db::Database& database, std::uint64_t journal_bytes) const;
  /// What write() wrote is committed.
  void written();

 private:
  const RunState& state() const { return interrupted_ ? *interrupted_ : fold_.so_far(); }
  Result<void> write_run(db::Database& database, std::uint64_t journal_bytes) const;
  Result<void> write_node(db::Database& database, const NodeState& node) const;
  Result<void> write_attempt(db::Database& database, const NodeState& node, std::size_t position) const;
  Result<void> write_history(db::Database& database, const std::string& field) const;
  Result<void> write_state(db::Database& database) const;

  Fold fold_;
  std::optional<RunState> interrupted_;
  std::uint64_t retried_ = 0;
  std::set<NodeId> changed_nodes_;
  std::set<std::pair<NodeId, std::size_t>> changed_attempts_;
  std::set<std::string> changed_fields_;
  std::map<std::string, std::size_t> history_written_;  ///< contributions of each field that have their row
};

/// Takes a run's rows away. Call inside a transaction.
Result<void> forget_run(db::Database& database, const RunId& run);

/// A run that was cut off ends with its last event.
void mark_interrupted(RunState& state, std::string why);

}  // namespace oe::ledger
