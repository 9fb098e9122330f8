#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "oe/git/repository.hpp"

namespace oe::hooks {

/// The repository around a hook that git has started, or around this directory. Costs no process where git's own
/// directory is the only one (no linked worktree).
Result<git::Place> place_of_hook();

/// The files that a commit is about to take: those of the index that git names to its hooks (GIT_INDEX_FILE), else of
/// the usual one. Paths are relative to the root of the working tree, with "/".
class StagedTree {
 public:
  /// Errors: environment.
  static Result<StagedTree> open(const git::Place& place);
  StagedTree(StagedTree&&) noexcept;
  ~StagedTree();

  /// All that look like workflows by their name, sorted.
  std::vector<std::string> workflows() const;

  /// What is known of a path, and what this was taken from (lines of the memo): what is asked for again in a `Look`.
  enum class Kind { missing, file, executable, directory };
  struct Look {
    std::set<std::string> lines;
    std::vector<std::string> unstaged;  ///< files that are on the disk, and neither in the index nor ignored
  };
  /// Where the index has nothing: paths in submodules, outside of the repository, and of ignored files are those of the
  /// disk.
  Kind kind(const std::string& path, Look& look) const;
  /// The bytes; a symlink is followed. Errors: input, when there is no such file.
  Result<std::string> read(const std::string& path, Look& look) const;

  /// "w <on> <mode> <id> <path>" of the memo; `on` as there.
  std::string workflow_line(const std::string& path, const std::string& on) const;
  /// Whether such a line, or one of a Look, is true of this index.
  bool holds(const std::string& text) const;
  /// Whether the index has something else for one of the lines than HEAD.
  /// It costs a process of git. Errors: environment.
  Result<bool> differs_from_head(const std::vector<std::string>& lines) const;

  struct Impl;

 private:
  explicit StagedTree(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oe::hooks
