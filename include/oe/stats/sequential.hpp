#pragma once

#include <cstddef>
#include <optional>

namespace oe::stats {

/// Evidence against "a win is at most as likely as a loss" that may be looked at after every pair: a nonnegative
/// martingale under the null, so that by Ville's inequality P(it ever reaches 1/alpha) <= alpha (Ville 1939; betting as
/// in Waudby-Smith & Ramdas 2024). The bets are a mixture over fixed fractions of the wealth: half of it stakes .99,
/// an eighth each .2, .4, .6 and .8, so that few wins without a loss suffice:
///
///   level                         .05  .025  .01  .005
///   wins without a loss             5     7    8     9
///   wins beside one loss           10    12   13    14
class WinsProcess {
 public:
  void see(bool is_win);
  std::size_t wins() const { return wins_; }
  std::size_t losses() const { return losses_; }
  double e_value() const;
  /// Whether the null is rejected at `alpha` now or was at any time before.
  bool rejects(double alpha) const;

 private:
  std::size_t wins_ = 0;
  std::size_t losses_ = 0;
  double greatest_ = 1;
};

/// Evidence, likewise at any time, against "at least `limit` of the pairs are hits". n pairs without a hit give close
/// to (1 - limit)^-n, the "rule of three" as a process: three fifths of the wealth are staked nearly whole, and a fifth
/// each by .8 and by .5, for the case of a few hits. 0 < limit < 1.
///
///   level                              .05  .025  .01  .005
///   pairs without a hit, limit .1       32    39   48    55
///   pairs without a hit, limit .2       15    19   23    26
class RarityProcess {
 public:
  explicit RarityProcess(double limit) : limit_(limit) {}
  void see(bool is_hit);
  std::size_t hits() const { return hits_; }
  std::size_t misses() const { return misses_; }
  double e_value() const;
  bool rejects(double alpha) const;  ///< now or at any time before

 private:
  double limit_;
  std::size_t hits_ = 0;
  std::size_t misses_ = 0;
  double greatest_ = 1;
};

/// Wins in a row, from where the process stands, after which it rejects at `alpha`; SIZE_MAX for an alpha of 0.
std::size_t wins_to_reject(const WinsProcess& process, double alpha);
/// Pairs in a row without a hit, likewise.
std::size_t misses_to_reject(const RarityProcess& process, double alpha);

/// Pairs that are still to come, in expectation, until the process rejects at `alpha`, when pairs that differ are wins
/// with probability `win_share` and pairs differ with probability `differing`: counted exactly over all paths. Nothing
/// when more than one path in a hundred is not through after 4,096 pairs that differ, as where the process does not
/// grow (win_share up to about .55).
std::optional<std::size_t> pairs_to_reject(const WinsProcess& process, double alpha, double win_share,
                                           double differing);

/// The probability that the process has rejected at `alpha` after `pairs` more pairs or sooner (the power of a search
/// that long), under the same assumptions.
double power_within(const WinsProcess& process, double alpha, double win_share, double differing, std::size_t pairs);

/// The least number of more pairs within which the process rejects at `alpha` with at least the probability `power`; of
/// one half the middle of what it may take. Nothing beyond `most`.
std::optional<std::size_t> pairs_for_power(const WinsProcess& process, double alpha, double win_share, double differing,
                                           double power, std::size_t most);

/// The error that one invocation may make, given out to its tests: whatever is asked of it, the sum of what it gave is
/// at most `alpha` (Bonferroni; alpha spending as Lan & DeMets 1983). Tests that are known beforehand share equally
/// what is left.
class AlphaBudget {
 public:
  explicit AlphaBudget(double alpha) : left_(alpha) {}
  /// The level of each of `tests` tests, together taking `share` (0 to 1) of what is left: less than 1 keeps something
  /// for tests that come later. 0 tests: 0, and nothing is taken.
  double spend(std::size_t tests, double share = 1);
  double left() const { return left_; }

 private:
  double left_;
};

}  // namespace oe::stats
