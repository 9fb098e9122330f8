#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "oe/engine/run.hpp"

#include "engine/accounts.hpp"
#include "engine/frame.hpp"
#include "engine/input.hpp"
#include "engine/mask.hpp"
#include "engine/past.hpp"

namespace oe::engine {

/// A leaf at work in its frame, from ready to its end.
struct Unit {
  Frame* frame = nullptr;
  std::size_t position = 0;
  std::uint32_t attempt = 0;
  Value input;
  std::string input_digest;
  std::optional<ledger::ReplayKey> key;  ///< where its result is kept
  exec::EnvironmentChanges environment;
  exec::Executor* executor = nullptr;  ///< while an attempt is in flight
  std::uint64_t handle = 0;
  exec::Spend reserved;  ///< for the attempt in flight
  std::optional<sys::TimerId> retry_timer;
  std::optional<sys::TimerId> deadline_timer;
  std::chrono::microseconds opened{0};
  bool late = false;                                 ///< its deadline has passed
  std::optional<ledger::Question> question;          ///< while it waits for a human
  std::unique_ptr<exec::AttemptReport> last_report;  ///< with retry_timer: of the attempt that will be tried again

  const graph::Node& node() const { return frame->node(position); }
  bool is_human() const { return std::holds_alternative<graph::Human>(node().work); }
};

/// The digest of a text, remembered for the next one: nodes without inputs of their own all have the same.
class LastDigest {
 public:
  const std::string& of(std::string text);

 private:
  std::string text_;
  std::string digest_;
};

/// One drive of a plan. Callbacks of executors and timers only queue what happened; all decisions are taken in
/// pump(), which the loop calls, so nothing here is entered twice.
struct Run::Impl {
  Impl(const Plan& plan, RunContext context);
  void start(std::function<void()> ended);
  Result<RunSummary> result() const;
  void cancel(std::string reason);
  sys::EventLoop& loop() const { return context_.loop; }

 private:
  struct Stop {
    ledger::RunStatus status;
    std::string reason;
  };

  // The life of the run (run.cpp).
  void begin();
  void schedule();
  void pump();
  void advance();
  bool slot_is_free() const;
  bool halted() const { return stop_ || error_; }
  void stop(ledger::RunStatus status, std::string reason);
  void finish();
  void drop_timers();
  void abandon(Frame& frame);
  void abandon_node(Frame& frame, std::size_t position);
  void abandon_retry(const Unit& unit);
  ledger::RunStatus status() const;
  void record(ledger::RunEvent event);
  void flush();
  void heed(Result<void> recorded);  ///< an Error of the sink ends the run

  // Nodes as a whole (run_nodes.cpp).
  void judge(Frame& frame, std::size_t position);
  std::optional<Skip> reason_to_skip(Frame& frame, std::size_t position) const;
  std::optional<Skip> not_asked_for(const Frame& frame, std::size_t position) const;
  void skip_node(Frame& frame, std::size_t position, Skip skip);
  void begin_leaf(Frame& frame, std::size_t position);
  void take_over(Frame& frame, std::size_t position, const PastEnd& end);
  void ready(Frame& frame, std::size_t position, std::optional<std::uint64_t> items = std::nullopt);
  void fail_node(Frame& frame, std::size_t position, ledger::Outcome outcome, std::string error,
                 std::chrono::microseconds opened);
  void finish_node(Frame& frame, std::size_t position, std::optional<Value> edge_output,
                   std::chrono::microseconds opened);
  void end_node(Frame& frame, std::size_t position, NodeEnd end);
  void end_frame(Frame& frame);
  void fail_run_if_asked(const Frame& frame, std::size_t position, const std::string& error);
  const PastEnd* past_end(const ledger::At& at) const;
  /// Records the end of a node unless the journal of this very run has the same end already.
  template <class End>
  void record_end(ledger::Outcome outcome, End end) {
    const PastEnd* past = past_end(end.at);
    if (past == nullptr || !context_.past->impl().same_run || past->outcome != outcome) record(std::move(end));
  }

  // for_each and pipelines (run_each.cpp).
  void open_fan_out(Frame& frame, std::size_t position, const graph::Each& each);
  std::optional<ItemSource> item_source(Frame& frame, std::size_t position, const graph::Each& each);
  void fill(Frame& frame, std::size_t position);
  bool open_item(Frame& frame, std::size_t position, FanOut& fan_out);
  void end_item(Frame& item);
  void close_fan_out(Frame& frame, std::size_t position);
  bool enter_lane(Frame& frame, std::size_t position);
  void leave_lane(Frame& frame, std::size_t position);

  // Loops (run_rounds.cpp) and experiences (run_child.cpp).
  void open_rounds(Frame& frame, std::size_t position);
  void next_round(Frame& frame, std::size_t position);
  void end_round(Frame& round);
  void close_rounds(Frame& frame, std::size_t position, std::optional<std::string> error);
  void open_child(Frame& frame, std::size_t position);
  void start_child(Frame& frame, std::size_t position, Child& construct);
  void end_child(Frame& child);
  void fail_child(Frame& frame, std::size_t position, std::string error);
  void retry_child(Frame& frame, std::size_t position, Child& construct, std::string error);
  std::shared_ptr<Frame> make_frame(Frame::Kind kind, Frame& parent, std::size_t position, std::uint64_t number);
  void watch_deadline(Frame& frame, std::size_t position, Construct& construct);
  void halt_inside(Frame& frame, std::size_t position, const std::string& reason);
  void drop_unit(const Place& place, const std::string& reason);

  // Attempts (run_attempts.cpp).
  void launch(const Place& place);
  bool prepare(const Place& place, Unit& unit);
  bool answer_from_store(const Place& place, Unit& unit);
  bool pay_for(const Place& place, Unit& unit);
  void start(const Place& place, Unit& unit);
  exec::Executor& executor_of(const Unit& unit) const;
  void start_recorded();
  void leave_flight(const Unit& unit);
  void hand_over(const Place& place, Unit& unit);
  exec::AttemptSpec spec_of(const Unit& unit);
  std::optional<std::chrono::milliseconds> limit_of(const Unit& unit);
  void settle(const Place& place, exec::AttemptReport&& report);
  void decide(const Place& place, Unit&& unit, exec::AttemptReport&& report);
  void commit(const Place& place, const Unit& unit, exec::AttemptReport&& report, const ledger::ReplayEntry* from);
  void record_writes(const Frame& frame, std::size_t position, std::uint32_t attempt, const StateDelta& delta);
  double draw();  ///< evenly from [0, 1)
  void keep(const Unit& unit, const exec::AttemptReport& report);
  void retry(const Place& place, Unit unit, exec::AttemptReport report);
  void give_up(const Unit& unit, exec::AttemptReport report);
  void stop_for_environment(const Unit& unit, exec::AttemptReport report);
  void pass_deadline(const Place& place);
  ledger::At at(const Unit& unit) const { return unit.frame->whole(unit.position); }

  // Humans (run_human.cpp).
  void ask_again(Frame& frame, std::size_t position, const PastQuestion& asked);
  bool waits_on(const Unit& unit) const;
  void wait_for_human(const Place& place, Unit unit, ledger::Question question);
  void take_answer(const Place& place, Unit unit, const ledger::Question& question, ledger::NodeAnswered answer,
                   bool is_recorded);
  bool answer_by_default(const Place& place, Unit& unit);

  const Plan& plan_;
  RunContext context_;
  Mask mask_;
  Accounts accounts_;
  std::shared_ptr<Frame> root_;
  std::deque<std::shared_ptr<Frame>> lively_;  ///< frames that may have a node to judge
  std::set<Place> ready_;                      ///< units that only need a slot
  std::map<Place, Unit> units_;                ///< ready, in flight, between two attempts, or waiting
  std::deque<std::pair<Place, exec::AttemptReport>> reports_;
  std::vector<Place> starting_;               ///< units whose start is recorded
  std::vector<Place> unpaid_;                 ///< units that wait for what attempts on their way have set aside
  std::deque<std::function<void()>> alarms_;  ///< deadlines that have passed
  LastDigest inputs_;
  std::minstd_rand dice_;
  std::size_t in_flight_ = 0;
  std::size_t asking_ = 0;    ///< of those in flight, the ones that a human is looking at
  std::size_t retrying_ = 0;  ///< units that wait for their retry timer
  bool running_ = false;
  bool scheduled_ = false;
  std::optional<Stop> stop_;
  std::optional<Error> error_;   ///< of the sink
  bool is_environment_ = false;  ///< why it was stopped
  std::optional<sys::TimerId> deadline_;
  std::chrono::microseconds started_{0};
  RunSummary summary_;
  std::function<void()> ended_;
};

}  // namespace oe::engine
