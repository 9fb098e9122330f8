#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oe::fuzz {

/// The unified diff between two texts of one file in the way of git: one hunk, three lines of context, right counts.
/// Nothing of the surgeon is used. `before` and `after` differ.
std::string canonical_diff(const std::string& path, const std::optional<std::string>& before, std::string_view after);

/// Applies what canonical_diff wrote, by its line numbers, every byte as it stands; nothing when a line is not there.
std::optional<std::string> strictly_applied(std::string_view diff, std::string_view before);

}  // namespace oe::fuzz
