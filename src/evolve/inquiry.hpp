#pragma once

#include "evolve/consent.hpp"
#include "evolve/counsel.hpp"
#include "evolve/ground.hpp"

namespace oe::evolve {

/// What the advisors are asked about one ground.
struct Question {
  const Ground& ground;
  Hearing hearing;
  std::vector<Idea> ideas = {};
  std::string place = "evolve/advise";
};

/// Asks the advisors, with what the ledger knows of earlier proposals, and counts what it costs. A model is asked only
/// with the consent of the user. Errors: as counsel(), and of consent, before anything is paid for.
Result<Advice> inquire(const EvolveContext& context, const EvolveOptions& options, const JudgeContext& judge,
                       Consent& consent, const Question& question);

}  // namespace oe::evolve
