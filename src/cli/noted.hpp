#pragma once

#include <memory>
#include <string>

#include "oe/evolve/undo.hpp"

#include "cli/session.hpp"

namespace oe::cli {

/// The repository as a command that writes refs opens it: each write is in the journal that `oe undo` reads.
struct Noted {
  std::unique_ptr<git::RefJournal> journal;
  std::unique_ptr<git::Repository> repository;
};

/// Meant to be called before the command records anything. Errors: environment.
Result<Noted> open_noted(const Session& session, evolve::CommandName name);

/// What evolve needs of a command that tells nothing on its way and tries no proposal. Good as long as session,
/// repository and journal are. Errors: environment (git knows no name of the user).
Result<evolve::EvolveContext> context_of(Session& session, git::Repository& repository, git::RefJournal* refs = nullptr);

}  // namespace oe::cli
