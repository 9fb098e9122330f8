#pragma once

#include "oe/db/database.hpp"
#include "oe/ledger/ledger.hpp"

#include "ledger/layout.hpp"
#include "ledger/run_projection.hpp"

namespace oe::ledger {

/// The journal of a new run: locked, still without an event.
struct NewJournal {
  RunId run;
  sys::FileLock lock;
  sys::AppendFile file;

  /// Under an id that no journal has, and that sorts behind `newest` also within one millisecond.
  static Result<NewJournal> create(const Layout& layout, const sys::Clock& clock, const RunId& newest);
};

class JournalRecorder : public RunRecorder {
 public:
  /// `database` and `clock` must outlive it.
  JournalRecorder(NewJournal journal, db::Database& database, const sys::Clock& clock);

  const RunId& id() const override { return journal_.run; }
  Result<void> record(RunEvent body) override;
  Result<void> close() override;

 private:
  Result<void> append(const Event& event);
  Result<void> sync();
  Result<void> follow();

  NewJournal journal_;
  db::Database& database_;
  const sys::Clock& clock_;
  RunProjection projection_;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_ = 0;
  std::size_t ahead_of_index_ = 0;  ///< events
  bool synced_ = true;
  std::optional<Error> failure_;  ///< of the first record() that failed
};

}  // namespace oe::ledger
