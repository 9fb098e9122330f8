#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "engine/frame.hpp"
#include "engine/past.hpp"

namespace oe::engine {

/// What a run and its nodes may spend, have spent, and have promised to attempts that are on their way. An attempt
/// sets aside the most that it can cost where its executor knows that (a call of a model), and its budgets are kept
/// then. Else it sets aside what its node's budget leaves, or, where the node has none, what its dearest attempt so far
/// has cost; those budgets are kept as long as attempts keep to that.
class Accounts {
 public:
  Accounts(const Plan& plan, const Past* past);

  struct Refusal {
    bool whole_run = false;  ///< the run's own budget is spent, not only that of one node
    bool only_now = false;   ///< attempts on their way hold what is left; ask again when one has ended
    std::string reason;
  };
  bool has_budgets() const { return any_budget_; }
  /// Sets money aside for an attempt of the node that costs at most `most`, and gives it in `reserved`; or says why
  /// there is none.
  std::optional<Refusal> reserve(const Frame& frame, std::size_t position, const exec::Spend& most,
                                 exec::Spend& reserved);
  /// The attempt has ended; what it has really spent takes the place of what was set aside.
  void settle(const Frame& frame, std::size_t position, const exec::Spend& reserved, const exec::Spend& spent,
              std::chrono::microseconds worked);
  /// What the time budgets leave for one attempt; nothing when there are none.
  std::optional<std::chrono::milliseconds> time_left(const Frame& frame, std::size_t position);

  const exec::Spend& spent() const { return run_.spent; }

 private:
  struct Account {
    graph::Budget budget;
    exec::Spend spent;
    exec::Spend dearest;   ///< of one attempt
    exec::Spend reserved;  ///< by attempts on their way
    std::uint64_t on_their_way = 0;
    std::chrono::microseconds worked{0};
  };
  /// The accounts that pay for the node: its own, those of the constructs around it, and the run's, in that order.
  template <class Use>
  void each_payer(const Frame& frame, std::size_t position, Use use);
  exec::Spend estimate(const Account& own, const exec::Spend& most) const;
  std::optional<Refusal> refusal(const Account& account, const exec::Spend& more, std::string_view whose) const;

  static std::optional<Refusal> unpriced(const Account& account, const exec::Spend& most, std::string_view whose);

  bool any_budget_ = false;
  Account run_;
  std::map<std::string, Account, std::less<>> nodes_;  ///< by the id in the journal
};

}  // namespace oe::engine
