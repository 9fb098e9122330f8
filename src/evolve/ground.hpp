#pragma once

#include <memory>

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// What a round of proposals is made for and measured against: the workflow at a commit, and what was seen of it. Stays
/// where it is, as its basis refers to the rest.
class Ground {
 public:
  /// The workflow itself; the evidence are recorded runs.
  Ground(Base base, Evidence evidence, std::vector<RecordedRun> holdout, ReadEvents events);
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  /// What a proven proposal has made of it; the evidence are the runs with that proposal in its own contest, and what
  /// was held out there stays held out. nullptr when none of them is on record any more. Errors: of git.
  static Result<std::unique_ptr<Ground>> of_proposal(const JudgeContext& judge, const Base& root,
                                                     const Judged& proposal);

  const Base& base() const { return base_; }
  const TrialBasis& basis() const { return basis_; }
  const Fingerprint& parent() const { return parent_; }  ///< empty: the workflow itself

 private:
  Base base_;
  Evidence evidence_;
  TrialBasis basis_;
  Fingerprint parent_;
};

}  // namespace oe::evolve
