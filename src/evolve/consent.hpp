#pragma once

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// Whether code may be tried here: the user has run or trusted the workflow and its tool files as the base has them, and
/// the sandbox that is asked for works. Costs one checkout. Errors: environment, with what to type.
Result<void> check_consent(const EvolveContext& context, const JudgeContext& judge, const Base& base);

}  // namespace oe::evolve
