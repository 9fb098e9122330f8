#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "oe/evolve/bisect.hpp"
#include "oe/stats/sequential.hpp"

#include "evolve/realised_runs.hpp"

namespace oe::evolve {

/// Where the runs of the states of a workflow come from. State 0 is the good one, the last the bad one.
class Samples {
 public:
  virtual ~Samples() = default;
  virtual std::size_t states() const = 0;
  /// Recorded runs, newest first.
  virtual const std::vector<OneMeasure>& stored(std::size_t state) = 0;
  /// New runs, in the order in which they were made; the same number stands for the same inputs in every state.
  virtual const std::vector<OneMeasure>& fresh(std::size_t state) = 0;
  /// Runs each of the states once more where it has fewer than `count`. False: it may not, and why_not() says why.
  virtual Result<bool> run(const std::vector<std::size_t>& states, std::size_t count) = 0;
  virtual const std::string& why_not() const = 0;
};

/// Two states held against each other, pair by pair.
struct Bout {
  Tally tally;
  std::size_t stored = 0;
  std::size_t made = 0;
};

/// Looks for the first state that is worse than state 0.
class BisectSearch {
 public:
  BisectSearch(Metric metric, Samples& samples);
  struct Step {
    std::size_t state = 0;
    BisectStep::Verdict verdict = BisectStep::Verdict::unclear;
    std::size_t stored_pairs = 0;
    std::size_t new_pairs = 0;
    double level = 0;
    std::string sentence;
  };
  struct Found {
    std::vector<Step> steps;
    std::vector<std::size_t> suspects;
    std::string ended_by;
  };
  Result<Found> run();

 private:
  Bout bout(std::size_t before, std::size_t after);
  Result<BisectStep::Verdict> judge(Step& step, std::size_t state);
  Result<bool> endpoints_differ();
  std::size_t next_state(std::size_t low, std::size_t high);
  double level_for(std::size_t low, std::size_t high);
  std::size_t steps_left(std::size_t low, std::size_t high) const;

  Metric metric_;
  Samples& samples_;
  stats::AlphaBudget alpha_;
  Found found_;
};

}  // namespace oe::evolve
