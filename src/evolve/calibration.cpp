#include "oe/evolve/calibration.hpp"

#include <array>
#include <cmath>

namespace oe::evolve {

namespace {

/// The gate needs 20 for one candidate with one goal; with more of them it needs more.
struct Strength {
  const char* name;
  double below;
};
constexpr std::array kStrengths = {Strength{"e < 100", 100}, Strength{"e < 1000", 1'000},
                                   Strength{"e >= 1000", HUGE_VAL}};

void count(CalibrationRow& row, const AfterMerge& merge) {
  ++row.merged;
  const Fulfilment fulfilment = merge.gap.empty() ? merge.realised.fulfilment : Fulfilment::unknown;
  if (fulfilment == Fulfilment::came_true) ++row.came_true;
  if (fulfilment == Fulfilment::came_true && merge.realised.is_less) ++row.less;
  if (fulfilment == Fulfilment::broken) ++row.broken;
  if (fulfilment == Fulfilment::unknown) ++row.unknown;
}

void finish(CalibrationRow& row) {
  row.share = stats::proportion_interval(row.came_true, row.came_true + row.broken, 0.95);
}

CalibrationRow& row_of_strength(Calibration& table, double e_value) {
  std::size_t i = 0;
  while (i + 1 < kStrengths.size() && e_value >= kStrengths[i].below) ++i;
  return table.by_evidence[i];
}

}  // namespace

Calibration calibration(const std::vector<AfterMerge>& merges) {
  Calibration table;
  for (const Confidence one : {Confidence::high, Confidence::medium, Confidence::low})
    table.by_confidence.push_back({.level = std::string(to_string(one))});
  for (const Strength& one : kStrengths) table.by_evidence.push_back({.level = one.name});
  table.all.level = "all";
  for (const AfterMerge& merge : merges) {
    if (!merge.promise) {
      ++(merge.expectation ? table.without_promise : table.without_proof);
      continue;
    }
    count(table.all, merge);
    count(row_of_strength(table, merge.promise->e_value), merge);
    for (CalibrationRow& row : table.by_confidence)
      if (row.level == merge.record.made.confidence) count(row, merge);
  }
  finish(table.all);
  for (CalibrationRow& row : table.by_confidence) finish(row);
  for (CalibrationRow& row : table.by_evidence) finish(row);
  return table;
}

}  // namespace oe::evolve
