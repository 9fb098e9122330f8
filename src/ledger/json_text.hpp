#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "oe/base/time.hpp"

namespace oe::ledger {

// Hand-made JSON: a tree and its dump would cost several times as much, and every event of a run passes here.

/// `text` as a JSON string with its quotes; each byte that is not UTF-8 becomes U+FFFD.
void append_string(std::string& out, std::string_view text);

/// Milliseconds with a fraction of up to three digits, e.g. 12.345, without trailing zeros.
void append_milliseconds(std::string& out, std::chrono::microseconds duration);

/// RFC 3339 in quotes, as oe::to_rfc3339 writes it. Years 0 to 9999.
void append_timestamp(std::string& out, Timestamp time);

/// The same without quotes.
using TimestampText = std::array<char, 24>;
TimestampText timestamp_text(Timestamp time);

}  // namespace oe::ledger
