#include "evolve/expectation.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>

#include "oe/base/box.hpp"

namespace oe::evolve {

namespace {

using ledger::Outcome;
using ledger::RunState;

// What a faster run must at least save, as a share and in time; less could be noise of the machine.
constexpr double kMostOfBefore = 0.8;
constexpr std::chrono::milliseconds kLeastTimeSaved{10};

bool succeeded(const RunState& run, const NodeId& id) {
  const auto node = run.nodes.find(id);
  return node != run.nodes.end() && node->second.outcome == Outcome::succeeded;
}

std::string describe(const RunState& run, const NodeId& id) {
  const auto node = run.nodes.find(id);
  if (node == run.nodes.end() || !node->second.outcome) return "never ran";
  const std::string outcome(ledger::to_string(*node->second.outcome));
  return node->second.error.empty() ? outcome : outcome + " (" + node->second.error + ")";
}

// A node that has nothing to do because of a condition is no loss; one that is cut off by a failure is.
bool worked(const RunState& run, const NodeId& id) {
  const auto node = run.nodes.find(id);
  return succeeded(run, id) || (node != run.nodes.end() && node->second.outcome == Outcome::skipped &&
                                node->second.skip_cause == ledger::SkipCause::condition);
}

// A proposal may not buy its effect with the failure of something that worked, be it a node or one item of it.
Result<void> keeps_what_worked(const RunState& recorded, const RunState& trial) {
  for (const auto& [id, node] : recorded.nodes) {
    if (node.outcome == Outcome::succeeded && !worked(trial, id)) {
      return fail(ErrorKind::failed,
                  fmt::format("in the trial {} {}, which had succeeded", id.text, describe(trial, id)));
    }
    const std::uint64_t before = failed_items(recorded, id), now = failed_items(trial, id);
    if (now > before) {
      return fail(ErrorKind::failed,
                  fmt::format("in the trial more items of {} failed: {} -> {}", id.text, before, now));
    }
  }
  return {};
}

// A node of an experience that runs as node "a" is "a/<its own id>".
bool has_node(const graph::Graph& graph, const NodeId& id) {
  const NodeId own{id.text.substr(0, id.text.find('/'))};
  return graph::find(graph, own) != nullptr ||
         std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const graph::Node& node) {
           const graph::Graph* body = graph::body(node);
           return body != nullptr && has_node(*body, id);
         });
}

Result<void> adds_no_failure(const RecordedRun& recorded, const RunState& trial) {
  for (const auto& [id, node] : trial.nodes) {
    const bool failed = node.outcome == Outcome::failed || node.outcome == Outcome::timed_out;
    if (failed && !has_node(recorded.graph, id)) {
      return fail(ErrorKind::failed, fmt::format("in the trial the new node {} {}", id.text, describe(trial, id)));
    }
  }
  return {};
}

// A fan-out over nothing fails on nothing, which shows nothing: a worktree may lack data that is not committed.
Result<void> has_work(const NodeId& id, const RunState& recorded, const RunState& trial) {
  const auto before = recorded.nodes.find(id), now = trial.nodes.find(id);
  const bool had = before != recorded.nodes.end() && before->second.items.value_or(0) > 0;
  const bool lost = now != trial.nodes.end() && now->second.items == std::uint64_t{0};
  if (!had || !lost) return {};
  return fail(ErrorKind::failed, fmt::format("in the trial {} had no items to work on", id.text));
}

Result<std::string> node_succeeds(const NodeId& node, const RecordedRun& recorded, const RunState& trial) {
  OE_CHECK(has_work(node, recorded.state, trial));
  if (!succeeded(trial, node)) {
    return fail(ErrorKind::failed, fmt::format("in the trial {} still {}", node.text, describe(trial, node)));
  }
  // The newest run that a finding cites may be the one in which a flaky node did succeed.
  const std::string before =
      succeeded(recorded.state, node) ? std::string("failed at times") : describe(recorded.state, node);
  return fmt::format("{}: {} -> succeeded in {}", node.text, before, human_duration(wall_time(trial, node)));
}

Result<std::string> fewer_failed_items(const Expectation& expectation, const RecordedRun& recorded,
                                       const RunState& trial) {
  OE_CHECK(has_work(expectation.node, recorded.state, trial));
  const std::uint64_t now = failed_items(trial, expectation.node);
  const std::string seen = fmt::format("{}: failed items {} -> {}", expectation.node.text, expectation.before, now);
  if (now >= expectation.before || describe(trial, expectation.node) == "never ran") {
    return fail(ErrorKind::failed, "the trial shows no improvement: " + seen);
  }
  return seen;
}

// Beside the recorded time stands a rerun of the unpatched workflow on this machine, now: a trial that is faster only
// because the machine is idle today must not pass.
Result<std::string> shorter_wall_time(const Expectation& expectation, const RunState& rerun, const RunState& trial) {
  const std::chrono::microseconds recorded(expectation.before);
  const std::chrono::microseconds before = std::min(recorded, wall_time(rerun, expectation.node));
  const std::chrono::microseconds now = wall_time(trial, expectation.node);
  const std::string what = expectation.node.empty() ? "the run" : expectation.node.text;
  const std::string seen = fmt::format("{}: wall time {} -> {}", what, human_duration(before), human_duration(now));
  const bool is_shorter = static_cast<double>(now.count()) <= kMostOfBefore * static_cast<double>(before.count());
  if (!is_shorter || before - now < kLeastTimeSaved) {
    return fail(ErrorKind::failed, "the trial shows no improvement: " + seen);
  }
  return seen;
}

std::uint64_t items(const RunState& run, const NodeId& id) {
  const auto node = run.nodes.find(id);
  return node == run.nodes.end() ? 0 : node->second.items.value_or(0);
}

Result<std::string> no_worse(const Expectation& expectation, const RecordedRun& recorded, const RunState& trial) {
  const NodeId& id = expectation.node;
  if (id.empty()) return fmt::format("nothing fails that had not, in {}", human_duration(trial.duration));
  OE_CHECK(has_work(id, recorded.state, trial));
  const std::uint64_t before = expectation.before, now = items(trial, id);
  const bool is_as_before = before > 0 && failed_items(recorded.state, id) > 0;  // a new item mends none of the others
  if (!succeeded(trial, id) && !is_as_before) {
    return fail(ErrorKind::failed, fmt::format("in the trial {} {}", id.text, describe(trial, id)));
  }
  if (before > 0 && now <= before) {
    return fail(ErrorKind::failed,
                fmt::format("in the trial {} had {} items, and not one more than before", id.text, now));
  }
  const std::string more = before > 0 ? fmt::format("; items {} -> {}", before, now) : "";
  return fmt::format("{} {} in {}{}; nothing fails that had not", id.text, succeeded(trial, id) ? "succeeds" : "ends",
                     human_duration(wall_time(trial, id)), more);
}

}  // namespace

std::uint64_t failed_items(const RunState& run, const NodeId& node) {
  const auto found = run.nodes.find(node);
  if (found == run.nodes.end()) return 0;
  std::map<std::uint64_t, bool> failed;
  for (const ledger::Attempt& attempt : found->second.attempts) {
    if (attempt.index && attempt.outcome) failed[*attempt.index] = *attempt.outcome != Outcome::succeeded;
  }
  return static_cast<std::uint64_t>(
      std::count_if(failed.begin(), failed.end(), [](const auto& item) { return item.second; }));
}

std::chrono::microseconds wall_time(const RunState& run, const NodeId& node) {
  if (node.empty()) return run.duration;
  const auto found = run.nodes.find(node);
  const bool ran = found != run.nodes.end() && found->second.ready != 0 && found->second.ended != 0;
  return ran ? found->second.ended_at - found->second.ready_at : std::chrono::microseconds::max();
}

Result<std::string> judge_trial(const Expectation& expectation, const RecordedRun& recorded, const RunState& rerun,
                                const RunState& trial) {
  OE_CHECK(keeps_what_worked(recorded.state, trial));
  OE_CHECK(adds_no_failure(recorded, trial));
  switch (expectation.kind) {
    case Expectation::Kind::node_succeeds:
      return node_succeeds(expectation.node, recorded, trial);
    case Expectation::Kind::fewer_failed_items:
      return fewer_failed_items(expectation, recorded, trial);
    case Expectation::Kind::shorter_wall_time:
      return shorter_wall_time(expectation, rerun, trial);
    case Expectation::Kind::no_worse:
      return no_worse(expectation, recorded, trial);
    case Expectation::Kind::case_reproduces:
      break;
  }
  return fail(ErrorKind::bug, "a case is judged by running the node on it");
}

}  // namespace oe::evolve
