#include <algorithm>
#include <iterator>

#include "oe/base/digest.hpp"

#include "evolve/gather.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kFewestRuns = 8;

bool is_held_out(const RecordedRun& run) {
  const std::string digest = short_digest(run.state.id.text);
  return digest.back() < '4';  // four of sixteen
}

}  // namespace

std::vector<RecordedRun> hold_out(Evidence& evidence) {
  std::vector<RecordedRun> held;
  if (evidence.runs.size() < kFewestRuns) return held;
  const auto rest = std::stable_partition(evidence.runs.begin(), evidence.runs.end(),
                                          [](const RecordedRun& run) { return !is_held_out(run); });
  if (rest == evidence.runs.begin()) return held;
  held.assign(std::make_move_iterator(rest), std::make_move_iterator(evidence.runs.end()));
  evidence.runs.erase(rest, evidence.runs.end());
  return held;
}

}  // namespace oe::evolve
