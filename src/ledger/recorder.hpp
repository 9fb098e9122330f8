#pragma once

#include <optional>

#include "oe/db/database.hpp"
#include "oe/ledger/ledger.hpp"

#include "ledger/index_follower.hpp"
#include "ledger/journal_writer.hpp"
#include "ledger/layout.hpp"

namespace oe::ledger {

/// The journal of one run, locked.
struct HeldJournal {
  RunId run;
  sys::FileLock lock;
  std::filesystem::path path;

  /// Of a new run, still without an event, under an id that no journal has, and that sorts behind `newest` also within
  /// one millisecond.
  static Result<HeldJournal> create(const Layout& layout, const sys::Clock& clock, const RunId& newest);
  /// Of a run that nobody holds. Errors: environment, when somebody does; input, when there is no such run.
  static Result<HeldJournal> take_over(const Layout& layout, const RunId& run);
};

class JournalRecorder : public RunRecorder {
 public:
  /// Behind the events that are in the journal, which `each` gets first; a torn last line is cut off. `database` and
  /// `clock` must outlive it.
  static Result<std::unique_ptr<JournalRecorder>> open(HeldJournal journal, db::Database& database,
                                                       const sys::Clock& clock,
                                                       const std::function<void(const Event&)>& each);

  const RunId& id() const override { return journal_.run; }
  Result<void> record(RunEvent body) override;
  Result<void> flush() override { return writer_.flush(); }
  Result<void> close() override;

 private:
  JournalRecorder(HeldJournal journal, JournalWriter writer, db::Database& database, const sys::Clock& clock,
                  RunProjection projection)
      : journal_(std::move(journal)),
        writer_(std::move(writer)),
        database_(database),
        clock_(clock),
        number_(projection.last_event()) {
    index_.emplace(database, std::move(projection));
  }
  Result<void> check_order(const RunEvent& body) const;
  Result<void> catch_up_before();
  void follow(Event event);

  HeldJournal journal_;
  JournalWriter writer_;
  db::Database& database_;
  const sys::Clock& clock_;
  std::uint64_t number_;
  bool goes_on_ = false;                ///< between RunStarted or RunResumed and RunFinished
  std::optional<IndexFollower> index_;  ///< empty when it could not follow: what it missed is in the journal only
};

}  // namespace oe::ledger
