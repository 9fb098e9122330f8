#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "oe/evolve/realised.hpp"
#include "oe/stats/paired.hpp"

namespace oe::evolve {

/// What became of the promises of one level.
struct CalibrationRow {
  std::string level;
  std::size_t merged = 0;
  std::size_t came_true = 0;
  std::size_t less = 0;  ///< of came_true: those that gave less than was promised
  std::size_t broken = 0;
  std::size_t unknown = 0;  ///< not enough runs since, or none
  stats::Interval share;  ///< 95 %, of came_true among those that are known
  friend bool operator==(const CalibrationRow&, const CalibrationRow&) = default;
};

/// How far the levels of confidence can be believed.
struct Calibration {
  std::vector<CalibrationRow> by_confidence;  ///< of whoever proposed it: high, medium, low
  std::vector<CalibrationRow> by_evidence;    ///< the e of the process by which the gate decided
  CalibrationRow all;
  std::size_t without_promise = 0;  ///< merged proposals that promised no gain
  std::size_t without_proof = 0;    ///< whose proof is not in this clone
  friend bool operator==(const Calibration&, const Calibration&) = default;
};
Calibration calibration(const std::vector<AfterMerge>& merges);

}  // namespace oe::evolve
