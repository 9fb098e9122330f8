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
/// Of the difference of two paired proportions (Tango 1998, score), from the counts of the pairs: only the second had
/// it, only the first had it, all.
Interval paired_difference_interval(std::size_t gained, std::size_t lost, std::size_t pairs, double level);

double median(std::span<const double> values);  ///< 0 without values

}  // namespace oe::stats
