#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"

namespace oe::forge {

/// What one `git ls-remote` says.
struct RemoteState {
  std::string default_branch;      ///< that its HEAD names; empty when it says nothing
  std::optional<std::string> tip;  ///< commit id of the branch; nothing: not there
};

/// How the branch gets to where it shall be.
enum class PushPlan {
  none,     ///< it is there
  create,   ///< nobody has a branch of that name
  forward,  ///< what is there is an ancestor
  replace,  ///< it was made again, and nobody but oe has been there: the one case of --force-with-lease
  refuse,   ///< somebody else has worked there
};

struct PushFacts {
  std::string tip;                        ///< commit id of the local branch
  std::optional<std::string> remote_tip;  ///< of the branch on the remote
  bool remote_tip_is_ours = false;        ///< a commit that oe put on this branch
  bool is_ancestor = false;               ///< the remote's tip of the local one
  bool has_others = false;                ///< reviews, or commits that oe did not make, are on the change request
};
PushPlan plan_push(const PushFacts& facts);

// The user's own git program, with their configuration, credentials and hooks. `root` is in the working tree. Errors:
// environment, with git's words.

/// Where `git push` would go. Errors also when there is no such remote.
Result<std::string> push_url(const std::filesystem::path& root, const std::string& remote);
Result<RemoteState> ask_remote(const std::filesystem::path& root, const std::string& remote, const std::string& branch);
/// One line of git's configuration; empty when it is not set.
Result<std::string> git_setting(const std::filesystem::path& root, const std::string& name);
/// Puts a commit on a branch below refs/heads/oe/; any other is a bug. `lease` (of PushPlan::replace) is what the
/// remote must have there: the only way in which anything is ever replaced.
Result<void> push(const std::filesystem::path& root, const std::string& remote, const std::string& commit,
                  const std::string& branch, const std::optional<std::string>& lease);

}  // namespace oe::forge
