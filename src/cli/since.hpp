#pragma once

#include <optional>
#include <string_view>

#include "oe/base/time.hpp"

namespace oe::cli {

/// The moment that "90m", "12h", "7d" or "2w" before `now` is, or the beginning (UTC) of a day "2026-11-01"; nothing for
/// any other text.
std::optional<Timestamp> moment_since(std::string_view text, Timestamp now);

}  // namespace oe::cli
