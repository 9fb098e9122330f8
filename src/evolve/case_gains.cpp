#include "evolve/case_gains.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace oe::evolve {

namespace {

// In shares of the greater value, whatever the scale: gains of different metrics must be of one size to be compared.
double gain_in_case(const Metric& metric, const Measured& base, const Measured& candidate) {
  switch (better_side(metric, base, candidate)) {
    case Side::neither:
    case Side::unread:
      return 0;
    case Side::candidate:
    case Side::base:
      break;
  }
  if (!candidate) return -1;
  if (!base) return 1;
  const double greater = std::max(std::abs(*base), std::abs(*candidate));
  const double change = (metric.direction == Direction::higher ? *candidate - *base : *base - *candidate) / greater;
  return std::clamp(change, -1.0, 1.0);
}

}  // namespace

void CaseGains::see(const Pair& pair) {
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    if (metrics_[i].role != Role::goal || (!pair.base[i] && !pair.candidate[i])) continue;
    Sum& sum = sums_[{pair.case_name, metrics_[i].name}];
    sum.gain += gain_in_case(metrics_[i], pair.base[i], pair.candidate[i]);
    ++sum.pairs;
  }
}

Value CaseGains::to_value() const {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [key, sum] : sums_) {
    const double mean = std::round(1000 * sum.gain / static_cast<double>(sum.pairs)) / 1000;
    list.push_back({{"case", key.first}, {"metric", key.second}, {"gain", mean}});
  }
  return Value(std::move(list));
}

Value to_value(const std::vector<CaseTrial>& trials) {
  nlohmann::json list = nlohmann::json::array();
  for (const CaseTrial& trial : trials)
    list.push_back({{"run", trial.run.text}, {"case", trial.repeats.text}, {"held_out", trial.is_holdout}});
  return Value(std::move(list));
}

std::vector<CaseTrial> to_trials(const Value& value) {
  std::vector<CaseTrial> trials;
  for (const auto& entry : value.json()) {
    if (!entry.is_object()) continue;
    const Value one(entry);
    const std::string run = one.get("run").string_or(""), repeats = one.get("case").string_or("");
    if (!run.empty() && !repeats.empty()) trials.push_back({{run}, {repeats}, one.get("held_out") == Value::of(true)});
  }
  return trials;
}

}  // namespace oe::evolve
