#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/git/repository.hpp"
#include "oe/sys/process.hpp"

namespace oe::git {

/// One call of the `git` program, in English, without locks that only save time. Nothing that it starts asks on the
/// terminal; with SSH_ASKPASS_REQUIRE set, ssh does what that says.
struct GitCall {
  std::filesystem::path directory;
  std::vector<std::string> arguments;
  std::string input;
  std::vector<std::pair<std::string, std::optional<std::string>>> environment = {};  ///< as sys::environment_with()
};

/// How a call ended of its own: it has an exit code.
struct GitAnswer {
  int code = 0;
  std::string out;
  std::string err;
};

/// Errors: environment, when git is missing, was killed, or wrote more than 256 MiB. Another exit code than 0 is an
/// answer.
Result<GitAnswer> run_git(GitCall call);

/// What git said, for an error message: stderr and stdout without the "hint:" lines, which talk of git's own ways out,
/// and without the passwords of addresses.
std::string git_words(const GitAnswer& answer);

/// "<doing> failed: <git's words>", of the given kind.
Error git_error(ErrorKind kind, const std::string& doing, const GitAnswer& answer, std::string hint = {});

}  // namespace oe::git
