#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "oe/ledger/event.hpp"

namespace oe::ledger {

/// One try of a node or of one of its items, as the journal tells it.
struct Attempt {
  std::optional<std::uint64_t> index;
  std::vector<std::uint64_t> scope;  ///< as in At
  AttemptFacts facts;
  std::optional<Outcome> outcome;  ///< nothing while it runs
  std::string error;
  std::string input_digest;
  bool cache_hit = false;
  std::optional<Value> metrics;
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
  std::optional<Question> question;  ///< while it waits for a human
  std::optional<Value> answer;       ///< given, and not yet taken in
  friend bool operator==(const NodeState&, const NodeState&) = default;
};

/// One committed contribution to a field, before merging.
struct Write {
  NodeId node;
  std::optional<std::uint64_t> index;
  std::uint64_t order = 0;
  std::vector<std::uint64_t> place;  ///< as in StateWrite; empty for a node at the top of the graph
  Value value;
  std::uint64_t event = 0;  ///< number of the StateWrite
  Timestamp time;
  std::string digest;
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
  std::optional<Value> outputs;
  std::uint64_t last_event = 0;
  Timestamp last_at;  ///< of that event
  std::map<NodeId, NodeState> nodes;
  std::map<std::string, std::vector<Write>> writes;  ///< each field's, in the order in which they count
  friend bool operator==(const RunState&, const RunState&) = default;
};

/// Builds a RunState one event at a time. Total: whatever the events, there is a state.
class Fold {
 public:
  /// What one event changed, for those who keep a copy.
  struct Change {
    const NodeState* node = nullptr;     ///< in so_far(), until the next event
    std::optional<std::size_t> attempt;  ///< position in node->attempts
    std::vector<std::string> written;    ///< fields that got a contribution; may repeat
  };
  /// Writes of an attempt count from its NodeFinished on; an attempt that ends in another way takes its writes along.
  Change add(const Event& event);
  /// What the events so far say, but with the writes of each field in the order of the journal.
  const RunState& so_far() const { return state_; }
  /// What the events so far say; cheap to call once at the end.
  RunState take() &&;

 private:
  /// An attempt on its way and what it has written; it has no position when it never started (a cache hit).
  struct Running {
    std::optional<std::size_t> attempt;
    std::vector<std::pair<std::string, Write>> writes;
  };
  using Key = std::tuple<NodeId, std::vector<std::uint64_t>, std::optional<std::uint64_t>>;

  template <class Body>
  Change apply(const Event& event, const Body& body);
  NodeState& node_at(const At& at);
  std::optional<std::size_t> end_attempt(const Event& event, const At& at, Attempt end);
  std::vector<std::string> commit_writes(const At& at, std::uint64_t order);

  RunState state_;
  std::map<Key, Running> running_;
};

/// Puts contributions in the order in which they count: by position of the node, then by item, then as they came.
void sort_writes(std::vector<Write>& writes);

enum class FieldMerge { last_wins, set_once, array_append };
std::string_view to_string(FieldMerge merge);
/// Nothing for a name that stands for no merge.
std::optional<FieldMerge> field_merge(std::string_view name);

/// The value of a field from its contributions, up to but not including topological position `before`; nothing when
/// unset. last_wins takes the last one, set_once the first that is not null, array_append joins the arrays (and takes
/// what is no array as one element).
std::optional<Value> merged(const std::vector<Write>& writes, FieldMerge merge, std::uint64_t before = UINT64_MAX);

}  // namespace oe::ledger
