#include "evolve/judge_for.hpp"

#include "oe/evolve/policy.hpp"

#include "evolve/redaction.hpp"

namespace oe::evolve {

Result<JudgeContext> judge_for(const EvolveContext& context, const Base& base, Purse& purse, bool sandbox) {
  OE_TRY(Policy policy, read_policy(context.repository, base.commit, context.place.main_root));
  return JudgeContext{.repository = context.repository,
                      .clock = context.clock,
                      .identity = context.identity,
                      .worktrees = context.ledger.directory() / "worktrees",
                      .trials = context.ledger.directory() / "trials",
                      .root = context.place.main_root,
                      .sandbox = sandbox,
                      .models = context.models,
                      .home = context.place.root / base.directory,
                      .purse = &purse,
                      .policy = std::make_shared<const Policy>(std::move(policy)),
                      .redactor = redactor_for(base.reading.graph, context.place)};
}

}  // namespace oe::evolve
