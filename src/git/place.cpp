#include <fmt/format.h>
#include <system_error>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"

namespace oe::git {
namespace {

namespace fs = std::filesystem;

/// The lines that rev-parse prints. In a bare repository and inside .git it fails at the fifth, after the others are
/// out; for an unborn HEAD it prints no sixth.
constexpr std::size_t kIsBare = 0;
constexpr std::size_t kIsInsideGitDir = 1;
constexpr std::size_t kGitDir = 2;
constexpr std::size_t kCommonDir = 3;
constexpr std::size_t kRoot = 4;
constexpr std::size_t kHead = 5;

GitCall rev_parse(const fs::path& directory) {
  return {.directory = directory,
          .arguments = {"rev-parse", "--is-bare-repository", "--is-inside-git-dir", "--absolute-git-dir",
                        "--path-format=absolute", "--git-common-dir", "--show-toplevel", "--revs-only", "HEAD"}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

tl::unexpected<Error> outside(const fs::path& directory, std::string what, std::string hint) {
  return fail(ErrorKind::environment, fmt::format("{} {}", directory.string(), what), std::move(hint));
}

/// git tells the line to type itself.
std::string safe_directory_line(const std::string& words, const fs::path& directory) {
  for (const std::string& line : split(words, '\n')) {
    if (line.find("safe.directory") != std::string::npos) return std::string(trim(line));
  }
  return fmt::format("git config --global --add safe.directory {}", shell_quote(directory.string()));
}

tl::unexpected<Error> why_not(const fs::path& directory, const std::vector<std::string>& lines,
                              const GitAnswer& answer) {
  const auto says = [&](std::string_view words) { return answer.err.find(words) != std::string::npos; };
  if (lines.size() > kIsBare && lines[kIsBare] == "true") {
    return outside(directory, "is a bare repository, which has no files to work on",
                   "clone it or add a working tree: git worktree add ../work");
  }
  if (lines.size() > kIsInsideGitDir && lines[kIsInsideGitDir] == "true") {
    return outside(directory, "is inside a .git directory", "go back to the working tree that it belongs to");
  }
  if (says("dubious ownership")) {
    return outside(directory, "belongs to somebody else, so git does not trust it",
                   "if you trust it: " + safe_directory_line(answer.err, directory));
  }
  if (says("not a git repository")) {
    return outside(directory, "is not in a git repository", "make it one: git init " + shell_quote(directory.string()));
  }
  return fail(git_error(ErrorKind::environment, "reading the repository around " + directory.string(), answer));
}

Result<void> check_directory(const fs::path& directory) {
  std::error_code error;
  if (fs::is_directory(directory, error)) return {};
  const bool is_there = fs::exists(directory, error);
  return outside(directory, is_there ? "is not a directory" : "does not exist",
                 is_there ? "name the directory that it is in" : "mkdir -p " + shell_quote(directory.string()));
}

struct MainConfig {
  bool is_bare = false;
  std::string worktree;
};

/// What the main repository of a linked worktree says of its own working tree. `git worktree list` would be wrong for
/// the worktrees of a submodule.
Result<MainConfig> main_config(const fs::path& common) {
  OE_TRY(const GitAnswer answer, run_git({.directory = common,
                                          .arguments = {"--git-dir=" + common.string(), "config", "-z", "--get-regexp",
                                                        "^core\\.(bare|worktree)$"}}));
  MainConfig config;
  for (const std::string& entry : split(answer.out, '\0')) {
    const std::size_t newline = entry.find('\n');
    const std::string value = newline == std::string::npos ? "true" : entry.substr(newline + 1);
    if (entry.starts_with("core.worktree")) config.worktree = value;
    if (entry.starts_with("core.bare"))
      config.is_bare = value == "true" || value == "yes" || value == "on" || value == "1";
  }
  return config;
}

Result<fs::path> find_main_root(const Place& place) {
  if (place.git_dir == place.common_dir) return place.root;
  OE_TRY(const MainConfig config, main_config(place.common_dir));
  if (config.is_bare) return place.root;
  std::error_code error;
  if (!config.worktree.empty()) return fs::weakly_canonical(place.common_dir / config.worktree, error);
  return place.common_dir.filename() == ".git" ? place.common_dir.parent_path() : place.root;
}

}  // namespace

Result<Place> find_place(const fs::path& directory) {
  OE_CHECK(check_directory(directory));
  OE_TRY(const GitAnswer answer, run_git(rev_parse(directory)));
  const std::vector<std::string> lines = lines_of(answer.out);
  if (answer.code != 0) return why_not(directory, lines, answer);
  if (lines.size() <= kRoot || lines.size() > kHead + 1) {
    return outside(directory, "is in a repository whose path has a line break", "move it to a path without one");
  }
  Place place{
      .root = lines[kRoot], .main_root = {}, .git_dir = lines[kGitDir], .common_dir = lines[kCommonDir], .head = {}};
  if (lines.size() > kHead) place.head = Oid{lines[kHead]};
  OE_TRY(place.main_root, find_main_root(place));
  return place;
}

}  // namespace oe::git
