#pragma once

#include "oe/git/repository.hpp"
#include "oe/ledger/ledger.hpp"

#include "cli/io.hpp"

namespace oe::cli {

/// The repository and its record, as almost every command needs them.
struct Session {
  git::Place place;
  ledger::Ledger ledger;
};

/// Opens both around a directory. Tells of runs that were interrupted since, and takes away worktrees that a killed
/// evolve left.
Result<Session> open_session(Io& io, const std::filesystem::path& directory);

}  // namespace oe::cli
