#include "git/worktree_entries.hpp"

#include <system_error>
#include <vector>

#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"

#include "git/linked_worktree.hpp"

namespace oe::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestLink = 8192;

std::vector<fs::path> subdirectories(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->symlink_status(error).type() == fs::file_type::directory) found.push_back(it->path());
  }
  return found;
}

/// The path in a file of one line ("gitdir", or ".git" with its prefix); empty when it holds none.
fs::path path_in(const fs::path& file, std::string_view prefix = {}) {
  const Result<std::string> bytes = sys::read_file(file, kLongestLink);
  if (!bytes || !bytes->starts_with(prefix)) return {};
  return fs::path(trim(std::string_view(*bytes).substr(prefix.size())));
}

bool is_ours(const fs::path& entry) {
  return entry.filename().string().starts_with(kEntryPrefix);
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

/// Removes what one entry claims, then the entry. False when a living process holds it, or it claims a directory
/// elsewhere that is still there.
bool remove_entry(const fs::path& entry, const fs::path& directory) {
  const fs::path worktree = path_in(entry / kGitdirFile).parent_path();
  const bool is_below = worktree.parent_path() == directory;
  if (!is_below && !worktree.empty() && is_there(worktree)) return false;
  const auto lock = sys::FileLock::try_acquire(entry / kLockedFile);
  if (!lock || !lock->has_value()) return false;
  if (is_below && !remove_tree(worktree)) return false;
  return remove_tree(entry);
}

/// A directory whose ".git" names an entry of ours that is gone: somebody pruned by hand. A checkout cannot forge it,
/// since no tree holds a ".git".
bool is_orphan(const fs::path& directory) {
  const fs::path entry = path_in(directory / ".git", "gitdir: ");
  return is_ours(entry) && !is_there(entry);
}

}  // namespace

fs::path entries_directory(const Place& place) {
  return place.common_dir / "worktrees";
}

Result<std::size_t> remove_leftover_worktrees(const Place& place, const fs::path& directory) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(directory, error);
  if (error) {
    return fail(ErrorKind::environment,
                "cannot look for left-over worktrees in " + directory.string() + ": " + error.message());
  }
  std::size_t removed = 0;
  for (const fs::path& entry : subdirectories(entries_directory(place))) {
    if (is_ours(entry) && remove_entry(entry, real)) ++removed;
  }
  for (const fs::path& worktree : subdirectories(real)) {
    if (is_orphan(worktree) && remove_tree(worktree)) ++removed;
  }
  return removed;
}

}  // namespace oe::git
