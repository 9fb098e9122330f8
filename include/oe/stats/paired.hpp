#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace oe::stats {

/// P(X >= wins) for X ~ Binomial(wins + losses, 1/2): the exact one-sided sign test, which is McNemar's exact test when
/// the pairs are of yes and no (Dixon & Mood 1946; McNemar 1947). Ties are left out by the caller. 1 without pairs.
double sign_test(std::size_t wins, std::size_t losses);

/// One-sided Wilcoxon signed-rank test that the differences lie above 0 (Wilcoxon 1945). Zeros are dropped, ties get
/// middle ranks; exact by counting up to 50 differences without ties, else normal with the correction for ties and
/// continuity. 1 without differences. NaN is a bug of the caller.
double signed_rank_test(std::span<const double> differences);

/// Low and high end of a value.
struct Interval {
  double low = 0;
  double high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};
/// Of the median of the values, exact by order statistics (distribution-free), at least `level`; nothing when there are
/// too few values for the level.
std::optional<Interval> median_interval(std::span<const double> values, double level);
/// Of a proportion of independent trials (Wilson 1927).
Interval proportion_interval(std::size_t hits, std::size_t trials, double level);
/// The highest proportion that `hits` or fewer of `trials` do not contradict at `alpha`, one-sided, exact (Clopper &
/// Pearson 1934); without hits, about ln(1/alpha)/trials: the rule of three.
double proportion_at_most(std::size_t hits, std::size_t trials, double alpha);
/// Of the difference of two paired proportions (Tango 1998, score), from the counts of the pairs: only the second had
/// it, only the first had it, all.
Interval paired_difference_interval(std::size_t gained, std::size_t lost, std::size_t pairs, double level);

/// Pairs needed by the one-sided sign test at `alpha` to find, with probability `power`, a change after which pairs
/// that differ are wins with probability `win_share` and pairs differ with probability `differing`. Nothing when
/// win_share is not above one half, nothing differs, or 5,000 pairs would not do. Exact by the binomial, not by a
/// normal approximation.
std::optional<std::size_t> pairs_needed(double win_share, double differing, double alpha, double power);

double median(std::span<const double> values);  ///< 0 without values

}  // namespace oe::stats
