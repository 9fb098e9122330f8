#include "ledger/index_follower.hpp"

namespace oe::ledger {

void IndexFollower::add(Event event) {
  waiting_.push_back(std::move(event));
  has_news_ = true;
}

Result<void> IndexFollower::hand_over(std::uint64_t journal_bytes) {
  OE_CHECK(wait());
  handed_over_.swap(waiting_);
  // Where no thread is to be had, wait() does the work.
  writing_ = std::async([this, journal_bytes] { return write_beside(journal_bytes); });
  return {};
}

Result<void> IndexFollower::bring_in(std::uint64_t journal_bytes) {
  OE_CHECK(take_in_waiting());
  return write(database_, journal_bytes);
}

Result<void> IndexFollower::finish(std::uint64_t journal_bytes, bool goes_on) {
  if (!has_news_) return {};
  OE_CHECK(take_in_waiting());
  if (!goes_on) projection_.interrupt({});
  projection_.show_waiting();
  return write(database_, journal_bytes);
}

Result<void> IndexFollower::take_in_waiting() {
  OE_CHECK(wait());
  project(waiting_);
  waiting_.clear();
  return {};
}

void IndexFollower::project(const std::vector<Event>& events) {
  for (const Event& event : events) projection_.add(event);
}

Result<void> IndexFollower::write(db::Database& database, std::uint64_t journal_bytes) {
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database));
  OE_CHECK(projection_.write(database, journal_bytes));
  OE_CHECK(transaction.commit());
  projection_.written();
  return {};
}

Result<void> IndexFollower::write_beside(std::uint64_t journal_bytes) {
  project(handed_over_);
  if (!own_) {
    OE_TRY(own_, db::Database::open(database_.path(), db::Mode::read_write));
  }
  return write(*own_, journal_bytes);
}

Result<void> IndexFollower::wait() {
  if (!writing_.valid()) return {};
  const Result<void> written = writing_.get();
  handed_over_.clear();
  return written;
}

}  // namespace oe::ledger
