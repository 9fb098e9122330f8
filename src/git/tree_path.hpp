#pragma once

#include <string_view>
#include <vector>

#include "oe/git/repository.hpp"

namespace oe::git {

/// Whether a path may be put into a tree that somebody will check out on any file system: relative, plain UTF-8
/// components, none of them empty, "." or "..", none that git, NTFS or HFS+ would take for ".git". Error: failed,
/// naming the path. The rules are those of git's verify_path (read-cache.c) on all systems at once.
Result<void> check_tree_path(std::string_view path);

/// The same for a set of changes that go into one tree: also the modes (100644 or 100755), a path named twice, a file
/// below another file of the set.
Result<void> check_changes(const std::vector<FileChange>& changes);

}  // namespace oe::git
