#include <fmt/format.h>

#include "git/libgit2/repository.hpp"

namespace oe::git {
namespace {

const char* kind_of(git_filemode_t mode) {
  switch (mode) {
    case GIT_FILEMODE_TREE:
      return "a directory";
    case GIT_FILEMODE_LINK:
      return "a symbolic link";
    case GIT_FILEMODE_COMMIT:
      return "a submodule";
    default:
      return "no file";
  }
}

Result<void> check_is_file(const git_tree_entry* entry, const std::string& path) {
  const git_filemode_t mode = git_tree_entry_filemode(entry);
  if (mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE) return {};
  return fail(ErrorKind::input, fmt::format("'{}' is {} in the commit, not a file", path, kind_of(mode)),
              "name a regular file");
}

/// libgit2 takes C strings: a path with a NUL would silently name something shorter.
bool can_be_in_a_tree(const std::string& path) {
  return !path.empty() && path.find('\0') == std::string::npos;
}

std::vector<std::string> names_in(const git_tree* tree) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
    const bool is_directory = git_tree_entry_type(entry) == GIT_OBJECT_TREE;
    names.push_back(git_tree_entry_name(entry) + std::string(is_directory ? "/" : ""));
  }
  return names;
}

}  // namespace

Result<TreeHandle> Libgit2Repository::tree_of(const Oid& commit) const {
  OE_TRY(const git_oid id, parse_oid(commit));
  const std::string doing = "read the tree of " + commit.text;
  OE_TRY(const ObjectHandle object,
         acquire<ObjectHandle>(doing, git_object_lookup, repository_.get(), &id, GIT_OBJECT_ANY));
  OE_TRY(ObjectHandle tree, acquire<ObjectHandle>(doing, git_object_peel, object.get(), GIT_OBJECT_TREE));
  return TreeHandle(reinterpret_cast<git_tree*>(tree.release()));
}

Result<Head> Libgit2Repository::head() const {
  OE_TRY(const ReferenceHandle head,
         acquire<ReferenceHandle>("read HEAD", git_reference_lookup, repository_.get(), "HEAD"));
  if (git_reference_type(head.get()) == GIT_REFERENCE_DIRECT)
    return Head{to_oid(*git_reference_target(head.get())), ""};
  const std::string target = git_reference_symbolic_target(head.get());
  constexpr std::string_view heads = "refs/heads/";
  Head found{std::nullopt, target.starts_with(heads) ? target.substr(heads.size()) : target};
  OE_TRY(const ReferenceHandle resolved, find<ReferenceHandle>("resolve HEAD", git_reference_resolve, head.get()));
  if (resolved) found.commit = to_oid(*git_reference_target(resolved.get()));
  return found;
}

Result<std::optional<Blob>> Libgit2Repository::read(const Oid& commit, const std::string& path) const {
  OE_TRY(const TreeHandle tree, tree_of(commit));
  if (!can_be_in_a_tree(path)) return std::nullopt;
  const std::string doing = fmt::format("read '{}' at {}", path, commit.text);
  OE_TRY(const EntryHandle entry, find<EntryHandle>(doing, git_tree_entry_bypath, tree.get(), path.c_str()));
  if (!entry) return std::nullopt;
  OE_CHECK(check_is_file(entry.get(), path));
  const git_oid* id = git_tree_entry_id(entry.get());
  OE_TRY(const BlobHandle blob, acquire<BlobHandle>(doing, git_blob_lookup, repository_.get(), id));
  const auto* bytes = static_cast<const char*>(git_blob_rawcontent(blob.get()));
  return Blob{to_oid(*id), std::string(bytes, static_cast<std::size_t>(git_blob_rawsize(blob.get()))),
              static_cast<std::uint32_t>(git_tree_entry_filemode(entry.get()))};
}

Result<std::vector<std::string>> Libgit2Repository::list(const Oid& commit, const std::string& directory) const {
  OE_TRY(const TreeHandle tree, tree_of(commit));
  if (directory.empty()) return names_in(tree.get());
  if (!can_be_in_a_tree(directory)) return std::vector<std::string>();
  const std::string doing = fmt::format("list '{}' at {}", directory, commit.text);
  OE_TRY(const EntryHandle entry, find<EntryHandle>(doing, git_tree_entry_bypath, tree.get(), directory.c_str()));
  if (!entry || git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE) return std::vector<std::string>();
  OE_TRY(const TreeHandle below,
         acquire<TreeHandle>(doing, git_tree_lookup, repository_.get(), git_tree_entry_id(entry.get())));
  return names_in(below.get());
}

Result<CommitHandle> Libgit2Repository::commit_handle(const Oid& id) const {
  OE_TRY(const git_oid raw, parse_oid(id));
  return acquire<CommitHandle>("read the commit " + id.text, git_commit_lookup, repository_.get(), &raw);
}

Result<Commit> Libgit2Repository::commit(const Oid& id) const {
  OE_TRY(const CommitHandle found, commit_handle(id));
  const git_signature* author = git_commit_author(found.get());
  Commit commit{.tree = to_oid(*git_commit_tree_id(found.get())),
                .message = git_commit_message(found.get()),
                .author = {author->name, author->email},
                .time = Timestamp(std::chrono::seconds(git_commit_time(found.get())))};
  for (unsigned i = 0; i < git_commit_parentcount(found.get()); ++i)
    commit.parents.push_back(to_oid(*git_commit_parent_id(found.get(), i)));
  return commit;
}

Result<Oid> Libgit2Repository::write_commit(const Oid& tree, const std::vector<Oid>& parents,
                                            const std::string& message, const Identity& identity, Timestamp time) {
  OE_TRY(const TreeHandle content, tree_of(tree));
  std::vector<CommitHandle> owned;
  std::vector<const git_commit*> before;
  for (const Oid& parent : parents) {
    OE_TRY(owned.emplace_back(), commit_handle(parent));
    before.push_back(owned.back().get());
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  OE_TRY(const SignatureHandle who,
         acquire<SignatureHandle>("sign a commit as " + identity.name, git_signature_new, identity.name.c_str(),
                                  identity.email.c_str(), seconds, 0));
  git_oid id;
  OE_CHECK(checked(git_commit_create(&id, repository_.get(), nullptr, who.get(), who.get(), nullptr, message.c_str(),
                                     content.get(), before.size(), before.data()),
                   "write a commit of " + tree.text));
  return to_oid(id);
}

}  // namespace oe::git
