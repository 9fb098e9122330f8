#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/evolve/gate_tally.hpp"
#include "oe/evolve/history.hpp"
#include "oe/evolve/proof.hpp"

namespace oe::evolve {

/// What a proposal promised: the gain in the metric that decided its contest.
struct Promise {
  Metric metric;
  double gain = 0;  ///< above 0 is better, as Comparison::gain
  std::optional<stats::Interval> interval = {};
  double e_value = 1;  ///< of the process that decided: how strong the evidence was
  friend bool operator==(const Promise&, const Promise&) = default;
};
/// Nothing where the proof promises no gain: a case that fails, a change that is no worse.
std::optional<Promise> promise_of(const Proof& proof);

enum class Fulfilment {
  unknown,    ///< too few pairs, or they fit both the promise and no gain at all
  came_true,  ///< a gain is shown
  broken,     ///< the promise is excluded, and no gain is shown
};
std::string_view to_string(Fulfilment fulfilment);  ///< "not known yet", "came true", "did not come true"

/// What pairs of runs say about a promise. It is looked at after 8, 16, 32, 64 ... pairs only, each time with half of
/// the error that is left of 5 % (Bonferroni): however long one goes on looking, what the intervals say is wrong in at
/// most 5 of 100 cases.
struct Realised {
  Fulfilment fulfilment = Fulfilment::unknown;
  bool is_less = false;           ///< it came true, and as much as was promised is excluded
  std::size_t pairs = 0;          ///< that were made
  std::size_t looked_at = 0;      ///< of them, by the newest look; 0: there was none yet
  double level = 0;               ///< of the interval
  std::optional<double> gain;     ///< of all pairs, before the first look of those that are there
  std::optional<stats::Interval> interval;
  std::string sentence;  ///< for people, one line with the figures
  friend bool operator==(const Realised&, const Realised&) = default;
};
/// Pairs of one value each: a run before the merge as the base, one after it as the candidate.
Realised judge_promise(const Promise& promise, const std::vector<Pair>& pairs);

/// A proposal that became history, and what the runs beside it say.
struct AfterMerge {
  ledger::ProposalRecord record;
  git::Oid commit;  ///< since which the first-parent line of HEAD has it; empty: it has not
  std::optional<Promise> promise;
  std::optional<Expectation> expectation;  ///< of the proof
  std::string gap;  ///< why nothing can be said, one clause; empty: something can
  std::size_t together = 0;  ///< other changes of the file between the runs that are compared
  std::vector<RunId> runs;   ///< that are compared: before and after in turns
  std::vector<Pair> pairs;
  Realised realised;
};

/// Of all accepted proposals that are in the history of HEAD, oldest first. A run before the merge and one after it, of
/// the same inputs, make a pair: of the newest content of the workflow file before it that was ever run, and of the
/// first one since. At most 64 a side are read. Errors: environment.
Result<std::vector<AfterMerge>> after_merges(const HistoryContext& context);

}  // namespace oe::evolve
