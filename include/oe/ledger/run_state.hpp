#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oe/ledger/event.hpp"

namespace oe::ledger {

/// One try of a node or of one of its items, as the journal tells it.
struct Attempt {
  std::optional<std::uint64_t> index;
  AttemptFacts facts;
  std::optional<Outcome> outcome;  ///< nothing while it runs
  std::string error;
  std::string input_digest;
  std::uint64_t started = 0;  ///< event number
  std::uint64_t ended = 0;    ///< event number, 0 while it runs
  Timestamp started_at;
  std::optional<Value> item;
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

struct NodeState {
  NodeId id;
  std::string phase;
  std::uint64_t order = 0;
  std::optional<std::uint64_t> items;
  std::optional<Outcome> outcome;  ///< of the node as a whole; nothing while it runs
  std::optional<SkipCause> skip_cause;
  std::string error;        ///< or the reason of a skip
  std::uint64_t ready = 0;  ///< event number, 0 when it never got ready
  std::uint64_t ended = 0;  ///< event number
  Timestamp ready_at;
  Timestamp ended_at;
  std::vector<Attempt> attempts;  ///< in the order of their start
  std::optional<Value> edge_output;
  friend bool operator==(const NodeState&, const NodeState&) = default;
};

/// One committed contribution to a field, before merging.
struct Write {
  NodeId node;
  std::optional<std::uint64_t> index;
  std::uint64_t order = 0;
  Value value;
  std::uint64_t event = 0;
  Timestamp time;
  friend bool operator==(const Write&, const Write&) = default;
};

/// The fold of a run's events. Pure: equal events give an equal state.
struct RunState {
  RunId id;
  RunStarted start;
  Timestamp started_at;
  RunStatus status = RunStatus::running;
  Microseconds duration{0};
  std::string reason;
  std::uint64_t last_event = 0;
  std::map<NodeId, NodeState> nodes;
  std::map<std::string, std::vector<Write>> writes;  ///< each field's, sorted by (order, index)
  friend bool operator==(const RunState&, const RunState&) = default;
};

/// Adds one event. Writes of an attempt count from its NodeFinished on.
class Fold {
 public:
  void add(const Event& event);
  /// What the events so far say; cheap to call once at the end.
  RunState take() &&;

 private:
  RunState state_;
  std::map<std::pair<NodeId, std::optional<std::uint64_t>>, std::vector<std::pair<std::string, Write>>> pending_;
};

enum class FieldMerge { last_wins, set_once, array_append };

/// The value of a field from its contributions, up to but not including topological position `before`;
/// nothing when unset.
std::optional<Value> merged(const std::vector<Write>& writes, FieldMerge merge, std::uint64_t before = UINT64_MAX);

}  // namespace oe::ledger
