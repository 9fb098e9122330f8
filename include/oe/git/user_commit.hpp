#pragma once

#include <filesystem>
#include <string>

#include "oe/git/repository.hpp"

namespace oe::git {

/// A commit that is to be written.
struct CommitDraft {
  Oid tree;
  Oid parent;
  std::string message;
};

struct CommitStyle {
  bool signoff = false;                  ///< "Signed-off-by:" of the user; also where format.signOff asks for it
  bool verify = true;                    ///< the user's pre-commit, prepare-commit-msg and commit-msg hooks may stop it
  std::filesystem::path worktrees = {};  ///< where they run, in a linked worktree of the draft
};

struct Author {
  Identity who;
  Timestamp when;
};

/// Writes a commit as the user's own git would: his hooks (core.hooksPath counts) see it first, in a worktree that has
/// the draft staged and goes away afterwards, and it is signed when commit.gpgSign says so (gpg.format,
/// user.signingKey). Hooks may add to the message, but neither change what is committed nor take a trailer away. Hooks
/// of oe do nothing there. Where there is no hook there is no worktree. No ref names the commit yet. Errors: failed (a
/// hook said no, in its own words), environment (it cannot be signed).
Result<Oid> write_user_commit(const Place& place, Repository& repository, const CommitDraft& draft,
                              const Author& author, const CommitStyle& style);

/// Whether a commit can be signed, where commit.gpgSign asks for that: by signing one of `tree_of` that nothing names.
/// Errors: environment, with git's words and what to type.
Result<void> check_signing(const Place& place, const Oid& tree_of);

}  // namespace oe::git
