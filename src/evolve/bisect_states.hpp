#pragma once

#include <map>

#include "oe/evolve/bisect.hpp"

#include "evolve/bisect_search.hpp"
#include "evolve/trial.hpp"

namespace oe::evolve {

/// The states that a workflow went through, with the recorded runs of each.
struct StatesOfWorkflow {
  std::vector<PastCommit> commits;              ///< the good one, then those that touched the workflow, oldest first
  std::vector<std::vector<RunId>> runs;         ///< of each, newest first
};

/// On the first-parent line. `paths` are what the workflow needs. Errors: input (`good` is not on the way to `bad`),
/// environment.
Result<StatesOfWorkflow> states_of(const HistoryContext& context, const BisectOptions& options,
                                   const std::vector<std::string>& paths);

/// Reads recorded runs and makes new ones. All that it is given is borrowed.
class StateSamples : public Samples {
 public:
  StateSamples(const EvolveContext& context, const JudgeContext& judge, const BisectOptions& options,
               const StatesOfWorkflow& states, MetricReader& reader, bool is_about_time);
  /// Reads the recorded runs. Errors: of the ledger.
  Result<void> load();

  std::size_t states() const override { return states_.commits.size(); }
  const std::vector<OneMeasure>& stored(std::size_t state) override { return stored_[state]; }
  const std::vector<OneMeasure>& fresh(std::size_t state) override { return fresh_[state]; }
  Result<bool> run(const std::vector<std::size_t>& states, std::size_t count) override;
  const std::string& why_not() const override { return why_not_; }

 private:
  Result<bool> may_run(std::size_t state);
  Result<Trials> hold(const std::vector<TrialSpec>& specs) const;

  const EvolveContext& context_;
  const JudgeContext& judge_;
  const BisectOptions& options_;
  const StatesOfWorkflow& states_;
  MetricReader& reader_;
  bool is_about_time_;
  std::vector<std::vector<OneMeasure>> stored_;
  std::vector<std::vector<OneMeasure>> fresh_;
  std::vector<RecordedRun> cases_;  ///< whose inputs new runs take
  std::map<std::size_t, graph::Graph> trusted_;  ///< states that may be run
  std::string why_not_;
};

}  // namespace oe::evolve
