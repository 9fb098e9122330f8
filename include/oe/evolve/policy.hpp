#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// How large the patch of one proposal may be.
struct PatchLimits {
  std::size_t files = 1;
  std::size_t lines = 40;                          ///< that go or come
  std::size_t diff_bytes = std::size_t{16} << 10;  ///< of git's own diff
  std::size_t file_bytes = std::size_t{8} << 20;   ///< of each file when it is changed
  friend bool operator==(const PatchLimits&, const PatchLimits&) = default;
};

/// What proposals may touch, and how large they may be. Whatever it says, a proposal never touches .git and what git
/// reads (.gitmodules, .gitattributes, .gitignore), .openexpertise, hooks, files outside of the workflow's directory,
/// symlinks, submodules and modes: that is no part of it, so no file can take it away.
struct Policy {
  /// Globs on paths from the workflow's directory: "*" and "?" within one part, "**" over parts.
  std::vector<std::string> allow = {"**"};
  /// In addition to default_denials(), and stronger than `allow`: names, at any depth, or, with a "/", paths from the
  /// workflow's directory; what is below is meant, too. Compared as file systems do that ignore case.
  std::vector<std::string> deny = {};
  std::vector<std::string> lift = {};  ///< entries of default_denials() that do not hold here
  PatchLimits tune_param = {};
  PatchLimits add_node = {.files = 10, .lines = 1500, .diff_bytes = std::size_t{64} << 10};
  PatchLimits add_dataset_case = {
      .lines = 1500, .diff_bytes = std::size_t{64} << 10, .file_bytes = std::size_t{64} << 20};
  PatchLimits revert = {.files = 10, .lines = 1500, .diff_bytes = std::size_t{64} << 10};
  friend bool operator==(const Policy&, const Policy&) = default;

  const PatchLimits& limits(const Operation& operation) const;
  PatchLimits widest_limits() const;  ///< of each limit the greatest that any operation has
};

/// Names of what decides what a CI system, a package manager, an editor or a coding agent does.
const std::vector<std::string>& default_denials();

/// Reads a policy file. `name` is the path that messages show. Errors: input, with all that is wrong, located.
Result<Policy> parse_policy(std::string text, std::string name);

/// The policy in force for a base: .openexpertise/policy.yaml as the commit has it; where it has none, the file below
/// `root`, the main working tree; where there is none either, the defaults. Never what a patch makes of it. Errors:
/// input: those of parse_policy(); environment.
Result<Policy> read_policy(const git::Repository& repository, const git::Oid& base, const std::filesystem::path& root);

/// Holds the paths, modes, bytes and size of a patch against the policy; `diff` is git's own, against the base. Files
/// are UTF-8 without NUL bytes, and none that a judge works with: those of nodes that write what a metric of the
/// workflow reads. Error: failed, naming the path and the entry.
Result<void> check_policy(const Policy& policy, const Base& base, const Operation& operation, const Patch& patch,
                          std::string_view diff);

/// Why a policy lets a patch not through.
struct PolicyRefusal {
  std::string path;  ///< empty: not about one file
  Error why;
};

/// Holds a patch that comes without an operation (`oe patch`) against the policy in force at a commit. Each file counts
/// as one of the workflow whose experience.yaml is the nearest in the commit, beside it or above; where there is none,
/// from the root. Sizes are held against the widest limits. Nothing: it may pass. Errors: those of read_policy().
Result<std::optional<PolicyRefusal>> refusal_by_policy(const git::Repository& repository, const git::Oid& commit,
                                                       const std::filesystem::path& root, const Patch& patch,
                                                       std::string_view diff);

}  // namespace oe::evolve
