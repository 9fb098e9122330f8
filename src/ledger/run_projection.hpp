#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oe/db/database.hpp"
#include "oe/ledger/run_state.hpp"

#include "ledger/run_rows.hpp"

namespace oe::ledger {

/// The rows of one run in the index. The index that grows with a run and the one that is made again from its journal
/// are equal because both come from here: the rows depend on the events alone, not on when they are written. What has
/// its row is forgotten, so that memory is bounded by what is open, the nodes and the value of the state.
class RunProjection {
 public:
  void add(const Event& event);
  bool empty() const { return fold_.so_far().last_event == 0; }
  std::uint64_t last_event() const { return fold_.so_far().last_event; }
  bool is_over() const { return figures().status != RunStatus::running; }
  /// Events whose rows are not written.
  std::size_t ahead() const { return ahead_; }
  /// The run has no end and nobody goes on with it, until a RunResumed comes. `why` may be empty.
  void interrupt(std::string why) { interrupted_ = std::move(why); }

  /// The next write() is the last one for now: it leaves no row out.
  void show_waiting();

  /// Writes what has changed since the last written(); the values of the state fields come with the end of the run.
  /// A node that is ready has no row before it begins while very many wait.
  /// Call inside a transaction. `journal_bytes` tells later whether the index is behind.
  Result<void> write(db::Database& database, std::uint64_t journal_bytes);
  /// What is there is in the index and committed.
  void written();

 private:
  /// Whether a node has a row, by its number.
  enum class Shown : std::uint8_t { no, when_it_begins, always };

  RunFigures figures() const;
  void keep_changed(const Fold::Touched& node, bool may_wait);
  void keep_winner(const std::string& field, const Write& write);
  Result<void> write_nodes(db::Database& database, const RunKeys& keys);
  Result<void> write_attempts(db::Database& database, const RunKeys& keys);
  Result<void> write_history(db::Database& database, const RunKeys& keys);
  Result<void> write_state(db::Database& database) const;
  Result<void> write_joined_fields(db::Database& database) const;

  Fold fold_{Fold::Keep::open};
  std::optional<std::string> interrupted_;
  std::uint64_t retried_ = 0;
  std::size_t ahead_ = 0;
  bool is_open_again_ = false;  ///< the state fields in the index are those of an end that does not count
  std::vector<Fold::Touched> changed_nodes_;
  std::vector<Shown> shown_;
  std::vector<Fold::Touched> waiting_nodes_;  ///< that were ready without a row
  std::size_t waiting_ = 0;                   ///< of them, those that have not begun
  std::vector<Fold::Tried> changed_attempts_;
  std::vector<std::pair<std::string, Write>> new_writes_;
  std::map<std::string, Write> winners_;  ///< of each field but those that are joined
  std::set<std::string> joined_;          ///< fields that have contributions to join
};

}  // namespace oe::ledger
