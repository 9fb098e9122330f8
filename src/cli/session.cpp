#include "cli/session.hpp"

#include <fmt/core.h>

namespace oe::cli {

namespace {

namespace fs = std::filesystem;

bool has_leftovers(const fs::path& worktrees) {
  std::error_code ignored;
  return fs::exists(worktrees, ignored) && !fs::is_empty(worktrees, ignored);
}

// Worktrees are only there while an evolve holds its lock; any others were left by one that was killed.
Result<void> remove_leftovers(Io& io, const Session& session) {
  const fs::path worktrees = session.ledger.directory() / "worktrees";
  if (!has_leftovers(worktrees)) return {};
  OE_TRY(const auto held, sys::FileLock::try_acquire(session.ledger.directory() / "evolve.lock"));
  if (!held) return {};
  OE_TRY(const auto repository, git::open_repository(session.place));
  OE_TRY(const std::size_t count, repository->remove_leftovers(worktrees));
  if (count > 0)
    io.note(fmt::format("oe: took away {} worktree{} of an evolve that was killed", count, count == 1 ? "" : "s"));
  return {};
}

}  // namespace

Result<Session> open_session(Io& io, const fs::path& directory) {
  OE_TRY(git::Place place, git::find_place(directory));
  OE_TRY(ledger::Ledger ledger, ledger::Ledger::open(place.main_root, sys::system_clock()));
  Session session{std::move(place), std::move(ledger)};
  for (const RunId& run : session.ledger.interrupted()) {
    io.note(fmt::format("oe: run {} was interrupted; what it did is kept: oe show {}", run.text, run.text));
  }
  OE_CHECK(remove_leftovers(io, session));
  return session;
}

}  // namespace oe::cli
