#include <fmt/format.h>

#include "git/libgit2/repository.hpp"
#include "git/tree_path.hpp"

namespace oe::git {
namespace {

bool is_file(git_filemode_t mode) {
  return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

tl::unexpected<Error> refuse_change(const FileChange& change, std::string why) {
  return fail(ErrorKind::failed, fmt::format("cannot change '{}' in the tree: {}", change.path, why));
}

/// libgit2 would silently put a directory in the place of a file or of a symlink.
Result<void> check_passes(const FileChange& change, const std::string& above, git_filemode_t mode) {
  if (mode == GIT_FILEMODE_TREE) return {};
  if (mode == GIT_FILEMODE_LINK) return refuse_change(change, fmt::format("'{}' is a symbolic link", above));
  if (mode == GIT_FILEMODE_COMMIT) return refuse_change(change, fmt::format("'{}' is a submodule", above));
  return refuse_change(change, fmt::format("'{}' is a file, not a directory", above));
}

Result<void> check_replaces(const FileChange& change, git_filemode_t mode) {
  if (is_file(mode)) return {};
  const char* kind = mode == GIT_FILEMODE_TREE   ? "a directory"
                     : mode == GIT_FILEMODE_LINK ? "a symbolic link"
                                                 : "a submodule";
  return refuse_change(change, fmt::format("it is {} there", kind));
}

/// Walks the base tree along the path of a change.
Result<void> check_against(const git_tree* base, const FileChange& change) {
  for (std::size_t end = change.path.find('/');; end = change.path.find('/', end + 1)) {
    const std::string above = change.path.substr(0, end);
    OE_TRY(const EntryHandle entry,
           find<EntryHandle>(fmt::format("look for '{}'", above), git_tree_entry_bypath, base, above.c_str()));
    if (!entry) break;
    const git_filemode_t mode = git_tree_entry_filemode(entry.get());
    if (end == std::string::npos) return check_replaces(change, mode);
    OE_CHECK(check_passes(change, above, mode));
  }
  if (!change.bytes) return refuse_change(change, "there is no such file to take out");
  return {};
}

Result<git_tree_update> update_for(git_repository* repository, const FileChange& change) {
  git_tree_update update{GIT_TREE_UPDATE_REMOVE, {}, GIT_FILEMODE_BLOB, change.path.c_str()};
  if (!change.bytes) return update;
  update.action = GIT_TREE_UPDATE_UPSERT;
  update.filemode = static_cast<git_filemode_t>(change.mode);
  OE_CHECK(checked(git_blob_create_from_buffer(&update.id, repository, change.bytes->data(), change.bytes->size()),
                   fmt::format("store the bytes of '{}'", change.path)));
  return update;
}

Result<TreeHandle> empty_tree(git_repository* repository) {
  OE_TRY(const TreeBuilderHandle builder,
         acquire<TreeBuilderHandle>("make an empty tree", git_treebuilder_new, repository, nullptr));
  git_oid id;
  OE_CHECK(checked(git_treebuilder_write(&id, builder.get()), "write an empty tree"));
  return acquire<TreeHandle>("read the empty tree", git_tree_lookup, repository, &id);
}

}  // namespace

Result<Oid> Libgit2Repository::write_tree(const Oid& commit, const std::vector<FileChange>& changes) {
  OE_CHECK(check_changes(changes));
  OE_TRY(const TreeHandle base, commit.empty() ? empty_tree(repository_.get()) : tree_of(commit));
  std::vector<git_tree_update> updates;
  for (const FileChange& change : changes) {
    OE_CHECK(check_against(base.get(), change));
    OE_TRY(updates.emplace_back(), update_for(repository_.get(), change));
  }
  git_oid id;
  OE_CHECK(checked(git_tree_create_updated(&id, repository_.get(), base.get(), updates.size(), updates.data()),
                   "write a tree on top of " + commit.text));
  return to_oid(id);
}

}  // namespace oe::git
