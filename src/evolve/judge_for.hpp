#pragma once

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// How proposals for a base are judged in this repository: its policy, where trials go, what they may use. Errors:
/// input (the policy), environment.
Result<JudgeContext> judge_for(const EvolveContext& context, const Base& base, Purse& purse, bool sandbox);

}  // namespace oe::evolve
