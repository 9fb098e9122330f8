#pragma once

#include <string>
#include <string_view>

namespace oe::evolve {

/// Text of any origin (an error, a file name) as one line that cannot pass for structure of what it is put into: each
/// run of blanks and control characters is one space, none at the ends, at most `bytes`.
std::string one_line(std::string_view text, std::size_t bytes = std::string_view::npos);

}  // namespace oe::evolve
