#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "oe/ledger/event.hpp"
#include "oe/sys/file.hpp"

#include "ledger/json_text.hpp"

namespace oe::ledger {

/// The end of a journal at which events are put. Five kinds may wait for the next one of another kind or for flush():
/// node.ready and node.skipped, which follow from what is written, state.write, which counts only with its
/// node.finished, node.finished, on which the starts behind it are the first to depend, and node.started, whose attempt
/// starts behind a flush(). Every other event is in the file when append() returns, with all before it.
class JournalWriter {
 public:
  /// `bytes` are those that the file holds.
  JournalWriter(sys::AppendFile file, std::uint64_t bytes) : file_(std::move(file)), bytes_(bytes) {}

  /// After an Error nothing of what waited is in the file, and every other append fails with the same Error.
  Result<void> append(const Event& event);
  Result<void> flush();
  Result<void> sync();
  /// Of the file, when nothing waits.
  std::uint64_t bytes() const { return bytes_; }

 private:
  sys::AppendFile file_;
  JsonText waiting_;
  std::uint64_t bytes_;
  bool synced_ = true;
  std::optional<Error> failure_;
};

}  // namespace oe::ledger
