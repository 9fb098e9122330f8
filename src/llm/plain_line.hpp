#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace oe::llm {

inline constexpr std::size_t kMaxLine = 300;

/// Foreign text for a message: one line of valid UTF-8 without control characters, blanks once, at most kMaxLine bytes.
std::string plain_line(std::string_view text);

}  // namespace oe::llm
