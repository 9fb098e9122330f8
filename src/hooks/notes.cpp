#include "hooks/notes.hpp"

#include <system_error>

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

constexpr const char* kDirectory = "oe";

/// What a write that was killed leaves.
void sweep(const fs::path& directory) {
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code ignored;
    if ((name.starts_with(".oe-") && name.ends_with(".tmp")) || name.ends_with(".oe-new")) fs::remove(it->path(), ignored);
  }
}

}  // namespace

fs::path notes_directory(const git::Place& place) {
  return place.common_dir / kDirectory;
}

fs::path run_note(const git::Place& place) {
  return place.git_dir / kDirectory / "run";
}

Result<Notes> Notes::open(const git::Place& place) {
  fs::path directory = notes_directory(place);
  OE_CHECK(sys::make_directories(directory));
  OE_TRY(std::optional<sys::FileLock> lock, sys::FileLock::try_acquire(directory / "lock"));
  if (!lock) return fail(ErrorKind::environment, "another oe is at the hooks right now", "type it again");
  return Notes(std::move(directory), std::move(*lock));
}

Result<void> Notes::remember_program(const fs::path& oe) const {
  return sys::write_file(directory_ / "program", oe.string() + "\n");
}

Result<void> Notes::make_hooks_directory(const fs::path& hooks) const {
  sweep(hooks);
  std::error_code error;
  if (fs::is_directory(hooks, error)) return {};
  OE_CHECK(sys::write_file(directory_ / "made", ""));
  return sys::make_directories(hooks);
}

Result<void> Notes::forget_all(const fs::path& hooks) const {
  sweep(hooks);
  std::error_code error;
  if (fs::exists(directory_ / "made", error)) fs::remove(hooks, error);
  error.clear();
  fs::remove_all(directory_, error);
  if (!error) return {};
  return fail(ErrorKind::environment, "cannot remove " + directory_.string() + ": " + error.message());
}

}  // namespace oe::hooks
