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

}  // namespace oe::cli
