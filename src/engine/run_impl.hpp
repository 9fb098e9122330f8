#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "oe/engine/run.hpp"

#include "engine/input.hpp"
#include "engine/progress.hpp"
#include "engine/state.hpp"

namespace oe::engine {

/// An Each at work.
struct FanOut {
  Value items;
  bool sees_earlier_items = false;  ///< one at a time by declaration: an item reads what the items before it wrote
  std::uint64_t next = 0;           ///< index of the next item to make ready
  std::uint64_t ended = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::optional<std::pair<std::uint64_t, Value>> edge_output;  ///< of the highest index that gave one
  std::chrono::microseconds opened{0};
};

/// A plain node or one item of an Each, from its first attempt to its end.
struct Unit {
  std::uint32_t attempt = 0;
  Value input;
  std::string input_digest;
  exec::Executor* executor = nullptr;  ///< while an attempt is in flight
  std::uint64_t handle = 0;
  std::optional<sys::TimerId> retry_timer;
  exec::AttemptReport last_report;  ///< of the attempt that will be tried again
};

/// One drive of a plan. Callbacks of executors and timers only queue what happened; all decisions are taken in
/// pump(), which the loop calls, so nothing here is entered twice.
struct Run::Impl {
  Impl(const Plan& plan, RunContext context);
  Result<RunSummary> run();
  void cancel(std::string reason);

 private:
  struct Stop {
    ledger::RunStatus status;
    std::string reason;
  };

  // The life of the run (run.cpp).
  void schedule();
  void pump();
  void advance();
  bool slot_is_free() const;
  bool halted() const { return stop_ || error_; }
  void stop(ledger::RunStatus status, std::string reason);
  void finish();
  void abandon_open_work();
  void abandon_retry(Place place, Unit unit);
  ledger::RunStatus status() const;
  void record(ledger::RunEvent event);

  // Nodes as a whole (run_nodes.cpp).
  void judge(std::size_t position);
  void skip_node(std::size_t position, Skip skip);
  void open_fan_out(std::size_t position, const graph::Each& each);
  void refuse_source(std::size_t position, const graph::Each& each, const std::optional<Value>& found);
  void ready_next_item(std::size_t position, FanOut& fan_out);
  void end_item(Place place, FanOut& fan_out, ledger::Outcome outcome, std::optional<Value> edge_output);
  void close_fan_out(std::size_t position);
  void fail_run_if_asked(std::size_t position, const std::string& error);
  const graph::Node& node(std::size_t position) const { return *plan_.nodes()[position].node; }
  ledger::At whole(std::size_t position) const;

  // Attempts (run_attempts.cpp).
  void launch(Place place);
  void prepare(Place place, Unit& unit);
  void settle(Place place, exec::AttemptReport report);
  void commit(Place place, const Unit& unit, exec::AttemptReport report);
  void retry(Place place, Unit unit, exec::AttemptReport report);
  void give_up(Place place, std::uint32_t attempt, exec::AttemptReport report);
  void end_unit(Place place, ledger::Outcome outcome, std::optional<Value> edge_output);
  std::optional<Item> item(Place place) const;
  ledger::At at(Place place) const;

  const Plan& plan_;
  RunContext context_;
  VersionedState state_;
  Progress progress_;
  std::map<std::size_t, FanOut> fan_outs_;  ///< by position, while open
  std::set<Place> ready_;                   ///< units that only need a slot
  std::map<Place, Unit> units_;             ///< in flight, or between two attempts
  std::deque<std::pair<Place, exec::AttemptReport>> reports_;
  std::size_t in_flight_ = 0;
  std::size_t retrying_ = 0;  ///< units that wait for their retry timer
  bool running_ = false;
  bool scheduled_ = false;
  std::optional<Stop> stop_;
  std::optional<Error> error_;  ///< of the sink
  std::chrono::microseconds started_{0};
  RunSummary summary_;
};

}  // namespace oe::engine
