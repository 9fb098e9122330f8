#include "oe/hooks/background.hpp"

#include <algorithm>
#include <system_error>

#include "oe/base/text.hpp"
#include "oe/base/time.hpp"
#include "oe/git/program.hpp"
#include "oe/sys/clock.hpp"
#include "oe/sys/file.hpp"

#include "hooks/notes.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostLogBytes = std::size_t{1} << 20;
constexpr std::size_t kMostLogLines = 200;
constexpr const char* kWorktree = "of-a-hook";

fs::path wanted_file(const git::Place& place, const std::string& event) {
  return notes_directory(place) / ("wanted-" + event);
}

bool is_wanted(const git::Place& place, const std::string& event) {
  std::error_code error;
  return fs::exists(wanted_file(place, event), error);
}

/// The wish is forgotten first: one that comes while it is being served counts again.
Result<bool> serve_next(const git::Place& place, const Wanted& serve_one) {
  for (const char* event : {"commit", "merge"}) {
    if (!is_wanted(place, event)) continue;
    std::error_code error;
    fs::remove(wanted_file(place, event), error);
    OE_CHECK(serve_one(event));
    return true;
  }
  return false;
}

void take_away(const git::Place& place, const fs::path& path) {
  std::error_code error;
  (void)git::run_git({.directory = place.common_dir,
                      .arguments = {"--git-dir=" + place.common_dir.string(), "worktree", "remove", "--force", "--force",
                                    path.string()}});
  fs::remove_all(path, error);
}

std::vector<std::string> log_lines(const git::Place& place) {
  const auto text = sys::read_file(notes_directory(place) / "log", kMostLogBytes);
  std::vector<std::string> lines = text ? split(*text, '\n') : std::vector<std::string>();
  std::erase(lines, "");
  return lines;
}

}  // namespace

Result<void> serve(const git::Place& place, const std::string& event, const Wanted& serve_one) {
  OE_CHECK(sys::make_directories(notes_directory(place)));
  OE_CHECK(sys::write_file(wanted_file(place, event), ""));
  // Between the last look at the wishes and the end of the lock another process may have left one and gone.
  while (is_wanted(place, "commit") || is_wanted(place, "merge")) {
    OE_TRY(const auto lock, sys::FileLock::try_acquire(notes_directory(place) / "background.lock"));
    if (!lock) return {};
    for (bool more = true; more;) {
      OE_TRY(more, serve_next(place, serve_one));
    }
  }
  return {};
}

Result<std::unique_ptr<CommitWorktree>> CommitWorktree::add(const git::Place& place, const fs::path& directory) {
  const fs::path path = directory / kWorktree;
  take_away(place, path);
  OE_CHECK(sys::make_directories(directory));
  OE_TRY(const git::GitAnswer answer,
         git::run_git({.directory = place.root,
                       .arguments = {"-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", "--lock",
                                     "--reason", "a run that a hook started", path.string(), "HEAD"}}));
  if (answer.code != 0) {
    take_away(place, path);
    return fail(git::git_error(ErrorKind::environment, "making a worktree of the commit", answer));
  }
  return std::unique_ptr<CommitWorktree>(new CommitWorktree(place, path));
}

CommitWorktree::~CommitWorktree() {
  take_away(place_, path_);
}

void log_background(const git::Place& place, const std::string& line) {
  std::vector<std::string> lines = log_lines(place);
  lines.push_back(to_rfc3339(sys::system_clock().now()) + " " + line);
  if (lines.size() > kMostLogLines) lines.erase(lines.begin(), lines.end() - kMostLogLines);
  (void)sys::write_file(notes_directory(place) / "log", join(lines, "\n") + "\n");
}

std::vector<std::string> background_log(const git::Place& place, std::size_t count) {
  std::vector<std::string> lines = log_lines(place);
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  return lines;
}

}  // namespace oe::hooks
