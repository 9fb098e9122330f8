#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "oe/git/repository.hpp"

namespace oe::hooks {

/// A proposal whose branch waits for somebody.
struct Waiting {
  std::string fingerprint;
  std::string base;
  std::string commit;  ///< with the one parent that it changes
};

/// One that became history.
struct Landed {
  std::string fingerprint;
  std::string commit;  ///< of the history, that has it
  std::string how;     ///< "merge": as it is; "trailer": by Oe-Proposal; "patch": the same change
  friend bool operator==(const Landed&, const Landed&) = default;
};

/// Those that the commits before `head` have and their bases do not: itself, a commit with its trailer, or one that makes
/// the same change to the files that it touches (git patch-id --stable). The newest 1,000 commits are looked at.
/// Errors: environment.
Result<std::vector<Landed>> landed(const git::Place& place, const std::string& head, const std::vector<Waiting>& waiting);

// Whoever moves HEAD (git with or without its hooks, an editor's own git) writes that into the reflog of the working tree, so
// the time of that file tells whether there is something new since somebody looked: <ledger>/looked.

/// Whether HEAD of any working tree moved since; costs two stats for one tree. True where no reflog is kept.
bool has_moved(const git::Place& place, const std::filesystem::path& ledger);
/// Calls `look` with the HEAD of each working tree (not of one that is on a branch oe/...), and notes that it was looked at when
/// that went well. Nothing when another process is at it.
Result<void> take_history(const git::Place& place, const std::filesystem::path& ledger,
                          const std::function<Result<void>(const std::string& head)>& look);

/// One proposal branch of a push.
struct Pushed {
  std::string branch;
  std::string commit;
};
/// The proposal branches among what git tells its pre-push: lines "<local ref> <id> <remote ref> <id>".
std::vector<Pushed> pushed_proposals(const std::string& lines);
/// Files that a proposal touches and that are others at HEAD than at its base, which its commit names (Oe-Base); none
/// when HEAD has the proposal. Errors: environment.
Result<std::vector<std::string>> stale_files(const git::Place& place, const std::string& commit);

}  // namespace oe::hooks
