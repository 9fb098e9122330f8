#pragma once

#include <cstddef>
#include <optional>

namespace oe::stats {

/// Evidence against "a win is at most as likely as a loss" that may be looked at after every pair: a nonnegative
/// martingale under the null, so that by Ville's inequality P(it ever reaches 1/alpha) <= alpha (Ville 1939; betting as
/// in Waudby-Smith & Ramdas 2024). The bets are a mixture over fixed fractions of the wealth, among them one that bets
/// nearly all: n wins in a row without a loss give close to 2^n divided by its weight.
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

/// Wins in a row, from where the process stands, after which it rejects at `alpha`.
std::size_t wins_to_reject(const WinsProcess& process, double alpha);

/// Pairs that are still to come, in expectation, until the process rejects at `alpha`, when pairs that differ are wins
/// with probability `win_share` and pairs differ with probability `differing` (its growth a pair, Kelly 1956; checked
/// by simulation in the tests). Nothing when it does not grow.
std::optional<std::size_t> pairs_to_reject(const WinsProcess& process, double alpha, double win_share,
                                           double differing);

/// The error that one invocation may make, given out to its tests: whatever is asked of it, the sum of what it gave is
/// at most `alpha` (Bonferroni; alpha spending as Lan & DeMets 1983). Tests that are known beforehand share equally what
/// is left; `reserve` keeps a part for tests that come later.
class AlphaBudget {
 public:
  explicit AlphaBudget(double alpha) : left_(alpha) {}
  /// The level of each of `tests` tests, together taking `share` of what is left. 0 tests: 0.
  double spend(std::size_t tests, double share = 1);
  double left() const { return left_; }

 private:
  double left_;
};

}  // namespace oe::stats
