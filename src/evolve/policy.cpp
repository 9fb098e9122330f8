#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

namespace {

// Names that a proposal never writes, at any depth: they decide what git, a CI system, a package manager or oe itself
// does.
constexpr std::array<std::string_view, 14> kForbidden = {
    ".git",   ".gitmodules",  ".gitattributes", ".gitignore",        ".github",   ".gitlab-ci.yml", ".ci",
    ".husky", "lefthook.yml", ".openexpertise", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "Jenkinsfile",
};

bool inside(const std::string& path, const std::string& directory) {
  return directory.empty() || path.starts_with(directory + "/");
}

Result<void> check_path(const Base& base, const git::FileChange& file) {
  if (!inside(file.path, base.directory)) {
    return fail(ErrorKind::failed,
                fmt::format("{} is outside the workflow's directory '{}'", file.path, base.directory));
  }
  for (const std::string& part : split(file.path, '/')) {
    const bool escape = part.empty() || part == "." || part == "..";
    if (escape || std::find(kForbidden.begin(), kForbidden.end(), part) != kForbidden.end()) {
      return fail(ErrorKind::failed, fmt::format("a proposal may not touch {}", file.path));
    }
  }
  return {};
}

}  // namespace

Result<void> check_policy(const Base& base, const Patch& patch) {
  if (patch.files.empty()) return fail(ErrorKind::failed, "the patch changes nothing");
  for (const git::FileChange& file : patch.files) {
    OE_CHECK(check_path(base, file));
    if (!file.bytes) return fail(ErrorKind::failed, "a proposal may not delete " + file.path);
    if (file.mode != 0100644 && file.mode != 0100755) {
      return fail(ErrorKind::failed, fmt::format("{} is no plain file (mode {:o})", file.path, file.mode));
    }
  }
  return {};
}

}  // namespace oe::evolve
