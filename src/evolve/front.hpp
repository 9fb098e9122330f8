#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "oe/base/value.hpp"

namespace oe::evolve {

/// What a candidate gains over the workflow as it is, goal by goal in each case. What is not in it was not measured and
/// counts as no gain. Decides what is tried next, never what gets a branch.
struct Standing {
  std::map<std::pair<std::string, std::string>, double> gains;  ///< by case and metric, each from -1 to 1 a change
  friend bool operator==(const Standing&, const Standing&) = default;

  double gain(const std::pair<std::string, std::string>& key) const;
  double total() const;
};

/// From ledger::ContestOutcome::cases; entries of another form are left out.
Standing read_standing(const Value& cases);
/// Of a change that was measured against its parent.
Standing stacked(Standing parent, const Standing& change);

/// Whether `a` is noticeably better somewhere, and noticeably worse nowhere.
bool dominates(const Standing& a, const Standing& b);

/// Positions of those that no other one dominates: the best on most cases first, then the greatest total, then in order
/// (GEPA's per-instance front, arXiv 2507.19457). Of two that are alike the first stays.
std::vector<std::size_t> front(const std::vector<Standing>& candidates);

}  // namespace oe::evolve
