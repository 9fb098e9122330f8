#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
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
  std::string reused_from;  ///< the run that paid
  std::optional<Value> metrics;
  std::uint64_t started = 0;  ///< event number
  std::uint64_t ended = 0;    ///< event number, 0 while it runs
  Timestamp started_at;
  std::optional<Value> item;
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

/// A node may have several instances, told apart by their scope (items of a pipeline, rounds of a loop). As a whole it
/// is open while one of them is; then it has failed when one did in the end, else succeeded when one did.
struct NodeState {
  NodeId id;
  std::string phase;
  std::uint64_t order = 0;
  std::optional<std::uint64_t> items;
  std::optional<Outcome> outcome;  ///< of the node as a whole; nothing while it runs, waiting while a human is asked
  std::optional<SkipCause> skip_cause;
  std::string error;        ///< or the reason of a skip
  std::uint64_t ready = 0;  ///< event number, 0 when it never got ready; of several instances the first
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
  Microseconds duration{0};  ///< up to the last RunFinished; while it runs that of the parts before the last RunResumed
  Timestamp resumed_at;      ///< of its last RunResumed, else of its RunStarted
  std::string reason;
  std::optional<Value> outputs;
  std::uint64_t last_event = 0;
  Timestamp last_at;  ///< of that event
  std::map<NodeId, NodeState> nodes;
  std::map<std::string, std::vector<Write>> writes;  ///< each field's, in the order in which they count
  friend bool operator==(const RunState&, const RunState&) = default;
};

/// Builds a RunState one event at a time. Total: whatever the events, there is a state. Can be moved, not copied.
class Fold {
 public:
  /// everything: so_far() holds all. open: nodes, attempts that have ended and writes that count are in their Change
  /// only, so that a run of a million items takes no more memory than the items that are on their way.
  enum class Keep { everything, open };
  explicit Fold(Keep keep = Keep::everything) : keep_(keep) {}
  Fold(Fold&&) noexcept = default;
  Fold& operator=(Fold&&) noexcept = default;
  ~Fold() = default;

  struct Touched {
    const NodeState* node;
    std::size_t number;    ///< from 1, in the order in which the nodes of the run first appear
    std::size_t attempts;  ///< so far
  };
  struct Tried {
    const NodeState* node;
    std::size_t number;    ///< from 1, among all attempts of the run
    std::size_t position;  ///< among the attempts of the node
    Attempt attempt;
  };
  /// What one event changed, for those who keep a copy. Nodes stay where they are as long as the Fold.
  struct Change {
    std::vector<Touched> nodes;
    std::vector<Tried> attempts;
    std::vector<std::pair<std::string, Write>> written;  ///< by field, in the order of the journal
  };
  /// Writes of an attempt count from its NodeFinished on; an attempt that ends in another way takes its writes along.
  /// The answer lives until the next call; its lists may be taken.
  Change& add(const Event& event);
  /// What the events so far say, but with the writes of each field in the order of the journal.
  const RunState& so_far() const { return state_; }
  std::size_t failed_nodes() const { return failed_nodes_; }
  /// What the events so far say; cheap to call once at the end.
  RunState take() &&;

 private:
  using Scope = std::vector<std::uint64_t>;
  using Place = std::pair<Scope, std::optional<std::uint64_t>>;
  /// An attempt on its way and what it has written; it has no position when it never started (a cache hit).
  struct Running {
    Attempt attempt;
    std::size_t number = 0;
    std::optional<std::size_t> position;
    std::vector<std::pair<std::string, Write>> writes;
  };
  /// What is known of a node beside its state.
  struct Work {
    NodeState* state = nullptr;
    std::size_t number = 0;
    std::size_t attempts = 0;
    std::map<Place, Running> running;
    std::set<Scope> open;             ///< instances that are ready and have not ended
    std::map<Scope, Outcome> bad;     ///< instances that ended badly
    std::map<Scope, SkipCause> lost;  ///< instances that were skipped because something else went wrong
    std::optional<Place> asked_in;    ///< where NodeState::question was asked
    std::size_t failed = 0;           ///< of `bad`
    std::size_t timed_out = 0;        ///< of `bad`
    bool succeeded = false;
    bool skipped = false;
  };

  template <class Body>
  void apply(const Event& event, const Body& body);
  Work& work_at(const At& at);
  Work& work_of(const NodeId& node);
  void tell(const Work& work) { change_.nodes.push_back({work.state, work.number, work.attempts}); }
  void tell(const Work& work, std::size_t number, std::size_t position, Attempt attempt);
  void end_attempt(Work& work, const Event& event, const At& at, Attempt end, bool is_worth_one);
  void end_instance(Work& work, const Event& event, const At& at, Outcome outcome);
  void commit_writes(Work& work, Running& running);
  void interrupt_attempts(Work& work, const Event& event);
  void open_again(Work& work, bool failed);
  void forget_end(Work& work, const Scope& scope);
  void judge(Work& work);

  Keep keep_;
  RunState state_;
  std::deque<NodeState> nodes_;  ///< with Keep::open
  std::deque<Work> works_;                                 ///< in the order of their numbers
  std::unordered_map<std::string_view, Work*> work_by_id_;  ///< small apart from its works: most looks miss the cache
  Work* last_ = nullptr;  ///< the one asked for last: mostly the next event is of the same node
  std::size_t failed_nodes_ = 0;
  std::size_t attempts_ = 0;  ///< of all nodes
  Change change_;
};

/// Puts contributions in the order in which they count: lexicographically by place, then as they came. A write without
/// a place has the place {order, index or 0}.
void sort_writes(std::vector<Write>& writes);

/// A field of an experience that keeps its own state, "<node>/<field>", is no part of the state of the run.
bool is_private_field(std::string_view field);

enum class FieldMerge { last_wins, set_once, array_append };
std::string_view to_string(FieldMerge merge);
/// Nothing for a name that stands for no merge.
std::optional<FieldMerge> field_merge(std::string_view name);
/// How a field of a run is merged: as its start says, else last_wins.
FieldMerge merge_of(const RunStarted& start, const std::string& field);

/// The value of a field from its contributions in the order of sort_writes, up to but not including topological
/// position `before`; nothing when unset. last_wins takes the last one, set_once the first that is not null, array_append
/// joins the arrays (and takes what is no array as one element).
std::optional<Value> merged(const std::vector<Write>& writes, FieldMerge merge, std::uint64_t before = UINT64_MAX);

}  // namespace oe::ledger
