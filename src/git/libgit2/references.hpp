#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/libgit2/handle.hpp"

namespace oe::git {

// References by their full names. A lock that a killed process left is taken away.

/// An empty handle when there is none.
Result<ReferenceHandle> find_reference(git_repository* repository, const std::string& name);
/// What it points to in the end; nothing when there is none.
Result<std::optional<Oid>> target_of(git_repository* repository, const std::string& name);
/// Compare and set; see Repository::set_branch().
Result<void> set_reference(git_repository* repository, const std::string& name, const Oid& target,
                           const std::optional<Oid>& expected);
Result<void> delete_reference(git_repository* repository, const std::string& name);  ///< no error when there is none
/// Full names, sorted.
Result<std::vector<std::string>> names_of_references(git_repository* repository, const std::string& prefix);

}  // namespace oe::git
