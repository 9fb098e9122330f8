#include "cli/noted.hpp"

namespace oe::cli {

Result<Noted> open_noted(const Session& session, evolve::CommandName name) {
  OE_TRY(git::RefJournal journal, evolve::begin_journal(session.ledger, sys::system_clock().now(), std::move(name)));
  OE_TRY(auto repository, git::open_repository(session.place));
  Noted noted{.journal = std::make_unique<git::RefJournal>(std::move(journal)), .repository = nullptr};
  noted.repository = git::journaled(std::move(repository), *noted.journal);
  return noted;
}

Result<evolve::EvolveContext> context_of(Session& session, git::Repository& repository, git::RefJournal* refs) {
  OE_TRY(git::Identity identity, git::user_identity(session.place));
  return evolve::EvolveContext{.place = session.place,
                               .repository = repository,
                               .ledger = session.ledger,
                               .clock = sys::system_clock(),
                               .identity = std::move(identity),
                               .progress = [](const std::string&) {},
                               .refs = refs};
}

}  // namespace oe::cli
