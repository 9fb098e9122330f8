#pragma once

#include "oe/git/repository.hpp"

namespace oe::git {

/// Whether a file such as MERGE_HEAD is in the directory that git has for this working tree.
bool is_in_progress(const Place& place, const char* mark);

}  // namespace oe::git
