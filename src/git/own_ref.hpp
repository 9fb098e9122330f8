#pragma once

#include <filesystem>
#include <string>

#include "oe/base/result.hpp"

namespace oe::git {

/// Error: usage, of a name that is not one of a ref of oe: refs of the user are not to be touched by this way.
Result<void> check_own_ref(const std::string& name);

/// "the branch x" or "the ref refs/oe/x", for people.
std::string words_for_ref(const std::string& name);

/// Takes away the lock of a ref that a killed process left: git holds one for milliseconds, and this one is older than two
/// seconds. False when there is none.
bool remove_stale_lock(const std::filesystem::path& common_dir, const std::string& name);

}  // namespace oe::git
