#include "evolve/expectation.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>

#include "oe/base/box.hpp"

namespace oe::evolve {

namespace {

using ledger::Outcome;
using ledger::RunState;

// What a faster run must at least save; less could be noise of the machine.
constexpr double kMostOfBefore = 0.8;

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

// A proposal may not buy its effect with the failure of something that worked.
Result<void> keeps_what_worked(const RecordedRun& recorded, const RunState& trial) {
  for (const auto& [id, node] : recorded.state.nodes) {
    const auto now = trial.nodes.find(id);
    const bool fails = now != trial.nodes.end() && now->second.outcome && *now->second.outcome != Outcome::succeeded &&
                       *now->second.outcome != Outcome::skipped;
    if (node.outcome == Outcome::succeeded && fails) {
      return fail(ErrorKind::failed,
                  fmt::format("in the trial {} {}, which had succeeded", id.text, describe(trial, id)));
    }
  }
  return {};
}

Result<std::string> node_succeeds(const NodeId& node, const RecordedRun& recorded, const RunState& trial) {
  if (!succeeded(trial, node)) {
    return fail(ErrorKind::failed, fmt::format("in the trial {} still {}", node.text, describe(trial, node)));
  }
  return fmt::format("{}: {} -> succeeded in {}", node.text, describe(recorded.state, node),
                     human_duration(wall_time(trial, node)));
}

Result<std::string> fewer_failed_items(const Expectation& expectation, const RunState& trial) {
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
  if (static_cast<double>(now.count()) > kMostOfBefore * static_cast<double>(before.count())) {
    return fail(ErrorKind::failed, "the trial shows no improvement: " + seen);
  }
  return seen;
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
  OE_CHECK(keeps_what_worked(recorded, trial));
  switch (expectation.kind) {
    case Expectation::Kind::node_succeeds:
      return node_succeeds(expectation.node, recorded, trial);
    case Expectation::Kind::fewer_failed_items:
      return fewer_failed_items(expectation, trial);
    case Expectation::Kind::shorter_wall_time:
      return shorter_wall_time(expectation, rerun, trial);
    case Expectation::Kind::case_reproduces:
      break;
  }
  return fail(ErrorKind::bug, "a case is judged by running the node on it");
}

}  // namespace oe::evolve
