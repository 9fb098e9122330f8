#pragma once

#include <string>
#include <string_view>

namespace oe::forge {

inline constexpr std::string_view kTableStart = "<!-- oe:table -->";
inline constexpr std::string_view kTableEnd = "<!-- /oe:table -->";

/// Of a body without its machine block and of a title: the same for what a forge or an editor made of line ends, of
/// blanks at the ends of lines and of empty lines at the end.
std::string body_digest(std::string_view body);
std::string title_digest(std::string_view title);

}  // namespace oe::forge
