#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "oe/git/repository.hpp"

namespace oe::hooks {

/// What git gives its prepare-commit-msg: the file of the message, where it came from ("message", "template", "merge",
/// "squash", "commit", or nothing: an editor begins with an empty one), and a commit.
struct Message {
  std::filesystem::path file;
  std::string source;
};

// A message of nothing but a trailer would be one, where git takes an empty one, or a template that nobody has filled in,
// as "do not commit". So a message that an editor begins with nothing gets its trailers behind the editor, in commit-msg.

/// Adds `Oe-Run: <run>` for each run, as git adds trailers, unless the message has an `Oe-Run` already or a rebase is in
/// progress. Errors: environment.
Result<void> prepare_message(const git::Place& place, const Message& message, const std::vector<std::string>& runs);
/// The same of a message that has been written; not when it is as empty as it was.
Result<void> finish_message(const git::Place& place, const std::filesystem::path& file,
                            const std::vector<std::string>& runs);

}  // namespace oe::hooks
