#pragma once

#include "oe/evolve/advisor.hpp"
#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

/// Which of the chosen advisors are heard, and what a model may cost.
struct Hearing {
  bool rules = true;
  bool model = true;
  std::uint32_t tries = 1;           ///< of the model; each is told what the ones before it have proposed
  std::optional<double> usd = {};    ///< nothing: no limit
  bool after_merge = false;          ///< whether what became history is held against its promises, too
};

/// What the advisors say together: the rules' proposals before the model's, each change once. A model that
/// cannot be asked or says nothing of use is a note when the rules were asked, too, or an earlier try of it was of use,
/// and an Error when not. Errors: also interrupted.
Result<Advice> counsel(const EvolveContext& context, const EvolveOptions& options, const Hearing& hearing,
                       const AdvisorContext& evidence);

/// Of what was spent on two occasions; a price that is not known makes the sum unknown.
void add_spend(std::optional<ModelSpend>& sum, const std::optional<ModelSpend>& more);

}  // namespace oe::evolve
