#pragma once

#include <filesystem>
#include <string>

#include "oe/git/repository.hpp"

namespace oe::git {

/// Names in gitrepository-layout(5), and the prefix that marks an entry of ours among the user's own worktrees.
inline const std::string kEntryPrefix = "oe-trial-";
inline constexpr const char* kGitdirFile = "gitdir";
inline constexpr const char* kLockedFile = "locked";

/// Where a repository keeps its entries of linked worktrees; may be missing.
std::filesystem::path entries_directory(const Place& place);

}  // namespace oe::git
