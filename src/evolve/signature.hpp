#pragma once

#include <string>
#include <string_view>

namespace oe::evolve {

/// What two errors must share to count as the same failure: the first line, with numbers, quoted text and
/// the folders of paths taken out. The exit status that a shell or a sandbox makes of a signal
/// counts as the signal.
std::string error_signature(std::string_view error);

}  // namespace oe::evolve
