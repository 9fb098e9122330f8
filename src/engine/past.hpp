#pragma once

#include <map>
#include <set>
#include <tuple>

#include "oe/engine/run.hpp"

#include "engine/state.hpp"

namespace oe::engine {

/// What a journal says of one node instance or item, at its end.
struct PastEnd {
  ledger::Outcome outcome = ledger::Outcome::succeeded;
  ledger::SkipCause cause = ledger::SkipCause::condition;  ///< with outcome skipped
  std::string error;
  StateDelta delta;
  std::optional<Value> edge_output;
  std::optional<Value> metrics;
  bool was_free = false;  ///< a cache hit: its metrics are what another run has paid
};

/// Human nodes that were asked, and what they were told.
struct PastQuestion {
  ledger::Question question;
  std::optional<ledger::NodeAnswered> answer;
};

struct Past::Impl {
  using Key = std::tuple<NodeId, std::vector<std::uint64_t>, std::optional<std::uint64_t>>;
  static Key key(const ledger::At& at) { return {at.node, at.scope, at.index}; }

  void add(const ledger::Event& event);
  /// Forgets what failed and what was skipped because of it.
  void forget_failures();

  const PastEnd* end(const ledger::At& at) const;
  const PastQuestion* question(const ledger::At& at) const;
  std::uint32_t attempts(const ledger::At& at) const;  ///< that failed and were followed by a wait for the next

  bool same_run = true;
  bool again = false;
  RunId run;
  std::set<NodeId> nodes;  ///< of another run: those to take over
  std::chrono::microseconds duration{0};
  /// What attempts have spent, the failed ones included; cache hits and reused work are not in it.
  struct Paid {
    exec::Spend spend;
    exec::Spend dearest;  ///< of one attempt
    std::chrono::microseconds worked{0};
  };
  std::map<NodeId, Paid> paid;

 private:
  template <class Body>
  void take(const Body& body);
  void close(const ledger::At& at, PastEnd end);
  void pay(const ledger::At& at, const std::optional<Value>& metrics, const ledger::AttemptFacts& facts);

  std::map<Key, PastEnd> ends_;
  std::map<Key, StateDelta> open_writes_;
  std::map<Key, PastQuestion> questions_;
  std::map<Key, std::uint32_t> attempts_;
  void count_time(const ledger::Event& event);
  void forget_inside(const ledger::At& at);

  std::chrono::microseconds ended_sessions_{0};
  Timestamp session_start_;
  Timestamp last_;  ///< time of the newest event of the session
};

}  // namespace oe::engine
