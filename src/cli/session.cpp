#include "cli/session.hpp"

#include <fmt/core.h>

#include "oe/evolve/undo.hpp"

#include "cli/take_in.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;

Result<void> remove_leftovers(Io& io, const Session& session) {
  OE_TRY(const std::size_t count,
         git::remove_leftover_worktrees(session.place, session.ledger.directory() / "worktrees"));
  const std::string_view plural = count == 1 ? "" : "s";
  if (count > 0) io.note(fmt::format("oe: took away {} worktree{} of an evolve that was killed", count, plural));
  return {};
}

// Between two states are at most the current branch and the files of a proposal, and the same command ends that.
void tell_of(Io& io, const git::RefCommand& command) {
  if (command.is_being_undone)
    io.note(fmt::format("oe: undoing {} was cut off; oe undo ends it, or says what is in the way", command.words));
  else if (command.move)
    io.note(fmt::format("oe: {} was cut off; the same again ends it, or says what is in the way", command.words));
}

// One that was killed while it wrote refs leaves locks; one that is at work keeps its own.
Result<void> mend_cut_off(Io& io, const Session& session) {
  const fs::path journal = evolve::ref_journal_file(session.ledger);
  if (!git::is_cut_off(journal)) return {};
  const auto nobody_is_at_work = evolve::lock_proposals(session.ledger);
  if (!nobody_is_at_work) return {};
  OE_TRY(const auto commands, git::RefJournal::read(journal));
  for (const git::RefCommand& command : commands)
    if (!command.undone && (!command.ended || command.is_being_undone)) tell_of(io, command);
  git::remove_leftover_locks(session.place, commands);
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
  OE_CHECK(mend_cut_off(io, session));
  // It can be looked at again; no command shall fail for it.
  if (const auto taken = take_in_history(io, session); !taken) io.note("oe: " + taken.error().to_string());
  return session;
}

}  // namespace oe::cli
