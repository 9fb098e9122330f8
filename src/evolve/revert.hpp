#pragma once

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// The files as they are without the change that the revert names. Errors: failed, where the lines are not there any
/// more as the change left them.
Result<Patch> render_revert(const git::Repository& repository, const Base& base, const Revert& revert);

/// What changed, turned round, is the change that is taken back and nothing else. Error: failed.
Result<void> check_revert(const git::Repository& repository, const Base& before, const Base& after,
                          const Revert& revert, const Patch& patch);

/// The verdict on taking a change back: its promise is broken by the runs since, and no metric of the trial speaks
/// against it. Gives the effect in one line. Errors: failed.
Result<std::string> effect_of_revert(const PairsShown& trial, const Revert& revert);

}  // namespace oe::evolve
