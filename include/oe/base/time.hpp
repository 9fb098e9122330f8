#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace oe {

/// Wall-clock time as it is stored: UTC, milliseconds.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// RFC 3339, always UTC with milliseconds: "2026-06-01T09:00:00.004Z".
std::string to_rfc3339(Timestamp time);
/// Reads what to_rfc3339 writes; nothing for any other text.
std::optional<Timestamp> from_rfc3339(std::string_view text);

/// "850 ms", "2.31 s", "1 m 04 s": a duration for people.
std::string human_duration(std::chrono::microseconds duration);

}  // namespace oe
