#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "oe/exec/executor.hpp"

namespace oe::exec {

/// What an attempt may print on one stream, in bytes; past it the attempt is ended.
inline constexpr std::size_t kMaxPrinted = std::size_t{16} << 20;

/// The last 4 KiB of a text, begun at a UTF-8 boundary: AttemptReport::output.
std::string printed_end(std::string_view text);

/// The last line that is not blank, shortened to a message's length.
std::string last_line(std::string_view text);

/// The lines that one attempt prints: the first 1,000 go on as activities, the end of them all is kept.
class PrintLog {
 public:
  PrintLog() = default;
  explicit PrintLog(Activity activity) : activity_(std::move(activity)) {}

  void add(std::string_view line);
  std::size_t bytes() const { return bytes_; }
  std::string end() const { return printed_end(end_); }

 private:
  Activity activity_;
  std::string end_;
  std::size_t bytes_ = 0;
  std::size_t lines_ = 0;
};

}  // namespace oe::exec
