#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oe {

std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);

/// The candidate nearest to `word` by edit distance (transpositions count once), when it is near enough to be
/// a likely slip: at most a third of the word's length, at least 1. Ties go to the first candidate.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// "did you mean 'x'?" or "" when nothing is near enough.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// Length of the ASCII text that it begins with.
std::size_t ascii_prefix(std::string_view text);

/// Byte offset of the first byte that is not valid UTF-8 (RFC 3629), or nothing.
std::optional<std::size_t> invalid_utf8(std::string_view text);

/// `text` as one shell word for sh: quoted only where it must be.
std::string shell_quote(std::string_view text);

/// At most `bytes` of text, cut at a UTF-8 boundary, with "..." where something was cut.
std::string ellipsis(std::string_view text, std::size_t bytes);

}  // namespace oe
