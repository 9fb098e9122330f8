#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oe/hooks/staged.hpp"

namespace oe::hooks {

/// A workflow of an index that was looked at: its "w" line, and all that this depended on.
struct Looked {
  std::string workflow;
  std::vector<std::string> lines;
  friend bool operator==(const Looked&, const Looked&) = default;
};

/// What was found valid, newest first. A memo that cannot be read is an empty one.
std::vector<Looked> read_valid(const git::Place& place);
/// The one of these that is about this workflow as it is in the index, with all that it depended on as it is there.
const Looked* find_valid(const std::vector<Looked>& valid, const StagedTree& tree, const std::string& path);
/// Puts what was looked at now in front. At most four of each path are kept, and no more than the memo may hold.
Result<void> write_valid(const git::Place& place, std::vector<Looked> now, const std::vector<Looked>& before);

/// The runs of the commit that is being made: what `pre-commit` leaves for the hooks of the message.
struct RunNote {
  std::string run;
  Looked of;
};
Result<void> leave_runs(const git::Place& place, const std::vector<RunNote>& notes);
/// Runs of the note whose workflows are in the index as they were then.
std::vector<std::string> noted_runs(const git::Place& place, const StagedTree& tree);

/// The newest run that has ended of what has this content digest (ledger::RunStarted::content), of the newest 200 in
/// the journals below `ledger`; one that succeeded goes before the others. Reads no index, so it is cheap.
std::optional<std::string> run_of(const std::filesystem::path& ledger, const std::string& content);
/// Whether one of these journals is of a workflow file with this sha256.
bool has_run_of(const std::filesystem::path& ledger, const std::string& workflow_digest);

}  // namespace oe::hooks
