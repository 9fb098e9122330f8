#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <optional>
#include <vector>

#include "oe/db/database.hpp"
#include "oe/ledger/event.hpp"

#include "ledger/run_projection.hpp"

namespace oe::ledger {

/// Brings the events of one run into the index: what few there are at once, the thousands of a long run beside it, on a
/// thread that has a connection of its own. Such a batch belongs to one side at a time, so nothing is shared and
/// nothing locked; the run waits only when a batch is full before the last one is written.
class IndexFollower {
 public:
  /// `projection` has the events that the index has already. `database` is for what is brought in at once, and must
  /// outlive this.
  IndexFollower(db::Database& database, RunProjection projection)
      : database_(database), projection_(std::move(projection)) {}
  IndexFollower(const IndexFollower&) = delete;
  IndexFollower& operator=(const IndexFollower&) = delete;

  void add(Event event);
  /// Events that were added and not yet brought in or handed over.
  std::size_t waiting() const { return waiting_.size(); }

  // `journal_bytes` is how far the journal is written, and must hold what waits: the index never leads. With an Error
  // it could not follow; only an index made again from the journal is whole then.

  /// Returns at once when the batch before is written. Its Error, if it had one, comes from here or from bring_in().
  Result<void> hand_over(std::uint64_t journal_bytes);
  Result<void> bring_in(std::uint64_t journal_bytes);
  /// The last of bring_in(), for which nothing need be new: leaves no row out. A run without an end that nobody
  /// `goes_on` with counts as interrupted.
  Result<void> finish(std::uint64_t journal_bytes, bool goes_on);

 private:
  Result<void> take_in_waiting();
  void project(const std::vector<Event>& events);
  Result<void> write(db::Database& database, std::uint64_t journal_bytes);
  Result<void> write_beside(std::uint64_t journal_bytes);
  Result<void> wait();

  db::Database& database_;
  std::optional<db::Database> own_;  ///< the thread's
  RunProjection projection_;
  std::vector<Event> waiting_;
  std::vector<Event> handed_over_;
  bool has_news_ = false;              ///< something was added at some time
  std::future<Result<void>> writing_;  ///< last, for it waits in its destructor
};

}  // namespace oe::ledger
