#pragma once

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

/// A commit as the user would have written it, with his hooks in a worktree among those of oe. Errors: those of
/// git::write_user_commit().
inline Result<git::Oid> write_as_user(const EvolveContext& context, git::CommitStyle style,
                                      const git::CommitDraft& draft) {
  style.worktrees = context.ledger.directory() / "worktrees";
  return git::write_user_commit(context.place, context.repository, draft,
                                {.who = context.identity, .when = context.clock.now()}, style);
}

}  // namespace oe::evolve
