#include <fmt/core.h>
#include <system_error>
#include <unistd.h>

#include "oe/exec/content.hpp"
#include "oe/formats/reader.hpp"
#include "oe/hooks/background.hpp"
#include "oe/ledger/ledger.hpp"
#include "oe/ledger/trust.hpp"
#include "oe/sys/file.hpp"
#include "oe/sys/process.hpp"

#include "cli/commands.hpp"
#include "cli/staged.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;

/// Workflows of the index that are valid and ask for a run on this event.
Result<std::vector<std::string>> asking(const git::Place& place, const std::string& event) {
  OE_TRY(const hooks::StagedTree tree, hooks::StagedTree::open(place));
  OE_CHECK(look_at_staged(place, tree));
  const std::vector<hooks::Looked> valid = hooks::read_valid(place);
  std::vector<std::string> paths;
  for (const std::string& path : tree.workflows()) {
    const hooks::Looked* known = hooks::find_valid(valid, tree, path);
    if (known == nullptr) continue;
    const std::string on = known->workflow.substr(2, known->workflow.find(' ', 2) - 2);
    if (on.find(event.front()) != std::string::npos) paths.push_back(path);
  }
  return paths;
}

/// What a merge brings may be anybody's: it runs by itself only when this user has run or trusted the very same.
Result<bool> is_trusted(const fs::path& file) {
  OE_TRY(std::string text, sys::read_file(file, doc::Limits{}.bytes));
  const std::string directory = file.parent_path().string();
  OE_TRY(const auto reading, formats::read_workflow(text, file.string(), formats::files_below(directory)));
  OE_TRY(const std::string digest, exec::content_digest(reading.graph, text, directory));
  OE_TRY(const ledger::TrustStore store, ledger::TrustStore::open());
  return store.trusts(digest);
}

Result<std::string> run_in(const fs::path& root, const std::string& path) {
  OE_TRY(const bool trusted, is_trusted(root / path));
  if (!trusted) return "not run: you have neither run nor trusted what it has now; oe run " + path + ", or oe trust " + path;
  std::error_code error;
  const fs::path oe = fs::read_symlink("/proc/self/exe", error);
  // What a tool of the run commits must not start the next run.
  OE_TRY(const sys::ProcessExit exit, sys::run_process({.argv = {oe.string(), "run", path},
                                                        .directory = root,
                                                        .environment = sys::environment_with({{"OE_SKIP", "1"}})}));
  return exit.code ? fmt::format("exit code {}", *exit.code) : std::string("it was killed");
}

Result<void> serve_one(const git::Place& place, const std::string& event) {
  OE_TRY(const std::vector<std::string> paths, asking(place, event));
  if (paths.empty()) return {};
  OE_TRY(const auto worktree, hooks::CommitWorktree::add(place, ledger::directory_of(place.main_root) / "worktrees"));
  for (const std::string& path : paths) {
    const auto end = run_in(worktree->path(), path);
    hooks::log_background(place, fmt::format("{} {}: {}", event, path, end ? *end : end.error().to_string()));
  }
  return {};
}

}  // namespace

Result<int> serve_background(Io&, const HookBackgroundOptions& options) {
  if (::nice(10) == -1) return fail(ErrorKind::environment, "cannot be nicer");
  OE_TRY(const git::Place place, git::find_place("."));
  const auto served = hooks::serve(place, options.event,
                                   [&](const std::string& event) { return serve_one(place, event); });
  if (served) return 0;
  hooks::log_background(place, options.event + ": " + served.error().to_string());
  return fail(served.error());
}

}  // namespace oe::cli
