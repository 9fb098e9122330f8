#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "oe/evolve/gate_tally.hpp"
#include "oe/base/ids.hpp"
#include "oe/base/value.hpp"

namespace oe::evolve {

/// What a change gains, case by case: for each goal in each case from -1 to 1, 0 where nothing that matters changes.
class CaseGains {
 public:
  explicit CaseGains(std::vector<Metric> metrics) : metrics_(std::move(metrics)) {}
  /// The values are in the order of the metrics; guards are passed over.
  void see(const Pair& pair);
  /// As ledger::ContestOutcome::cases has it: means over the pairs of each case.
  Value to_value() const;

 private:
  struct Sum {
    double gain = 0;
    std::size_t pairs = 0;
  };
  std::vector<Metric> metrics_;
  std::map<std::pair<std::string, std::string>, Sum> sums_;  ///< by case and metric
};

/// A run of a contest with the change: what was seen of it is what the next generation is advised on.
struct CaseTrial {
  RunId run;
  RunId repeats;  ///< the recorded run of the same case
  bool is_holdout = false;
  friend bool operator==(const CaseTrial&, const CaseTrial&) = default;
};
/// As ledger::ContestOutcome::trials has them; to_trials() leaves out what is not of that form.
Value to_value(const std::vector<CaseTrial>& trials);
std::vector<CaseTrial> to_trials(const Value& value);

}  // namespace oe::evolve
