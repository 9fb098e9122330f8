#include "git/linked_worktree.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

#include "git/worktree_entries.hpp"

namespace oe::git {
namespace {

namespace fs = std::filesystem;

bool is_plain_word(const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !name.empty() && name.size() <= 100 && name.front() != '.' && std::ranges::all_of(name, plain);
}

Result<void> check_absent(const fs::path& path) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::not_found) return {};
  return fail(ErrorKind::environment, fmt::format("cannot make the worktree {}: it exists already", path.string()),
              fmt::format("look at it, then remove it: rm -r '{}'", path.string()));
}

/// Makes one directory that must not be there yet.
Result<void> make_new_directory(const fs::path& path) {
  OE_CHECK(check_absent(path));
  std::error_code error;
  if (fs::create_directory(path, error)) return {};
  const std::string why = error ? error.message() : "another process has just made it";
  return fail(ErrorKind::environment, fmt::format("cannot make the directory {}: {}", path.string(), why));
}

/// Registers the name in the repository and takes its lock; nothing points to a directory yet.
Result<sys::FileLock> claim(const fs::path& entry) {
  OE_CHECK(sys::make_directories(entry.parent_path()));
  OE_CHECK(make_new_directory(entry));
  OE_CHECK(sys::write_file(entry / kLockedFile, "a trial of oe evolve\n"));
  OE_TRY(std::optional<sys::FileLock> lock, sys::FileLock::try_acquire(entry / kLockedFile));
  if (!lock) {
    return fail(ErrorKind::environment, fmt::format("another process is using the worktree {}", entry.string()),
                "wait for the other oe to end");
  }
  return std::move(*lock);
}

Result<void> make_claimed_directory(const fs::path& entry, const fs::path& path) {
  OE_CHECK(sys::write_file(entry / kGitdirFile, (path / ".git").string() + "\n"));
  return make_new_directory(path);
}

/// The directory as git writes it down: absolute, without symlinks.
Result<fs::path> make_real_directory(const fs::path& directory) {
  OE_CHECK(sys::make_directories(directory));
  std::error_code error;
  fs::path real = fs::canonical(directory, error);
  if (!error) return real;
  return fail(ErrorKind::environment,
              fmt::format("cannot use {} for worktrees: {}", directory.string(), error.message()));
}

void make_writable(const fs::path& directory) {
  std::error_code ignored;
  fs::permissions(directory, fs::perms::owner_all, fs::perm_options::add, ignored);
}

void make_all_writable(const fs::path& top) {
  make_writable(top);
  std::error_code error;
  for (fs::recursive_directory_iterator it(top, error), end; !error && it != end; it.increment(error)) {
    if (it->symlink_status(error).type() == fs::file_type::directory) make_writable(it->path());
  }
}

}  // namespace

bool remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (!error) return true;
  make_all_writable(path);
  error.clear();
  fs::remove_all(path, error);
  return !error;
}

Result<std::unique_ptr<LinkedWorktree>> LinkedWorktree::create(const Place& place, const fs::path& directory,
                                                               const std::string& name, const Oid& commit) {
  if (!is_plain_word(name)) {
    return fail(ErrorKind::usage, fmt::format("'{}' cannot name a worktree", name),
                "use letters, digits, \"-\" and \"_\"");
  }
  OE_TRY(const fs::path real, make_real_directory(directory));
  OE_CHECK(check_absent(real / name));
  const fs::path entry = entries_directory(place) / (kEntryPrefix + name);
  OE_TRY(sys::FileLock lock, claim(entry));
  if (auto made = make_claimed_directory(entry, real / name); !made) {
    remove_tree(entry);
    return fail(std::move(made).error());
  }
  std::unique_ptr<LinkedWorktree> worktree(new LinkedWorktree(entry, real / name, std::move(lock)));
  OE_CHECK(worktree->link(commit));
  return worktree;
}

// The order of git's own add_worktree() (builtin/worktree.c).
Result<void> LinkedWorktree::link(const Oid& commit) const {
  OE_CHECK(sys::write_file(path_ / ".git", "gitdir: " + entry_.string() + "\n"));
  OE_CHECK(sys::write_file(entry_ / "HEAD", commit.text + "\n"));
  return sys::write_file(entry_ / "commondir", "../..\n");
}

LinkedWorktree::~LinkedWorktree() {
  if (remove_tree(path_)) remove_tree(entry_);
}

}  // namespace oe::git
