#pragma once

#include <map>
#include <string>

#include "bench/surgeon/verdict.hpp"

namespace oe::surgeon {

struct Tally {
  std::size_t applied = 0, declined = 0, wrong = 0, refused = 0, half = 0;
  double seconds = 0;  ///< of the processor; 0: not measured
  void add(Verdict verdict);
  std::size_t right() const { return applied + declined; }
  std::size_t total() const { return right() + wrong + refused; }
  double share(std::size_t part) const;  ///< in percent
  double share_applied() const;          ///< of all but those that were rightly declined, in percent
};

/// By kind of damage (a trial counts for each of its kinds), by rung, and by the reason of what was refused.
struct Breakdown {
  std::map<Kind, Tally> kinds;
  std::map<patch::Rung, Tally> rungs;
  std::map<patch::Reason, Tally> reasons;
  void add(const Trial& trial, const Outcome& outcome, Verdict verdict);
};

void print_head();
void print_row(const std::string& name, const Tally& tally);
void print(const Breakdown& breakdown);
/// Everything that is needed to see why: the diff, what came out and what was wanted.
void print_trial(const Trial& trial, const Outcome& outcome);

}  // namespace oe::surgeon
