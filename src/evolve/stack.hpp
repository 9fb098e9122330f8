#pragma once

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// The diffs of the proposals that have a branch, each on top of those before it, so that all of them apply in order;
/// nothing for the others, for one that cannot stand on those before it, and for another value of what one of them has
/// changed.
std::vector<std::optional<std::string>> stack_diffs(const JudgeContext& context, const Base& base,
                                                    const std::vector<Judged>& proposals);

}  // namespace oe::evolve
