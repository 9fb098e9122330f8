#pragma once

#include "oe/evolve/advisor.hpp"
#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

/// What the chosen advisors say together: the rules' proposals before the model's, each change once. A model that
/// cannot be asked or says nothing of use is a note when the rules were asked, too, and an Error when not. Errors: also
/// interrupted.
Result<Advice> counsel(const EvolveContext& context, const EvolveOptions& options, const AdvisorContext& evidence);

}  // namespace oe::evolve
