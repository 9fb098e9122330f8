#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "oe/exec/dataset.hpp"
#include "oe/exec/executor.hpp"

#include "engine/place.hpp"
#include "engine/progress.hpp"
#include "engine/state.hpp"

namespace oe::engine {

struct Construct;

/// One execution of one graph: the run itself, one item of a for_each or a pipeline, one round of a loop, or an
/// experience that runs as a node. Frames nest; a frame dies with the construct that opened it.
struct Frame : std::enable_shared_from_this<Frame> {
  enum class Kind { run, item, stages, round, child };

  Frame(Kind what, const Plan& whole_plan) : kind(what), plan(whole_plan), progress(whole_plan) {}

  Kind kind;
  const Plan& plan;
  Progress progress;
  Frame* parent = nullptr;
  std::size_t position = 0;  ///< of the construct in the parent's plan
  Place place;               ///< of the frame; its nodes stand inside of it
  std::vector<std::size_t> parallel;   ///< as in View
  VersionedState* state = nullptr;
  std::optional<VersionedState> own_state;  ///< of the run and of an isolated experience
  std::string path;                    ///< before the ids of its nodes: "a/" inside of experience node a
  std::string field_path;              ///< before the names of its fields
  std::vector<std::uint64_t> scope;    ///< as in ledger::At
  std::optional<std::uint64_t> index;  ///< of the for_each item
  std::uint64_t number = 0;            ///< item or round in its construct
  std::optional<Value> element;        ///< $item
  Value run;                           ///< $run of the nodes in it
  exec::Spend spent;                   ///< by everything inside, failed attempts included
  std::chrono::microseconds worked{0};  ///< the durations of those attempts
  bool halted = false;                 ///< nothing inside may start any more
  std::map<std::size_t, std::unique_ptr<Construct>> constructs;  ///< open ones, by position

  const graph::Node& node(std::size_t at) const { return *plan.nodes()[at].node; }
  Place place_of(std::size_t at) const { return place.inside(at, 0); }
  bool is_halted() const;
  /// The id of the node of the run's own graph that this is part of; that of `at` for the run itself.
  const NodeId& top(std::size_t at) const;
  ledger::At whole(std::size_t at) const;
  /// What the nodes of this frame may name, as the node at a position sees it. Borrows the frame.
  graph::Lookup lookup(std::size_t at) const;
  /// The outputs of the predecessors; the first nodes of a body have those of the construct.
  std::map<std::string, Value> edge_inputs(std::size_t at) const;
  /// Where a write of the node stands, when order and index do not say it (StateWrite::place).
  std::vector<std::uint64_t> recorded_place(std::size_t at) const;
  void spend(const exec::Spend& more, std::chrono::microseconds duration);

 private:
  std::optional<Value> named(std::string_view name) const;
  std::optional<Value> node_facts(std::string_view id) const;
};

/// A node at work that owns frames.
struct Construct {
  virtual ~Construct() = default;
  virtual void collect(std::vector<Frame*>& frames) const = 0;  ///< adds those that are open in it
  /// Takes out the nodes that wait for a lane.
  virtual std::vector<std::pair<std::shared_ptr<Frame>, std::size_t>> take_queued() { return {}; }
  std::chrono::microseconds opened{0};
  /// Something inside has ended already, so that the construct as a whole has something to say.
  virtual bool has_begun() const { return false; }
  std::optional<sys::TimerId> deadline;
  std::optional<sys::TimerId> retry_timer;  ///< of an experience between two attempts
  bool late = false;                        ///< the deadline has passed
  std::optional<Value> edge_output;
};

/// $run of a run or an experience.
Value run_value(const RunId& id, const Value& inputs);

/// The items of a for_each or pipeline, one at a time.
class ItemSource {
 public:
  ItemSource(Value list, std::uint32_t batch) : list_(std::move(list)), batch_(batch) {}
  ItemSource(std::unique_ptr<exec::RowReader> rows, std::uint32_t batch) : rows_(std::move(rows)), batch_(batch) {}

  /// Nothing after the last one.
  Result<std::optional<Value>> next();
  /// Nothing while the length of a stream is not known.
  std::optional<std::uint64_t> count() const;

 private:
  Result<std::optional<Value>> next_element();

  Value list_;
  std::uint64_t position_ = 0;
  std::unique_ptr<exec::RowReader> rows_;
  std::uint32_t batch_ = 1;
};

struct FanOut : Construct {
  explicit FanOut(ItemSource source) : items(std::move(source)) {}
  void collect(std::vector<Frame*>& all) const override {
    for (const auto& [item, frame] : frames) all.push_back(frame.get());
  }

  bool has_begun() const override { return ended > 0; }

  /// How many items are in a stage of a pipeline, and those that want to enter.
  struct Lane {
    std::set<std::uint64_t> inside;
    std::set<std::uint64_t> waiting;
  };
  std::vector<std::pair<std::shared_ptr<Frame>, std::size_t>> take_queued() override;

  ItemSource items;
  std::uint64_t width = 1;  ///< items at work at once
  bool exhausted = false;
  bool stopped = false;  ///< too many items failed, or the source broke
  std::uint64_t next = 0;
  std::uint64_t ended = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t output_of = 0;  ///< the item that edge_output is from
  std::string broken;           ///< why the source gave no more
  std::map<std::uint64_t, std::shared_ptr<Frame>> frames;  ///< by item
  std::vector<Lane> lanes;                                 ///< of a pipeline, by position in the body
};

struct Rounds : Construct {
  void collect(std::vector<Frame*>& all) const override {
    if (frame) all.push_back(frame.get());
  }
  std::uint64_t next = 0;
  std::shared_ptr<Frame> frame;
  exec::Spend spent;  ///< by all rounds that have ended
  std::chrono::microseconds worked{0};
};

struct Child : Construct {
  void collect(std::vector<Frame*>& all) const override {
    if (frame) all.push_back(frame.get());
  }
  std::shared_ptr<Frame> frame;            ///< nothing while it waits for its next attempt
  std::uint32_t attempt = 1;
};

}  // namespace oe::engine
