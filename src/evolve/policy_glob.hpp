#pragma once

#include <string_view>

namespace oe::evolve {

/// Whether a glob fits a whole path: "*" and "?" within one part, a part "**" for any number of parts. Takes at most
/// the product of both lengths, whatever is asked.
bool fits_glob(std::string_view glob, std::string_view path);

/// The same, for the path or a directory that it is in.
bool fits_glob_or_is_below(std::string_view glob, std::string_view path);

}  // namespace oe::evolve
