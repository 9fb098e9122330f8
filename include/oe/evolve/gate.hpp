#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/evolve/gate_tally.hpp"

namespace oe::evolve {

/// What a verdict rests on; see docs/gate.md.
struct GateRule {
  /// The chance that a candidate which changes nothing gets a branch, at whatever time it is looked at. A claim in
  /// `lighter` takes half of it, the goals share the rest. Of several candidates each gets a part: stats::AlphaBudget.
  double alpha = 0.05;
  double guard_alpha = 0.2;       ///< a guard blocks while it speaks for "worse" at this level: high blocks sooner
  double loss_limit = 0.1;        ///< "no worse": of fewer than this share of the pairs a metric loses
  std::size_t least_holdout = 0;  ///< pairs of hold-out cases without which no branch is opened
  std::string lighter = {};       ///< in which way the candidate is simpler or cheaper; empty: it does not claim to be
  friend bool operator==(const GateRule&, const GateRule&) = default;
};

/// More pairs than that are not forecast.
inline constexpr std::size_t kMostForecast = 500;

struct Verdict {
  enum class Kind { better, no_worse, worse, not_enough };
  Kind kind = Kind::not_enough;
  std::string metric;    ///< that decided, or that is nearest to deciding
  std::string sentence;  ///< one line for people, with the metric and its figures
  std::vector<Comparison> metrics;
  /// Of not_enough: about how many pairs are still to come if it goes on as seen. Nothing: more than kMostForecast, or
  /// something other than their number stands in the way (the sentence says what).
  std::optional<std::size_t> more_pairs;
  std::optional<double> more_usd;  ///< of more_pairs, when the price of a pair is known

  bool opens_branch() const { return kind == Kind::better || kind == Kind::no_worse; }
};
std::string_view to_string(Verdict::Kind kind);  ///< "better", "no worse", "worse", "not enough evidence"

/// Judges a candidate by pairs of runs, one at a time; may be asked after each, and stopped whenever it has decided.
/// - better: a goal wins so often that its process rejects "no better" at its part of alpha, by a gain of at least its
///   margin; the hold-out pairs do not point the other way; no other metric speaks for worse; no anchor regressed.
/// - worse: an anchor regressed, or any metric's losses reject "no worse" at alpha / number of metrics.
/// - no_worse: only with a claim; for each metric "it loses in at least loss_limit of the pairs" is rejected at half of
///   alpha, and none speaks for worse. Never because nothing was found.
/// Pure: it runs nothing and keeps no time.
class Gate {
 public:
  explicit Gate(std::vector<Metric> metrics, GateRule rule = {});

  /// A pair whose values are not as many as the metrics is a bug of the caller.
  void see(const Pair& pair);
  std::size_t pairs() const { return pairs_; }
  bool is_decided() const { return decide().kind != Verdict::Kind::not_enough; }
  Verdict verdict(std::optional<double> usd_per_pair = std::nullopt) const;

  double goal_level() const;   ///< what each goal is tested at for better
  double worse_level() const;  ///< what each metric is tested at for worse
  /// Pairs without a tie or a loss after which the verdict is `better`, from here; the least that a trial must plan
  /// for.
  std::size_t straight_wins_needed() const;

 private:
  struct Decision {
    Verdict::Kind kind = Verdict::Kind::not_enough;
    const Tally* tally = nullptr;  ///< that decided or is nearest to it; nullptr without metrics
    std::string because;           ///< what else there is to say
    bool is_blocked = false;       ///< more pairs like those seen would not help
  };
  Decision decide() const;
  std::optional<Decision> find_worse() const;
  Decision find_better() const;
  std::optional<std::string> obstacle(const Tally& goal) const;
  const Tally* speaks_for_worse(const Tally* but) const;
  bool is_no_worse() const;
  std::optional<std::size_t> forecast() const;
  std::optional<std::size_t> forecast_no_worse() const;
  std::string sentence(const Decision& decision, const Verdict& verdict) const;

  GateRule rule_;
  std::vector<Tally> tallies_;
  std::size_t pairs_ = 0;
  std::size_t holdout_pairs_ = 0;
};

}  // namespace oe::evolve
