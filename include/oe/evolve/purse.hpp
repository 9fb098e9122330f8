#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"
#include "oe/exec/executor.hpp"

namespace oe::evolve {

/// What one invocation of `oe evolve` may use up. Nothing: no limit.
struct SearchLimits {
  std::optional<double> usd;        ///< for models, those that trials ask included
  std::optional<std::size_t> runs;  ///< whole runs of the workflow, in trials
  std::optional<std::chrono::milliseconds> time;
  friend bool operator==(const SearchLimits&, const SearchLimits&) = default;
};

/// Takes one limit in, as `--budget` has it: "0.50" or "$0.50" (US dollars), "40runs", "90s", "10min", "1h". Of two of a
/// kind the smaller one holds. Errors: usage, saying what it takes.
Result<void> add_limit(SearchLimits& limits, std::string_view text);

/// What an invocation may still use, and has used.
class Purse {
 public:
  /// What is about to be begun, as far as it is known.
  struct Step {
    std::size_t runs = 2;
    std::chrono::microseconds time{0};
    double usd = 0;
  };

  Purse() = default;
  /// `now`: of the monotonic clock, the moment from which the time counts.
  Purse(const SearchLimits& limits, std::chrono::microseconds now);

  /// How many of `wanted` equal steps, all begun at `now`, fit into what is left. When not even one does, ended_by()
  /// says why from then on.
  std::size_t affords(std::size_t wanted, const Step& step, std::chrono::microseconds now);
  void pay(const exec::Spend& more);
  void pay_advisor(double usd);  ///< counts against the limit, but is no spend of a trial
  void count_runs(std::size_t runs);

  const std::optional<double>& usd_left() const { return usd_left_; }  ///< nothing: no limit
  std::optional<std::chrono::microseconds> until() const { return until_; }
  const exec::Spend& spent() const { return spent_; }  ///< by trials
  std::size_t runs() const { return runs_; }  ///< that were begun
  /// The limit that kept something from being begun, one clause; empty: none did.
  const std::string& ended_by() const { return ended_by_; }

 private:
  SearchLimits limits_;
  std::optional<double> usd_left_;
  std::optional<std::chrono::microseconds> until_;
  exec::Spend spent_;
  std::size_t runs_ = 0;
  std::string ended_by_;
};

}  // namespace oe::evolve
