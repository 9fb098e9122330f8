#pragma once

#include <string>
#include <vector>

#include "oe/git/repository.hpp"

namespace oe::git {

/// How a proposal's commit gets onto the current branch.
struct TakeOptions {
  enum class Way {
    forward,  ///< as it is when its parent is HEAD, else as `pick`
    pick,     ///< a new commit with the same change and message
    merge,    ///< a merge commit, also where a fast-forward would do
  } way = Way::forward;
  std::string message = {};  ///< of a merge
  Oid base = {};             ///< of a merge: the commit that has to be in HEAD's history already
  bool names_origin = true;  ///< "(cherry picked from commit ...)", where a new commit is picked
  bool signoff = false;      ///< a new commit is made also where a fast-forward would do
  bool verify = true;        ///< the user's hooks may stop a merge, as they stop git's
};

/// Takes a commit onto the current branch (or the detached HEAD) with the user's own git: its hooks, signature and
/// filters; nothing when HEAD has it already. Gives the new HEAD. Errors: failed with git's own words, after `--abort`
/// put everything back; also when the user is in the middle of a merge, rebase or cherry-pick.
Result<Oid> take_commit(const Place& place, const Oid& commit, const TakeOptions& options = {});

/// Error: failed, while the user is in the middle of a merge, rebase or the like: our own `--abort` would throw that away.
Result<void> check_nothing_unfinished(const Place& place);

/// Whether move_back() can do its work. Errors: failed: HEAD is not at `from`, something is in progress, files that
/// differ have changes of the user's, each with what to type.
Result<void> check_movable(const Place& place, const Oid& from, const Oid& to);
/// Puts the current branch (or the detached HEAD) from one commit to another, and the files that differ with it; all
/// others, and the rest of the index, stay as they are. Errors: those of check_movable(), environment.
Result<void> move_back(const Place& place, const Oid& from, const Oid& to);

/// The working tree that has a branch ("refs/heads/x") checked out; empty: none.
Result<std::string> checked_out_at(const Place& place, const std::string& ref);
/// A branch of a remote, as it is known here, that has the commit and is none of a proposal (oe/...); empty: none.
Result<std::string> remote_branch_with(const Place& place, const Oid& commit);

/// The files, relative to the root, that are not the same in two commits. Errors: environment.
Result<std::vector<std::string>> changed_paths(const Place& place, const Oid& before, const Oid& after);

}  // namespace oe::git
