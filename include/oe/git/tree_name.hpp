#pragma once

#include <string_view>

namespace oe::git {

/// Whether git, HFS+ or NTFS would take one part of a path for ".git": in any case of letters, with code points that
/// HFS+ ignores, with dots, blanks or a stream behind it, or as "git~1". The rules are those of core.protectHFS and
/// core.protectNTFS, on every system.
bool is_dot_git(std::string_view component);

}  // namespace oe::git
