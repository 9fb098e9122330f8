#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "oe/base/time.hpp"
#include "oe/http/client.hpp"

namespace oe::http {

/// How long a server asks to wait: `retry-after-ms` (milliseconds), else `Retry-After` (RFC 9110 section 10.2.3:
/// seconds, also with a fraction as some send them, or an HTTP date). Nothing when it does not say or makes no sense.
std::optional<std::chrono::milliseconds> asked_wait(const Headers& headers, Timestamp now);

/// `x-should-retry: true|false`; nothing when it is not there.
std::optional<bool> told_to_retry(const Headers& headers);

/// 408, 409, 429 and everything from 500 (529 is "overloaded").
bool is_transient(int status);

/// 0.5 s doubled `tries` - 1 times, at most 8 s, less up to a quarter of it: `draw` is from [0, 1). What the vendors'
/// own clients do. `tries` counts the ones that failed, from 1.
std::chrono::milliseconds backoff(std::uint32_t tries, double draw);

}  // namespace oe::http
