#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oe/git/program.hpp"
#include "oe/git/repository.hpp"

namespace oe::git {

/// The same promises as the one of libgit2 keeps, by the `git` program: some milliseconds a call, in every kind of
/// repository that git itself can read. See needs_the_program().
class ProgramRepository final : public Repository {
 public:
  explicit ProgramRepository(Place place) : place_(std::move(place)) {}

  Result<Head> head() const override;
  Result<std::optional<Blob>> read(const Oid& commit, const std::string& path) const override;
  Result<std::vector<std::string>> list(const Oid& commit, const std::string& directory) const override;
  Result<Commit> commit(const Oid& id) const override;

  Result<Oid> write_tree(const Oid& commit, const std::vector<FileChange>& changes) override;
  Result<Oid> write_commit(const Oid& tree, const std::vector<Oid>& parents, const std::string& message,
                           const Identity& identity, Timestamp time) override;
  Result<std::string> diff(const Oid& before, const Oid& after, const std::vector<std::string>& only) const override;

  Result<void> set_branch(const std::string& name, const Oid& target, const std::optional<Oid>& expected) override;
  Result<std::optional<Oid>> branch(const std::string& name) const override;
  Result<void> delete_branch(const std::string& name) override;
  Result<std::vector<std::string>> branches(const std::string& prefix) const override;
  Result<void> set_ref(const std::string& name, const Oid& target, const std::optional<Oid>& expected) override;
  Result<std::optional<Oid>> ref(const std::string& name) const override;
  Result<void> delete_ref(const std::string& name) override;
  Result<std::vector<std::string>> refs(const std::string& prefix) const override;

  Result<std::unique_ptr<Worktree>> add_worktree(const std::filesystem::path& directory, const std::string& name,
                                                 const Oid& commit, const std::vector<std::string>& only) override;

 private:
  struct Entry {
    std::string mode;
    std::string type;  ///< "blob", "tree" or "commit"
    std::string id;
  };
  using Entries = std::map<std::string, Entry>;
  /// What git says; an exit code other than 0 is an Error (environment) that names `doing`.
  Result<std::string> ask(const std::string& doing, std::vector<std::string> arguments, std::string input = {}) const;
  /// The same without the line break at the end, or nothing where git ends with another code and says nothing.
  Result<std::optional<std::string>> look_up(std::vector<std::string> arguments) const;

  /// Error: input, of anything but a full id: git would take a name of a ref as well.
  Result<void> check_id(const Oid& id) const;
  Result<Entries> entries(const std::string& tree) const;
  Result<std::optional<Entry>> entry_at(const Oid& commit, const std::string& path) const;
  Result<void> check_against(const Oid& base, const FileChange& change) const;
  /// The tree with the changes below it, whose paths begin at this tree; nothing when no entry is left.
  Result<std::optional<std::string>> changed_tree(const std::optional<std::string>& tree,
                                                  const std::vector<FileChange>& changes);
  Result<std::string> write_blob(const std::string& bytes);
  Result<std::string> write_entries(const Entries& entries);

  Result<GitAnswer> update_ref(const std::string& name, std::vector<std::string> arguments) const;
  Result<void> check_nothing_above(const std::string& branch) const;
  Result<void> move(const std::string& name, const Oid& target, const std::optional<Oid>& expected);
  Result<std::optional<Oid>> target(const std::string& name) const;
  Result<void> remove(const std::string& name);
  Result<std::vector<std::string>> names(const std::string& prefix) const;
  Result<void> check_not_checked_out(const std::string& branch) const;

  Place place_;
};

/// Whether libgit2 1.5 refuses the repository, or opens it and sees less than there is: whatever the configuration lists
/// under "extensions", and what has a remote that promises objects.
///   objectFormat = sha256, refStorage, relativeWorktrees, preciousObjects, compatObjectFormat: refused
///   worktreeConfig:                               opened, config.worktree is not read
///   partialClone, or remote.NAME.promisor, which is all that git writes today: opened, objects that are not here are not
///   fetched
bool needs_the_program(const Place& place);

}  // namespace oe::git
