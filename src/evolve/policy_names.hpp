#pragma once

#include <string>
#include <string_view>

namespace oe::evolve {

/// A name as the most forgiving of file systems compares it: without code points that nobody sees, in small letters
/// (also those that fold into ASCII: the Kelvin sign, the long s, ligatures), without what NTFS drops at the end.
/// The name must be UTF-8.
std::string as_compared(std::string_view name);

/// as_compared() for each part of a path.
std::string path_as_compared(std::string_view path);

/// Why no proposal may write a file with such a part in its path, whatever the policy; empty when it may.
std::string_view fault_of_name(std::string_view name);

}  // namespace oe::evolve
