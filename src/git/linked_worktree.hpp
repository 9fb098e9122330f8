#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "oe/git/repository.hpp"
#include "oe/sys/file.hpp"

namespace oe::git {

/// A linked worktree as gitrepository-layout(5) describes it: a directory with a file ".git", and an entry
/// <common_dir>/worktrees/oe-trial-<name>. Written here because git_worktree_add() insists on a branch, which the user
/// would see and a killed process would leave.
///
/// The entry is there before the directory and goes after it, so every directory that a killed process leaves is
/// claimed by an entry. Its file "locked" keeps git from pruning it and carries a flock while this object lives, which
/// tells a left-over from a worktree in use.
class LinkedWorktree final : public Worktree {
 public:
  /// Makes `directory`/<name>, detached at the commit, with no files in it yet. Errors: usage (the name is no plain
  /// word), environment (it exists already, the disk).
  static Result<std::unique_ptr<LinkedWorktree>> create(const Place& place, const std::filesystem::path& directory,
                                                        const std::string& name, const Oid& commit);
  ~LinkedWorktree() override;
  LinkedWorktree(const LinkedWorktree&) = delete;
  LinkedWorktree& operator=(const LinkedWorktree&) = delete;

  const std::filesystem::path& path() const override { return path_; }

 private:
  LinkedWorktree(std::filesystem::path entry, std::filesystem::path path, sys::FileLock lock)
      : entry_(std::move(entry)), path_(std::move(path)), lock_(std::move(lock)) {}
  Result<void> link(const Oid& commit) const;  ///< directory and entry to each other, HEAD to the commit

  std::filesystem::path entry_;
  std::filesystem::path path_;
  sys::FileLock lock_;
};

/// Removes a directory and all below it, also where a tool took its own write permission away. Follows no symlink.
/// False when something is still there.
bool remove_tree(const std::filesystem::path& path);

}  // namespace oe::git
