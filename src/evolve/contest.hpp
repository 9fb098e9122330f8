#pragma once

#include <map>

#include "oe/evolve/gate.hpp"
#include "oe/evolve/proof.hpp"

#include "evolve/case_gains.hpp"
#include "evolve/gauges.hpp"
#include "evolve/memory_store.hpp"
#include "evolve/trial.hpp"

namespace oe::evolve {

/// What the gate goes by for a proposal that promises this.
GateRule rule_for(const Expectation& expectation, double alpha, bool has_holdout);
std::vector<Metric> metrics_of(const std::vector<Gauge>& gauges);

/// A patch against its base: pairs of runs of recorded cases, both sides of a pair at the same time or in turns, until
/// the gate has decided or more pairs are not worth it. What the patch does not reach is not run again but taken over
/// from the recorded run (counterfactual replay), and only the files that the workflow needs are checked out; where the
/// base does not then behave as recorded, both are given up for whole runs of whole checkouts.
class Contest {
 public:
  Contest(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal, const CheckedPatch& checked);
  /// Errors: failed (the patch cannot be tried), interrupted, environment.
  Result<Verdict> hold();
  /// For the record, after hold().
  ledger::ContestOutcome outcome(const Verdict& verdict) const;
  /// What the verdict rests on.
  PairsShown shown() const;

 private:
  struct Case {
    const RecordedRun* run = nullptr;
    bool is_holdout = false;
    std::optional<engine::Past> past = {};
  };

  void choose_cases();
  Result<void> prepare();
  Result<void> take_over(Case& one);
  Case& case_of(std::size_t pair);
  TrialSpec spec_of(const Case& one, bool is_candidate, std::size_t pair);
  Result<bool> run_pairs(std::size_t count);
  Result<Trials> run_in_turns(std::size_t count);
  Result<void> check_cover(const Case& one, const Result<ledger::RunState>& candidate) const;
  bool is_unlike_record(const Case& one, const Result<ledger::RunState>& base);
  void note_harm(const Result<ledger::RunState>& base, const Result<ledger::RunState>& candidate);
  void see(const Case& one, const Result<ledger::RunState>& base, const Result<ledger::RunState>& candidate);
  std::size_t next_wave() const;
  std::size_t affordable_wave();
  void note_price(std::size_t pairs, std::chrono::microseconds begun, double usd_before);
  double spent() const;
  bool is_hopeless() const;
  bool is_out_of_means() const;

  const JudgeContext& context_;
  const TrialBasis& basis_;
  const Proposal& proposal_;
  const CheckedPatch& checked_;
  std::vector<Gauge> gauges_;
  GateRule rule_;
  Gate gate_;
  CaseGains gains_;
  std::vector<Pair> pairs_;   ///< all that the gate has seen
  std::vector<Case> cited_;   ///< what the finding is about
  std::vector<Case> others_;  ///< what must not suffer
  std::vector<std::string> only_;
  graph::Graph after_;
  bool is_narrow_ = true;
  bool is_cold_;  ///< a change of `cache` has nothing to find yet
  MemoryStore old_results_;
  MemoryStore new_results_;
  std::string oddity_;  ///< how the base does not behave as recorded
  std::string harm_;    ///< what failed with the change only
  std::chrono::microseconds begun_{0};
  Purse::Step dearest_;  ///< of the pairs so far
  std::vector<CaseTrial> trials_;
};

}  // namespace oe::evolve
