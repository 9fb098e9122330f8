#include "git/libgit2/repository.hpp"
#include "git/linked_worktree.hpp"

namespace oe::git {
namespace {

/// SAFE never writes over or through what is there, which FORCE would; in an empty directory it still writes every
/// file.
git_checkout_options fresh_checkout() {
  git_checkout_options options = GIT_CHECKOUT_OPTIONS_INIT;
  options.checkout_strategy = GIT_CHECKOUT_SAFE | GIT_CHECKOUT_RECREATE_MISSING;
  return options;
}

Result<void> check_out_files(const Worktree& worktree, const git_oid& commit, const std::vector<std::string>& only) {
  const std::string doing = "check files out into " + worktree.path().string();
  OE_TRY(const RepositoryHandle here, acquire<RepositoryHandle>(doing, git_repository_open, worktree.path().c_str()));
  OE_TRY(const ObjectHandle tree,
         acquire<ObjectHandle>(doing, git_object_lookup, here.get(), &commit, GIT_OBJECT_COMMIT));
  git_checkout_options options = fresh_checkout();
  PathList paths(only);
  if (!paths.empty()) {
    options.checkout_strategy |= GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH;
    options.paths = paths.array();
  }
  return checked(git_checkout_tree(here.get(), tree.get(), &options), doing);
}

}  // namespace

Result<std::unique_ptr<Worktree>> Libgit2Repository::add_worktree(const std::filesystem::path& directory,
                                                                  const std::string& name, const Oid& commit,
                                                                  const std::vector<std::string>& only) {
  OE_TRY(const git_oid id, parse_oid(commit));
  OE_TRY(const CommitHandle present,
         acquire<CommitHandle>("read the commit " + commit.text, git_commit_lookup, repository_.get(), &id));
  OE_TRY(std::unique_ptr<LinkedWorktree> worktree, LinkedWorktree::create(place_, directory, name, commit));
  OE_CHECK(check_out_files(*worktree, id, only));
  return worktree;
}

}  // namespace oe::git
