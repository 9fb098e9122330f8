#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace oe::hooks {

// hooks/first.sh and hooks/first-with-input.sh, for hooks that git gives something on standard input.
extern const std::string_view kFirst;
extern const std::string_view kFirstWithInput;

/// What our files among the hooks have in them.
inline constexpr std::string_view kMark = "Put here by `oe hooks install`";
inline constexpr std::string_view kKeptSuffix = ".before-oe";

/// The script that runs the hook `before` (its bytes; empty: none), then `program`, with the digest of all that as its
/// last line. A shell script that asks for its own name is read in place of being run, so that it still finds it.
std::string script_for(std::string_view hook, std::string_view before, const std::filesystem::path& program);

enum class Origin {
  other,    ///< not ours
  program,  ///< a copy of oe-hook
  script,   ///< what script_for() wrote
  edited    ///< the same, and somebody has changed it
};
Origin origin_of(std::string_view bytes);

/// "husky", "lefthook" or "pre-commit" when such a tool wrote these bytes of a hook, else "".
std::string_view tool_behind(std::string_view bytes);

}  // namespace oe::hooks
