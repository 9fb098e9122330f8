#pragma once

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/gate.hpp"

#include "evolve/ground.hpp"

namespace oe::evolve {

/// What fresh runs show of two candidates and of the workflow that both came from.
struct DuelOutcome {
  Verdict verdict;       ///< of the challenger, beside the rival
  Verdict rival;         ///< of the rival, beside the base
  Verdict challenger;    ///< of the challenger, beside the base
  std::size_t rounds = 0;
  bool is_on_holdout = false;
};

/// Runs base, rival and challenger in turns on the inputs of recorded runs, those that no advisor has seen where there
/// are any, until it is clear which of the two is better or more rounds are not worth it. Every run is new, whole, and
/// of whole checkouts: that a candidate was chosen for its figures plays no part (winner's curse). The figures beside
/// the base are for the reader; no branch depends on any of it. Errors: interrupted, environment.
Result<DuelOutcome> hold_duel(const JudgeContext& judge, const Ground& root, const git::Oid& rival,
                              const git::Oid& challenger);

}  // namespace oe::evolve
