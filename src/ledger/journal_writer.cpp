#include "ledger/journal_writer.hpp"

#include "ledger/event_line.hpp"

namespace oe::ledger {
namespace {

constexpr std::size_t kMostWaiting = std::size_t{64} << 10;

bool may_wait(const RunEvent& body) {
  return std::holds_alternative<NodeReady>(body) || std::holds_alternative<StateWrite>(body) ||
         std::holds_alternative<NodeSkipped>(body) || std::holds_alternative<NodeFinished>(body) ||
         std::holds_alternative<NodeStarted>(body);
}

}  // namespace

Result<void> JournalWriter::append(const Event& event) {
  if (failure_) return fail(*failure_);
  append_json_line(waiting_, event);
  waiting_.add('\n');
  return may_wait(event.body) && waiting_.size() < kMostWaiting ? Result<void>() : flush();
}

Result<void> JournalWriter::flush() {
  if (failure_) return fail(*failure_);
  if (waiting_.empty()) return {};
  const Result<void> written = file_.append(waiting_.view());
  bytes_ += written ? waiting_.size() : 0;
  waiting_.clear();
  synced_ = false;
  if (!written) failure_ = written.error();
  return written;
}

Result<void> JournalWriter::sync() {
  OE_CHECK(flush());
  if (synced_) return {};
  OE_CHECK(file_.sync());
  synced_ = true;
  return {};
}

}  // namespace oe::ledger
