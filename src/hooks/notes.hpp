#pragma once

#include <filesystem>
#include <string>

#include "oe/base/result.hpp"
#include "oe/git/repository.hpp"
#include "oe/sys/file.hpp"

namespace oe::hooks {

// What the hooks keep, in a directory "oe" of the common git directory:
//   program         the oe that installed the hooks
//   on-call         the directory where hooks come and go: see on_call.hpp
//   hook            what those are copies of
//   valid           the memo: see memo.hpp
//   wanted-<event>  there is while a run in the background is wished for
//   log             what ran there
//   made            there is when install made the directory of the hooks
//   *lock
// and in that of each worktree's own git directory, while a commit is being made:
//   run             the runs for its message
//   draft           the message as it was before the editor
std::filesystem::path notes_directory(const git::Place& place);
std::filesystem::path run_note(const git::Place& place);

/// The notes while the hooks are installed or taken out; one process at a time.
class Notes {
 public:
  static Result<Notes> open(const git::Place& place);

  Result<void> remember_program(const std::filesystem::path& oe) const;
  Result<void> make_hooks_directory(const std::filesystem::path& hooks) const;
  /// Removes the notes, and the directory of the hooks when it is empty and we made it.
  Result<void> forget_all(const std::filesystem::path& hooks) const;

 private:
  Notes(std::filesystem::path directory, sys::FileLock lock) : directory_(std::move(directory)), lock_(std::move(lock)) {}
  std::filesystem::path directory_;
  sys::FileLock lock_;
};

}  // namespace oe::hooks
