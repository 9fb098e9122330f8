#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace oe::llm {

/// Cuts bytes into lines that end with LF, CR or CRLF, wherever the pieces were cut.
class Lines {
 public:
  /// `take` gets each line without its end. A line of more than `limit` bytes ends the reading.
  Lines(std::size_t limit, std::function<void(std::string_view)> take) : limit_(limit), take_(std::move(take)) {}

  void feed(std::string_view bytes);
  /// What came after the last end of a line.
  const std::string& rest() const { return rest_; }
  bool is_too_long() const { return is_too_long_; }

 private:
  void keep(std::string_view bytes);

  std::size_t limit_;
  std::function<void(std::string_view)> take_;
  std::string rest_;
  bool after_cr_ = false;
  bool is_too_long_ = false;
};

}  // namespace oe::llm
