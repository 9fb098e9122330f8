#pragma once

#include <chrono>
#include <optional>

#include "oe/base/time.hpp"

#include "forge/api.hpp"

namespace oe::forge {

/// How long a forge asks to wait before the next call: Retry-After, else the reset (seconds since 1970) of a limit that
/// is used up (x-ratelimit-* of GitHub, ratelimit-* of GitLab). Nothing for an answer that is not about limits.
std::optional<std::chrono::milliseconds> limit_wait(const ApiAnswer& answer, Timestamp now);

/// The forge's own words on one line of at most 300 bytes: `message`, `error` and `errors` in every shape that they
/// have. Empty when there are none.
std::string words_of(const Value& body);

}  // namespace oe::forge
