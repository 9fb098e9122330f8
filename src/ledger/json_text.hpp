#pragma once

#include <array>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstring>
#include <string_view>
#include <vector>

#include "oe/base/time.hpp"

namespace oe::ledger {

// Hand-made JSON: a tree and its dump would cost several times as much, and every event of a run passes here.

/// A text that grows at its end, by appends that the compiler puts in place: those of std::string are calls.
class JsonText {
 public:
  void add(char c) {
    *room_for(1) = c;
    ++size_;
  }
  void add(std::string_view text) {
    if (!text.empty()) std::memcpy(room_for(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  /// Where so many bytes may be written; then tell how many there are: took().
  char* room_for(std::size_t bytes) {
    if (bytes_.size() - size_ < bytes) bytes_.resize(2 * (size_ + bytes));
    return bytes_.data() + size_;
  }
  void took(std::size_t bytes) { size_ += bytes; }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {bytes_.data(), size_}; }
  void clear() { size_ = 0; }

 private:
  std::vector<char> bytes_;
  std::size_t size_ = 0;  ///< of them, those that are text
};

/// `text` as a JSON string with its quotes; each byte that is not UTF-8 becomes U+FFFD.
void append_string(JsonText& out, std::string_view text);

template <std::integral T>
void append_integer(JsonText& out, T number) {
  constexpr std::size_t kMost = 24;
  char* const digits = out.room_for(kMost);
  out.took(static_cast<std::size_t>(std::to_chars(digits, digits + kMost, number).ptr - digits));
}

/// Milliseconds with a fraction of up to three digits, e.g. 12.345, without trailing zeros.
void append_milliseconds(JsonText& out, std::chrono::microseconds duration);

/// RFC 3339 in quotes, as oe::to_rfc3339 writes it. Years 0 to 9999.
void append_timestamp(JsonText& out, Timestamp time);

/// The same without quotes.
using TimestampText = std::array<char, 24>;
TimestampText timestamp_text(Timestamp time);

}  // namespace oe::ledger
