#include "cli/session.hpp"

#include <fmt/core.h>

#include "cli/take_in.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;

bool has_leftovers(const fs::path& worktrees) {
  std::error_code ignored;
  return fs::exists(worktrees, ignored) && !fs::is_empty(worktrees, ignored);
}

Result<void> remove_leftovers(Io& io, const Session& session) {
  const fs::path worktrees = session.ledger.directory() / "worktrees";
  if (!has_leftovers(worktrees)) return {};
  OE_TRY(const std::size_t count, git::remove_leftover_worktrees(session.place, worktrees));
  const std::string_view plural = count == 1 ? "" : "s";
  if (count > 0) io.note(fmt::format("oe: took away {} worktree{} of an evolve that was killed", count, plural));
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
  // It can be looked at again; no command shall fail for it.
  if (const auto taken = take_in_history(io, session); !taken) io.note("oe: " + taken.error().to_string());
  return session;
}

}  // namespace oe::cli
