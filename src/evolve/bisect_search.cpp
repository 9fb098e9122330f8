#include "evolve/bisect_search.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace oe::evolve {

namespace {

using Ruling = BisectStep::Verdict;

constexpr double kBisectAlpha = 0.05;
/// New pairs after which a step gives up.
constexpr std::size_t kMostNew = 24;
/// New pairs without a single loss or win after which nothing more is expected.
constexpr std::size_t kQuietRounds = 8;
/// Recorded runs that are worth looking at before anything is run.
constexpr std::size_t kEnough = 5;

std::string counts_of(const Bout& bout) {
  return fmt::format("{} of {} pairs lost, {} won, e = {:.3g}", bout.tally.losses(), bout.tally.pairs(),
                     bout.tally.wins(), bout.tally.worse().e_value());
}

}  // namespace

BisectSearch::BisectSearch(Metric metric, Samples& samples)
    : metric_(std::move(metric)), samples_(samples), alpha_(kBisectAlpha) {}

// Losses of the later state speak for "it is worse". Recorded runs are held against recorded ones only: in the sandbox
// a run may well take another time.
Bout BisectSearch::bout(std::size_t before, std::size_t after) {
  Bout bout{Tally(metric_, GateRule().loss_limit)};
  const auto see = [&](const Pair& pair) { bout.tally.see(pair, pair.base.front(), pair.candidate.front()); };
  const Matched stored = match(samples_.stored(before), samples_.stored(after));
  for (const Pair& pair : stored.pairs) see(pair);
  bout.stored = stored.pairs.size();
  const std::vector<OneMeasure>&old_runs = samples_.fresh(before), &new_runs = samples_.fresh(after);
  bout.made = std::min(old_runs.size(), new_runs.size());
  for (std::size_t i = 0; i < bout.made; ++i)
    see({.case_name = new_runs[i].run.text, .base = {old_runs[i].value}, .candidate = {new_runs[i].value}});
  return bout;
}

// At each step half of its level is for "it is worse than the good one", half for "the bad one is worse than it".
Result<Ruling> BisectSearch::judge(Step& step, std::size_t state) {
  const std::size_t bad = samples_.states() - 1;
  for (std::size_t made = 0;; ++made) {
    const Bout to_good = bout(0, state), to_bad = bout(state, bad);
    step.stored_pairs = std::max(to_good.stored, to_bad.stored);
    step.new_pairs = std::max(to_good.made, to_bad.made);
    step.sentence = fmt::format("beside the good one {}; the bad one beside it {}; {:.3g} is needed",
                                counts_of(to_good), counts_of(to_bad), 2 / step.level);
    if (to_good.tally.worse().rejects(step.level / 2)) return Ruling::worse;
    if (to_bad.tally.worse().rejects(step.level / 2)) return Ruling::not_worse;
    const bool is_hopeless = made >= kQuietRounds && to_good.tally.losses() <= to_good.tally.wins() &&
                             to_bad.tally.losses() <= to_bad.tally.wins();
    if (is_hopeless || made == kMostNew) return Ruling::unclear;
    OE_TRY(const bool ran, samples_.run({0, state, bad}, made + 1));
    if (!ran) {
      found_.ended_by = samples_.why_not();
      return Ruling::unclear;
    }
  }
}

// Without this every step would only find noise.
Result<bool> BisectSearch::endpoints_differ() {
  const std::size_t bad = samples_.states() - 1;
  Step step{.state = bad, .level = level_for(0, bad)};
  for (std::size_t made = 0;; ++made) {
    const Bout seen = bout(0, bad);
    step.stored_pairs = seen.stored;
    step.new_pairs = seen.made;
    step.sentence = fmt::format("beside the good one {}; {:.3g} is needed", counts_of(seen), 1 / step.level);
    if (seen.tally.worse().rejects(step.level)) step.verdict = Ruling::worse;
    const bool is_hopeless = made >= kQuietRounds && seen.tally.losses() <= seen.tally.wins();
    if (step.verdict == Ruling::worse || is_hopeless || made == kMostNew) break;
    OE_TRY(const bool ran, samples_.run({0, bad}, made + 1));
    if (!ran) found_.ended_by = samples_.why_not();
    if (!ran) break;
  }
  found_.steps.push_back(step);
  return step.verdict == Ruling::worse;
}

// The middle halves what is left; a state near it that has runs costs nothing.
std::size_t BisectSearch::next_state(std::size_t low, std::size_t high) {
  const std::size_t middle = (low + high) / 2, reach = (high - low) / 4;
  for (std::size_t off = 0; off <= reach; ++off)
    for (const std::size_t state : {middle - off, middle + off})
      if (state > low && state < high && samples_.stored(state).size() >= kEnough) return state;
  return middle;
}

std::size_t BisectSearch::steps_left(std::size_t low, std::size_t high) const {
  std::size_t steps = 0;
  for (std::size_t left = high - low; left > 1; left -= std::max<std::size_t>(left / 4, 1)) ++steps;
  return steps;
}

double BisectSearch::level_for(std::size_t low, std::size_t high) {
  const bool is_first = found_.steps.empty();
  return alpha_.spend(1, 1.0 / static_cast<double>(steps_left(low, high) + (is_first ? 1 : 0)));
}

Result<BisectSearch::Found> BisectSearch::run() {
  std::size_t low = 0, high = samples_.states() - 1;
  OE_TRY(const bool is_worse, endpoints_differ());
  if (!is_worse) return found_;
  while (high - low > 1) {
    Step step{.state = next_state(low, high), .level = level_for(low, high)};
    OE_TRY(step.verdict, judge(step, step.state));
    found_.steps.push_back(step);
    if (step.verdict == Ruling::unclear) break;
    (step.verdict == Ruling::worse ? high : low) = step.state;
  }
  for (std::size_t state = low + 1; state <= high; ++state) found_.suspects.push_back(state);
  return found_;
}

}  // namespace oe::evolve
