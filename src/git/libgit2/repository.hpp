#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oe/git/repository.hpp"

#include "git/libgit2/handle.hpp"
#include "git/libgit2/path_list.hpp"

namespace oe::git {

class Libgit2Repository final : public Repository {
 public:
  Libgit2Repository(RepositoryHandle repository, Place place)
      : repository_(std::move(repository)), place_(std::move(place)) {}

  Result<Head> head() const override;
  Result<std::optional<Blob>> read(const Oid& commit, const std::string& path) const override;
  Result<std::vector<std::string>> list(const Oid& commit, const std::string& directory) const override;

  Result<Oid> write_tree(const Oid& commit, const std::vector<FileChange>& changes) override;
  Result<Commit> commit(const Oid& id) const override;
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
  /// The tree of a commit, or the tree itself when the id names one.
  Result<TreeHandle> tree_of(const Oid& commit) const;
  Result<CommitHandle> commit_handle(const Oid& id) const;
  /// An empty handle when there is no such branch.
  Result<ReferenceHandle> find_branch(const std::string& name) const;
  /// Error: failed, when some working tree has the branch checked out.
  Result<void> check_not_checked_out(const std::string& name, git_reference* reference) const;
  /// A ref cannot lie below another one. Error: failed, naming the branch that is a leading part of the name.
  Result<void> check_nothing_above(const std::string& name) const;

  RepositoryHandle repository_;
  Place place_;
};

}  // namespace oe::git
