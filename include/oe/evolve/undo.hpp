#pragma once

#include <string>
#include <vector>

#include "oe/evolve/evolve.hpp"
#include "oe/git/ref_journal.hpp"

namespace oe::evolve {

/// Where a ledger keeps what oe wrote into refs.
std::filesystem::path ref_journal_file(const ledger::Ledger& ledger);

/// A command as the journal has it.
struct CommandName {
  std::string words;          ///< as one would type it
  bool decides = false;       ///< what it does to proposals goes with its refs when it is undone
  Fingerprint proposal = {};  ///< that it is about; empty: many, or none
};

/// The journal of a command that begins now; where one of the same name and proposal was killed, that one goes on.
/// Errors: those of the ledger.
Result<git::RefJournal> begin_journal(const ledger::Ledger& ledger, Timestamp now, CommandName name);

/// All commands that wrote a ref or decided about a proposal, oldest first; with what came of those that were killed.
/// Errors: environment.
Result<std::vector<git::RefCommand>> ref_commands(const git::Place& place, const ledger::Ledger& ledger);

struct Undone {
  git::RefCommand command;
  std::vector<git::RefWrite> restored;  ///< from `after` to `before`
  std::vector<Fingerprint> reopened;    ///< proposals that are open again
};

/// Puts every ref that the last command wrote, and that was not undone yet, back to where it was, and proposals with
/// it. All or nothing as far as can be told before: refuses when a ref has moved since, when files that would change
/// have changes of the user's, when a remote has the commits already. Errors: input (nothing to undo), failed (what is
/// in the way, with what to type), environment. The context's repository must be without a journal.
Result<Undone> undo(const EvolveContext& context);

}  // namespace oe::evolve
