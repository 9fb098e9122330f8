#pragma once

#include <string>
#include <string_view>

namespace oe::evolve {

/// What a canonical diff changes, wherever the lines now stand: its files, context and changed lines without the object
/// ids and line numbers; as `git patch-id --stable`, but with blanks, which matter in YAML.
std::string patch_identity(std::string_view diff);

}  // namespace oe::evolve
