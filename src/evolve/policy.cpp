#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

namespace {

// Names that a proposal never writes, at any depth and in any case of letters: they decide what git, a CI system, a
// package manager or oe itself does.
constexpr std::array<std::string_view, 16> kForbidden = {
    ".ci",
    ".circleci",
    ".travis.yml",
    ".woodpecker",
    ".husky",
    "lefthook.yml",
    ".pre-commit-config.yaml",
    ".openexpertise",
    "jenkinsfile",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "bun.lockb",
    "go.sum",
};

bool is_forbidden(const std::string& part) {
  std::string name = part;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name.starts_with(".git") || name.ends_with(".lock") ||
         std::find(kForbidden.begin(), kForbidden.end(), name) != kForbidden.end();
}

// Names that mean another place, or that only a terminal or another system reads differently.
bool is_no_name(const std::string& part) {
  const auto is_odd = [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '\\'; };
  return part.empty() || part == "." || part == ".." || std::any_of(part.begin(), part.end(), is_odd);
}

bool inside(const std::string& path, const std::string& directory) {
  return directory.empty() || path.starts_with(directory + "/");
}

Result<void> check_path(const Base& base, const git::FileChange& file) {
  if (!inside(file.path, base.directory)) {
    return fail(ErrorKind::failed,
                fmt::format("{} is outside the workflow's directory '{}'", file.path, base.directory));
  }
  for (const std::string& part : split(file.path, '/')) {
    if (is_no_name(part) || is_forbidden(part)) {
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
