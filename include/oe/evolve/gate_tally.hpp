#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oe/stats/paired.hpp"
#include "oe/stats/sequential.hpp"

namespace oe::evolve {

enum class Direction { lower, higher };  ///< which way is better
enum class Role {
  goal,   ///< what the proposal is meant to better
  guard,  ///< what may not get worse
};
enum class Scale {
  relative,  ///< the margin is a share of the greater of the two values: of durations, cost
  absolute,  ///< the margin is in the unit of the value: of counts, scores
  yes_no,    ///< 0 is no, anything else yes; the margin is a difference of shares
};

struct Metric {
  std::string name;
  Direction direction = Direction::lower;
  Role role = Role::guard;
  Scale scale = Scale::relative;
  double margin = 0;      ///< the least change that matters, either way
  std::string unit = {};  ///< for people, e.g. "s"
  friend bool operator==(const Metric&, const Metric&) = default;
};

/// Nothing: the metric could not be read in that run. What a failed run took and cost is nothing, too: it is no measure
/// of the whole work, and a workflow that was mended would look slower and dearer for doing it.
using Measured = std::optional<double>;

/// One run of the base and one of the candidate, of the same case and one straight after the other. Whoever makes pairs
/// changes which of the two goes first from pair to pair, so that neither always has the warm cache.
struct Pair {
  std::string case_name;
  bool is_anchor = false;      ///< the case must not regress
  bool is_holdout = false;     ///< no advisor ever sees the case
  std::vector<Measured> base;  ///< in the order of the metrics
  std::vector<Measured> candidate;
  friend bool operator==(const Pair&, const Pair&) = default;
};

/// Who is better in a pair: by at least the margin, measured alike both ways, so that noise that hits both sides alike
/// wins as often as it loses. A value where the other side has none is better; two that are missing are no pair.
enum class Side { candidate, base, neither, unread };
Side better_side(const Metric& metric, const Measured& base, const Measured& candidate);

/// For people and --json: what the pairs show for one metric.
struct Comparison {
  std::string metric;
  std::size_t pairs = 0;  ///< with a value on at least one side: wins + losses + ties
  std::size_t wins = 0;
  std::size_t losses = 0;
  std::size_t ties = 0;
  std::size_t holdout_wins = 0;  ///< of the wins, those of hold-out cases
  std::size_t holdout_losses = 0;
  std::size_t values_before = 0;  ///< runs of the base in which it could be read
  std::size_t values_after = 0;
  double before = 0;  ///< median of them; of yes_no the share of yes
  double after = 0;
  /// Above 0 is better: the median of the pairs' gains, as the metric's scale measures them; of yes_no the difference
  /// of the shares. Nothing without a pair that has both values.
  std::optional<double> gain;
  /// Of the gain, as if the number of pairs had been fixed beforehand: it decides nothing.
  std::optional<stats::Interval> interval;
  double p = 1;         ///< one-sided: sign test of yes_no, else signed-rank test; as the interval
  double e_better = 1;  ///< of the process that decides
  double e_worse = 1;
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

/// What the pairs have shown for one metric so far. A value: a copy goes its own way.
class Tally {
 public:
  /// `loss_limit`: see GateRule.
  Tally(Metric metric, double loss_limit) : metric_(std::move(metric)), rare_losses_(loss_limit) {}

  void see(const Pair& pair, const Measured& base, const Measured& candidate);

  const Metric& metric() const { return metric_; }
  const stats::WinsProcess& better() const { return better_; }
  const stats::WinsProcess& worse() const { return worse_; }  ///< its wins are our losses
  const stats::RarityProcess& rare_losses() const { return rare_losses_; }
  std::size_t wins() const { return better_.wins(); }
  std::size_t losses() const { return better_.losses(); }
  std::size_t pairs() const { return wins() + losses() + ties_; }
  bool holdout_points_back() const { return holdout_losses_ > holdout_wins_; }
  /// The first anchor, by name, that was good in the base and is bad in the candidate more often than in the base.
  /// Only of yes_no.
  std::optional<std::string> regressed_anchor() const;
  std::optional<double> gain() const;
  Comparison comparison(double level = 0.95) const;  ///< `level`: of its interval

 private:
  struct Anchor {
    std::size_t good_before = 0;
    std::size_t bad_before = 0;
    std::size_t bad_after = 0;
  };
  Metric metric_;
  stats::WinsProcess better_;
  stats::WinsProcess worse_;
  stats::RarityProcess rare_losses_;
  std::size_t ties_ = 0;
  std::size_t holdout_wins_ = 0;
  std::size_t holdout_losses_ = 0;
  std::map<std::string, Anchor> anchors_;
  std::vector<double> before_;
  std::vector<double> after_;
  std::vector<double> gains_;  ///< of the pairs that have both values
};

}  // namespace oe::evolve
