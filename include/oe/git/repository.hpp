#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oe/base/ids.hpp"
#include "oe/base/result.hpp"

namespace oe::git {

using Oid = StrongString<struct OidTag>;  ///< hexadecimal object id

/// What `git rev-parse` says of a place; costs one process and no library.
struct Place {
  std::filesystem::path root;       ///< of this working tree
  std::filesystem::path main_root;  ///< of the main working tree: where the ledger lives
  std::filesystem::path git_dir;
  std::filesystem::path common_dir;
  std::optional<Oid> head;  ///< nothing on an unborn branch
};

/// Finds the repository around a directory. Errors: environment: not a repository, bare, git missing, owned
/// by someone else; with what to type.
Result<Place> find_place(const std::filesystem::path& directory);

/// The bytes that HEAD has for a path relative to the root; nothing when HEAD has no such file or is unborn. A symlink
/// gives its target. One git process. Errors: input (a line break in the path), environment.
Result<std::optional<std::string>> head_bytes(const Place& place, const std::string& path);

/// The commit that a revision names, as `git rev-parse` has it. One git process. Errors: usage (there is no such
/// commit), environment.
Result<Oid> commit_of(const Place& place, const std::string& revision);

struct Head {
  std::optional<Oid> commit;  ///< nothing on an unborn branch
  std::string branch;         ///< short name, empty when HEAD is detached
};

struct Blob {
  Oid id;
  std::string bytes;
  std::uint32_t mode = 0100644;
};

/// One file to be put into a tree (no bytes: taken out).
struct FileChange {
  std::string path;  ///< relative to the root, with "/"
  std::optional<std::string> bytes;
  std::uint32_t mode = 0100644;
  friend bool operator==(const FileChange&, const FileChange&) = default;
};

struct Identity {
  std::string name;
  std::string email;
  friend bool operator==(const Identity&, const Identity&) = default;
};

/// What a commit object says, apart from its files.
struct Commit {
  Oid tree;
  std::vector<Oid> parents;
  std::string message;
  Identity author;
  Timestamp time;  ///< of the committer
  friend bool operator==(const Commit&, const Commit&) = default;
};

/// A linked worktree, detached at a commit. The destructor takes it away again, files and all.
class Worktree {
 public:
  virtual ~Worktree() = default;
  virtual const std::filesystem::path& path() const = 0;
};

/// A repository's objects and refs. Nothing here touches the user's working tree, index, HEAD, stash or config.
/// Errors: environment.
class Repository {
 public:
  virtual ~Repository() = default;

  virtual Result<Head> head() const = 0;
  /// The file at a path of a commit's tree; nothing when there is none. Errors also when the path is no
  /// regular file.
  virtual Result<std::optional<Blob>> read(const Oid& commit, const std::string& path) const = 0;
  /// Names directly below a directory of a commit ("" is the root); directories end with "/". Empty when it
  /// is not there.
  virtual Result<std::vector<std::string>> list(const Oid& commit, const std::string& directory) const = 0;

  /// Errors: environment (it is not there), input (it is no commit).
  virtual Result<Commit> commit(const Oid& id) const = 0;

  /// A tree like the commit's (or the tree's; of an empty id: the empty tree) but for the changes; reads only the
  /// directories that are touched. Refuses paths that leave the tree, contain ".git" in any form, pass through a symlink,
  /// or would replace a directory or a file of another kind.
  virtual Result<Oid> write_tree(const Oid& commit, const std::vector<FileChange>& changes) = 0;
  /// A commit object that no ref names yet; author and committer are `identity` at the given time.
  virtual Result<Oid> write_commit(const Oid& tree, const std::vector<Oid>& parents, const std::string& message,
                                   const Identity& identity, Timestamp time) = 0;
  /// The canonical unified diff ("diff --git a/... b/...") between two commits' trees, three lines of context, of all
  /// files or only of the given ones, at a cost that does not grow with the others; `git apply` takes it.
  virtual Result<std::string> diff(const Oid& before, const Oid& after, const std::vector<std::string>& only = {}) const = 0;

  /// refs/heads/<name>, only if it is now at `expected` (nothing: does not exist). Error `failed` when it is
  /// not.
  virtual Result<void> set_branch(const std::string& name, const Oid& target, const std::optional<Oid>& expected) = 0;
  virtual Result<std::optional<Oid>> branch(const std::string& name) const = 0;
  virtual Result<void> delete_branch(const std::string& name) = 0;  ///< no error when there is none
  /// Short names of branches that start with `prefix`, sorted.
  virtual Result<std::vector<std::string>> branches(const std::string& prefix) const = 0;

  /// The same of refs of our own, by their full names, which start with "refs/oe/" or "refs/notes/oe".
  virtual Result<void> set_ref(const std::string& name, const Oid& target, const std::optional<Oid>& expected) = 0;
  virtual Result<std::optional<Oid>> ref(const std::string& name) const = 0;
  virtual Result<void> delete_ref(const std::string& name) = 0;
  virtual Result<std::vector<std::string>> refs(const std::string& prefix) const = 0;

  /// A locked linked worktree at `directory`/<name>, detached at the commit, its files checked out (filter drivers such
  /// as LFS are not run): all, or only the given files and directories, at a cost that does not grow with the others. No
  /// ref is made, also for a moment.
  virtual Result<std::unique_ptr<Worktree>> add_worktree(const std::filesystem::path& directory,
                                                         const std::string& name, const Oid& commit,
                                                         const std::vector<std::string>& only = {}) = 0;
};

/// Takes away worktrees directly below `directory` that a killed process left; gives their number. Needs no libgit2, so
/// it is cheap enough for every command. Leaves alone what a living process uses and every worktree that is not ours.
Result<std::size_t> remove_leftover_worktrees(const Place& place, const std::filesystem::path& directory);

/// Opens a repository with libgit2, which is loaded only now: the library liboe-git.so beside the program (or
/// in ../lib/oe) holds it. One that libgit2 cannot read as git does (sha256, reftable, partial clones, a configuration
/// for each worktree) is read and written by the `git` program, more slowly. Errors: environment.
Result<std::unique_ptr<Repository>> open_repository(const Place& place);

/// The user's identity as git would use it (config and environment). Errors: environment with the two `git
/// config` lines to type.
Result<Identity> user_identity(const Place& place);

/// The working-tree and index state of some paths, one line "XY path" each as `git status --porcelain` has it;
/// empty when all are clean (or none is named). Ignored files count ("!!"): a merge would write over them.
Result<std::string> status(const Place& place, const std::vector<std::string>& paths);

}  // namespace oe::git
