#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oe/git/repository.hpp"

namespace oe::git {

// What goes to and comes from a remote, and what is written many objects at a time: by the user's own git, with his
// credentials. Nothing here touches the working tree, the index, HEAD, FETCH_HEAD, tags or branches.

/// The remote's name when there is one of that name; of an empty name "origin", or the only one. Errors: input, listing
/// the remotes.
Result<std::string> find_remote(const Place& place, const std::string& name);

/// `git fetch` of refspecs; one with a "*" may match nothing. Errors: environment, with git's own words.
Result<void> fetch_refs(const Place& place, const std::string& remote, const std::vector<std::string>& refspecs);

/// `git push` of refspecs, all or none, without the user's pre-push hook: they are not his work. False when the remote
/// has moved on: fetch first. Never forced. Errors: environment, with git's own words.
Result<bool> push_refs(const Place& place, const std::string& remote, const std::vector<std::string>& refspecs);

/// `git fast-import` of a stream: many objects as one pack. Errors: environment, with git's own words.
Result<void> import_stream(const Place& place, std::string stream);

/// Commits with a line "<key>: ..." in their message, of HEAD, all branches and what is known of the remotes' branches,
/// newest first.
Result<std::vector<Oid>> commits_with_trailer(const Place& place, const std::string& key);

/// Commits that have a note at that ref, which may be missing.
Result<std::vector<Oid>> noted_commits(const Place& place, const std::string& ref);

/// Who wrote the commits that `newer` has and `older` has not, each once, in the order of their names.
Result<std::vector<Identity>> authors_between(const Place& place, const Oid& older, const Oid& newer);

/// Whether `older` is `newer` or one of its ancestors.
Result<bool> is_ancestor(const Place& place, const Oid& older, const Oid& newer);

}  // namespace oe::git
