#pragma once

#include "oe/git/repository.hpp"

namespace oe::git {

/// Error: failed, while the user is in the middle of a merge, rebase or the like: our own `--abort` would throw that
/// away.
Result<void> check_nothing_unfinished(const Place& place);

/// Whether a file such as MERGE_HEAD is in the directory that git has for this working tree.
bool is_in_progress(const Place& place, const char* mark);

}  // namespace oe::git
