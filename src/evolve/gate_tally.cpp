#include "oe/evolve/gate_tally.hpp"

#include <algorithm>
#include <cmath>

namespace oe::evolve {
namespace {

double as_yes_no(double value) {
  return value != 0 ? 1 : 0;
}

/// How much better `after` is than `before`, in the terms of the margin. gain(a, b) is -gain(b, a).
double gain_of(const Metric& metric, double before, double after) {
  const double change = metric.direction == Direction::higher ? after - before : before - after;
  switch (metric.scale) {
    case Scale::relative: {
      const double greater = std::max(std::abs(before), std::abs(after));
      return greater == 0 ? 0 : change / greater;
    }
    case Scale::yes_no: {
      const double more_yes = as_yes_no(after) - as_yes_no(before);
      return metric.direction == Direction::higher ? more_yes : -more_yes;
    }
    case Scale::absolute:
      break;
  }
  return change;
}

bool is_good(const Metric& metric, const Measured& value) {
  return value && (*value != 0) == (metric.direction == Direction::higher);
}

double share_of_yes(const std::vector<double>& values) {
  const auto yes = std::count_if(values.begin(), values.end(), [](double value) { return value != 0; });
  return values.empty() ? 0 : static_cast<double>(yes) / static_cast<double>(values.size());
}

}  // namespace

Side better_side(const Metric& metric, const Measured& base, const Measured& candidate) {
  if (!base && !candidate) return Side::unread;
  if (!base) return Side::candidate;
  if (!candidate) return Side::base;
  const double gain = gain_of(metric, *base, *candidate);
  // A margin of a share of runs says nothing of one run.
  const double margin = metric.scale == Scale::yes_no ? 1 : metric.margin;
  // 8 of 10 is a fifth less, whatever the last bit of the quotient says.
  if (gain == 0 || std::abs(gain) < margin * (1 - 1e-12)) return Side::neither;
  return gain > 0 ? Side::candidate : Side::base;
}

void Tally::see(const Pair& pair, const Measured& base, const Measured& candidate) {
  if (base) before_.push_back(*base);
  if (candidate) after_.push_back(*candidate);
  if (base && candidate) gains_.push_back(gain_of(metric_, *base, *candidate));
  if (pair.is_anchor && metric_.scale == Scale::yes_no && (base || candidate)) {
    Anchor& anchor = anchors_[pair.case_name];
    ++(is_good(metric_, base) ? anchor.good_before : anchor.bad_before);
    if (!is_good(metric_, candidate)) ++anchor.bad_after;
  }
  const Side side = better_side(metric_, base, candidate);
  if (side == Side::unread) return;
  rare_losses_.see(side == Side::base);
  if (side == Side::neither) {
    ++ties_;
    return;
  }
  const bool is_win = side == Side::candidate;
  better_.see(is_win);
  worse_.see(!is_win);
  if (pair.is_holdout) ++(is_win ? holdout_wins_ : holdout_losses_);
}

std::optional<std::string> Tally::regressed_anchor() const {
  for (const auto& [name, anchor] : anchors_)
    if (anchor.good_before > 0 && anchor.bad_after > anchor.bad_before) return name;
  return std::nullopt;
}

std::optional<double> Tally::gain() const {
  if (gains_.empty()) return std::nullopt;
  if (metric_.scale != Scale::yes_no) return stats::median(gains_);
  double sum = 0;
  for (const double gain : gains_) sum += gain;
  return sum / static_cast<double>(gains_.size());
}

Comparison Tally::comparison(double level) const {
  const bool is_yes_no = metric_.scale == Scale::yes_no;
  Comparison shown;
  shown.metric = metric_.name;
  shown.pairs = pairs();
  shown.wins = wins();
  shown.losses = losses();
  shown.ties = ties_;
  shown.holdout_wins = holdout_wins_;
  shown.holdout_losses = holdout_losses_;
  shown.values_before = before_.size();
  shown.values_after = after_.size();
  shown.before = is_yes_no ? share_of_yes(before_) : stats::median(before_);
  shown.after = is_yes_no ? share_of_yes(after_) : stats::median(after_);
  shown.gain = gain();
  if (!is_yes_no)
    shown.interval = stats::median_interval(gains_, level);
  else if (pairs() > 0)
    shown.interval = stats::paired_difference_interval(wins(), losses(), pairs(), level);
  shown.p = is_yes_no ? stats::sign_test(wins(), losses()) : stats::signed_rank_test(gains_);
  shown.e_better = better_.e_value();
  shown.e_worse = worse_.e_value();
  return shown;
}

}  // namespace oe::evolve
