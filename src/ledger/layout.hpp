#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "oe/base/ids.hpp"
#include "oe/base/result.hpp"
#include "oe/ledger/ledger.hpp"

namespace oe::ledger {

/// Where the parts of a ledger are.
struct Layout {
  std::filesystem::path directory;  ///< <root>/.openexpertise

  static Layout of(const std::filesystem::path& root) { return {directory_of(root)}; }

  std::filesystem::path runs() const { return directory / "runs"; }
  std::filesystem::path journal(const RunId& run) const { return runs() / (run.text + ".jsonl"); }
  std::filesystem::path proposals() const { return directory / "proposals.jsonl"; }
  std::filesystem::path source(std::string_view sha256) const { return directory / "sources" / sha256; }
  std::filesystem::path replay() const { return directory / "replay.sqlite"; }
  std::filesystem::path index() const { return directory / "state.sqlite"; }
};

/// Whether a text has the shape of a run id, so that it can name a file.
bool is_run_id(std::string_view text);

/// The journal of a run that there is. Errors: input.
Result<std::filesystem::path> existing_journal(const Layout& layout, const RunId& run);

/// Makes the directories and the .gitignore that are missing.
Result<void> make_layout(const Layout& layout);

struct JournalFile {
  RunId run;
  std::uint64_t bytes = 0;
};
/// The journals that hold anything, oldest run first.
Result<std::vector<JournalFile>> list_journals(const Layout& layout);

}  // namespace oe::ledger
