#pragma once

#include <git2.h>
#include <memory>
#include <string>

#include "oe/base/free_with.hpp"
#include "oe/git/repository.hpp"

namespace oe::git {

using RepositoryHandle = std::unique_ptr<git_repository, FreeWith<git_repository_free>>;
using ObjectHandle = std::unique_ptr<git_object, FreeWith<git_object_free>>;
using CommitHandle = std::unique_ptr<git_commit, FreeWith<git_commit_free>>;
using TreeHandle = std::unique_ptr<git_tree, FreeWith<git_tree_free>>;
using TreeBuilderHandle = std::unique_ptr<git_treebuilder, FreeWith<git_treebuilder_free>>;
using EntryHandle = std::unique_ptr<git_tree_entry, FreeWith<git_tree_entry_free>>;
using BlobHandle = std::unique_ptr<git_blob, FreeWith<git_blob_free>>;
using DiffHandle = std::unique_ptr<git_diff, FreeWith<git_diff_free>>;
using SignatureHandle = std::unique_ptr<git_signature, FreeWith<git_signature_free>>;
using ReferenceHandle = std::unique_ptr<git_reference, FreeWith<git_reference_free>>;
using ReferenceIteratorHandle = std::unique_ptr<git_reference_iterator, FreeWith<git_reference_iterator_free>>;

/// "cannot <doing>: <libgit2's own words>", of kind environment, with a hint where the code of the failure tells one.
Error libgit2_error(int code, const std::string& doing);

/// Turns the code that a libgit2 function returned into a Result.
inline Result<void> checked(int code, const std::string& doing) {
  if (code < 0) return fail(libgit2_error(code, doing));
  return {};
}

/// Owns what a libgit2 function puts into its first argument, or an empty handle where it says "not found".
template <class Handle, class Function, class... Arguments>
Result<Handle> find(const std::string& doing, Function function, Arguments... arguments) {
  typename Handle::pointer raw = nullptr;
  const int code = function(&raw, arguments...);
  if (code < 0 && code != GIT_ENOTFOUND) return fail(libgit2_error(code, doing));
  return Handle(code < 0 ? nullptr : raw);
}

/// The same where "not found" is an error too.
template <class Handle, class Function, class... Arguments>
Result<Handle> acquire(const std::string& doing, Function function, Arguments... arguments) {
  typename Handle::pointer raw = nullptr;
  if (const int code = function(&raw, arguments...); code < 0) return fail(libgit2_error(code, doing));
  return Handle(raw);
}

/// Error: input, when the text is no full SHA-1.
Result<git_oid> parse_oid(const Oid& id);
Oid to_oid(const git_oid& id);

}  // namespace oe::git
