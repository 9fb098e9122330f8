#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "llm/lines.hpp"

namespace oe::llm {

/// Server-sent events: WHATWG HTML section 9.2.6, without `id` and `retry`, which no API for models uses.
class SseReader {
 public:
  /// `take` gets the `event` field (empty: there was none) and the data of each event. An event of more than `limit`
  /// bytes ends the reading.
  SseReader(std::size_t limit, std::function<void(std::string_view event, std::string_view data)> take);

  void feed(std::string_view bytes) { lines_.feed(bytes); }
  bool is_too_long() const { return is_too_long_ || lines_.is_too_long(); }
  /// The first line that the standard ignores and that no API sends, so a sign of damage: a field of another name, or
  /// an event without data. Empty: there was none.
  const std::string& odd() const { return odd_; }

 private:
  void take_line(std::string_view line);
  void take_field(std::string_view name, std::string_view value);
  void dispatch();
  void note_odd(std::string_view line);

  std::size_t limit_;
  std::function<void(std::string_view, std::string_view)> take_;
  Lines lines_;
  std::string event_;
  std::string data_;  // each line with its LF
  std::string odd_;
  bool is_first_line_ = true;
  bool is_too_long_ = false;
};

}  // namespace oe::llm
