#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "oe/engine/plan.hpp"
#include "oe/ledger/event.hpp"

namespace oe::engine {

/// How a node as a whole ended.
struct NodeEnd {
  ledger::Outcome outcome = ledger::Outcome::succeeded;
  ledger::SkipCause cause = ledger::SkipCause::condition;  ///< with outcome skipped
  std::optional<Value> edge_output;
};

struct Skip {
  ledger::SkipCause cause = ledger::SkipCause::condition;
  std::string reason;
};

/// Which nodes of a plan have ended, how, and which may be looked at next. Every operation costs as much as the
/// links it follows; nothing recurses.
class Progress {
 public:
  explicit Progress(const Plan& plan);

  /// A node all of whose predecessors and waits have ended: each node once, the lowest position first.
  std::optional<std::size_t> next();
  bool has_next() const { return !next_.empty(); }
  void end(std::size_t position, NodeEnd how);
  /// Nothing while the node has not ended.
  const std::optional<NodeEnd>& at(std::size_t position) const { return ends_[position]; }
  bool all_ended() const { return ended_ == ends_.size(); }

  /// Why a node that next() gave must be skipped, or nothing: JoinMode and EdgeOn in graph.hpp (sections 3.2 and 12.6
  /// of the reference). A failure before it weighs more than a condition.
  std::optional<Skip> skip(std::size_t position, const graph::Lookup& lookup) const;

  std::size_t succeeded() const { return succeeded_; }
  std::size_t spoiled() const { return spoiled_; }  ///< neither succeeded nor skipped

 private:
  const std::vector<std::size_t>& successors(std::size_t point) const;

  const Plan& plan_;
  std::vector<std::size_t> missing_;  ///< links that have not ended, by point
  std::vector<std::optional<NodeEnd>> ends_;
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> next_;
  std::size_t ended_ = 0;
  std::size_t succeeded_ = 0;
  std::size_t spoiled_ = 0;
};

}  // namespace oe::engine
