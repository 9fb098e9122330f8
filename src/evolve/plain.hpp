#pragma once

#include <string>
#include <string_view>

namespace oe::evolve {

/// Text of any origin as what it says to a reader: valid UTF-8 with "\n" between lines; without terminal sequences
/// (ECMA-48 section 8.3, ISO 2022), other control characters, and characters that only change how the rest is seen
/// (direction, zero width, tags: Unicode TR 36 section 2.10).
std::string plain(std::string_view text);

/// Plain text between two lines that it cannot contain: both carry a digest of it.
///   <<<DATA 3f2a... error of fetch
///   ...
///   DATA 3f2a...>>>
std::string fenced(std::string_view text, std::string_view title);

}  // namespace oe::evolve
