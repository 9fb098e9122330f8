#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/git/repository.hpp"

namespace oe::hooks {

inline constexpr std::array<std::string_view, 6> kHookNames = {
    "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-merge", "pre-push"};
/// Those of them that are there only while they have something to do, where the directory is this repository's own:
/// each takes itself away, and call_in() puts it back.
inline constexpr std::array<std::string_view, 3> kOnCall = {"prepare-commit-msg", "commit-msg", "post-commit"};

/// How one hook stands.
enum class HookState {
  absent,    ///< there is none
  on_call,   ///< there is none, for there is nothing to do for it
  alone,     ///< ours
  first,     ///< ours, and one that was here before goes first
  behind,    ///< pre-commit was installed over ours, and runs it
  foreign,   ///< somebody's, and ours is not in
  replaced,  ///< ours was in, and somebody has put another one in its place
  edited     ///< ours, and changed by hand
};
std::string_view to_string(HookState state);

struct Hook {
  std::string name;
  HookState state = HookState::absent;
  std::string tool;  ///< "husky", "lefthook", "pre-commit": who wrote what goes before ours, over it, or in its place
};

/// The directory that git takes hooks from.
struct HooksDirectory {
  std::filesystem::path path;  ///< absolute; need not be there
  std::string shared;          ///< why others would feel a change of it; empty: it is this repository's own
  bool has_hooks_on_call = false;  ///< ours were put in, and those of kOnCall come and go
};

/// Errors: environment: git, or core.hooksPath names no directory.
Result<HooksDirectory> hooks_directory(const git::Place& place);

/// All of kHookNames, in that order.
std::vector<Hook> survey(const HooksDirectory& directory);

/// The programs as they are installed, absolute.
struct Programs {
  std::filesystem::path oe;
  std::filesystem::path hook;  ///< oe-hook
};

struct HookChoice {
  bool shared = false;  ///< change a directory that others use, too
  bool force = false;   ///< also where a file was changed by hand since
};

/// Puts our hooks in. Each file is there as a whole, or as it was, at any moment, and the user's own hook never stops
/// being called; what was cut off is ended by the next call. Doing it twice changes nothing. Errors: failed, before
/// anything is changed: the directory is shared, a hook was changed by hand; environment.
Result<void> install(const git::Place& place, const HooksDirectory& directory, const Programs& programs,
                     const HookChoice& choice);

/// Puts hooks of kOnCall in their places where they are missing; nothing where none is on call. Errors: environment.
Result<void> call_in(const git::Place& place, std::span<const std::string_view> names);

/// Takes them out: every file is as it was before, and what we kept in the git directory is gone. Errors as above.
Result<void> uninstall(const git::Place& place, const HooksDirectory& directory, const HookChoice& choice);

}  // namespace oe::hooks
