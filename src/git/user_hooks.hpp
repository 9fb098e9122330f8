#pragma once

#include "oe/git/user_commit.hpp"

namespace oe::git {

/// Runs the user's pre-commit, prepare-commit-msg and commit-msg hooks, as far as there are any, on a draft in a
/// worktree of its own below `worktrees`. Gives the message that they leave. Errors: failed, environment.
Result<std::string> past_user_hooks(const Place& place, Repository& repository, const CommitDraft& draft,
                                    const std::filesystem::path& worktrees);

}  // namespace oe::git
