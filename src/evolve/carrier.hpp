#pragma once

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

#include "evolve/memory.hpp"

namespace oe::evolve {

/// Carries proposals for one base to their end, one at a time: recognised, proven, committed, each step on record before
/// the next. All that it is given is borrowed. The consent of the user must have been asked for.
class Carrier {
 public:
  Carrier(const EvolveContext& context, const EvolveOptions& options, const JudgeContext& judge,
          const TrialBasis& basis)
      : context_(context), options_(options), judge_(judge), basis_(basis) {}

  /// Nothing when it would have to be tried and no limit leaves room for that. Errors only for what must end the
  /// invocation: an interrupt, a disk that is full.
  Result<std::optional<Judged>> carry(const Proposal& original, Descent descent);
  /// The same for one that is open already: it is made again as it is, on its own branch, and proven anew.
  Result<Judged> renew(const Proposal& proposal, Descent descent);

 private:
  Result<void> prove(Judged& judged);
  std::string branch_of(const Judged& judged) const;
  Result<std::optional<git::Oid>> free_branch(const Judged& judged) const;
  Result<void> commit(Judged& judged, const ValidatedPatch& proven, const std::optional<git::Oid>& tip);
  Result<void> close_superseded(const Judged& judged);
  Result<void> give_up(Judged& judged, Judged::Fate fate, const Error& error);
  Result<void> record(const Judged& judged, ledger::ProposalBody body);

  const EvolveContext& context_;
  const EvolveOptions& options_;
  const JudgeContext& judge_;
  const TrialBasis& basis_;
  std::optional<Memory> memory_;  ///< as of the newest carry()
};

}  // namespace oe::evolve
