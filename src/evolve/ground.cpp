#include "evolve/ground.hpp"

#include "evolve/case_gains.hpp"
#include "evolve/gather.hpp"
#include "evolve/trial_record.hpp"

namespace oe::evolve {

Ground::Ground(Base base, Evidence evidence, std::vector<RecordedRun> holdout, ReadEvents events)
    : base_(std::move(base)),
      evidence_(std::move(evidence)),
      basis_{.evidence = evidence_, .base = base_, .holdout = std::move(holdout), .events = std::move(events)} {}

Result<std::unique_ptr<Ground>> Ground::of_proposal(const JudgeContext& judge, const Base& root,
                                                    const Judged& proposal) {
  OE_TRY(Base base, read_base(judge.repository, git::Oid{proposal.commit}, root.workflow));
  Evidence evidence = evidence_of(judge.repository, base);
  std::vector<RecordedRun> holdout;
  std::map<RunId, RunId> repeats;
  for (const CaseTrial& trial : to_trials(proposal.outcome.trials)) {
    auto state = trial_state(judge.trials, trial.run);
    if (!state) continue;  // somebody has tidied up
    (trial.is_holdout ? holdout : evidence.runs).push_back({base.reading.graph, std::move(*state)});
    repeats.emplace(trial.run, trial.repeats);
  }
  if (evidence.runs.empty()) return std::unique_ptr<Ground>();
  auto ground = std::make_unique<Ground>(
      std::move(base), std::move(evidence), std::move(holdout),
      [trials = judge.trials](const RunId& run, const auto& each) { return read_trial(trials, run, each); });
  ground->basis_.repeats = std::move(repeats);
  ground->parent_ = proposal.fingerprint;
  return ground;
}

}  // namespace oe::evolve
