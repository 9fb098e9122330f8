#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/base/time.hpp"

#include "evolve/rule.hpp"
#include "evolve/schedule.hpp"
#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

using std::chrono::microseconds;

// The recorded durations, replayed side by side, must save this share of the run's wall time and this much at all.
constexpr double kRunShareSaved = 0.25;
constexpr microseconds kLeastSaved{50'000};
constexpr std::uint32_t kMostInFlight = 8;
// The smallest width that comes this near to the best one: more would only load the machine.
constexpr double kNearBestWall = 1.05;
// High: three runs that each would save at least kLargeShare. Medium: two runs, or one with that share.
constexpr double kLargeShare = 0.4;
constexpr std::size_t kHighSerialRuns = 3;
constexpr std::size_t kMediumSerialRuns = 2;
constexpr std::size_t kMostNames = 4;

/// One run that waited for itself.
struct SerialRun {
  const RecordedRun* run = nullptr;
  std::uint32_t width = 1;  ///< that would have served it
  microseconds saved{0};
  std::vector<NodeId> together;  ///< nodes that would have overlapped

  double share() const { return static_cast<double>(saved.count()) / static_cast<double>(run->state.duration.count()); }
};

bool is_same_work(const graph::Graph& a, const graph::Graph& b) {
  return a.nodes == b.nodes && a.edges == b.edges && a.state == b.state && a.runtime == b.runtime;
}

bool counts_as_serial(const RecordedRun& run, const graph::Graph& graph) {
  const bool ended = run.state.status == ledger::RunStatus::success || run.state.status == ledger::RunStatus::partial;
  return ended && run.state.start.concurrency == 1 && is_same_work(run.graph, graph);
}

bool overlaps(const Span& a, const Span& b) {
  return a.start < b.end && b.start < a.end;
}

bool runs_items_at_once(const graph::Node& node, const ledger::RunState& run) {
  const graph::Each* each = graph::each(node);
  const auto state = run.nodes.find(node.id);
  return each != nullptr && each->concurrency > 1 && state != run.nodes.end() && durations_of(state->second).size() > 1;
}

// Nodes that share time with another one, or that run several items at once.
std::vector<NodeId> running_together(const Replay& replay, const Schedule& schedule, const ledger::RunState& run) {
  std::vector<NodeId> ids;
  for (std::size_t i = 0; i < schedule.nodes.size(); ++i) {
    const graph::Node& node = *replay.nodes()[i];
    bool joins = runs_items_at_once(node, run);
    for (std::size_t j = 0; j < schedule.nodes.size() && !joins; ++j)
      joins = i != j && overlaps(schedule.nodes[i], schedule.nodes[j]);
    if (joins) ids.push_back(node.id);
  }
  return ids;
}

std::optional<SerialRun> serial_run(const RecordedRun& run, const Replay& replay) {
  const microseconds now = replay.at(run.state, 1).wall;
  const auto best = static_cast<double>(replay.at(run.state, kMostInFlight).wall.count());
  std::uint32_t width = 2;
  while (width<kMostInFlight&& static_cast<double>(replay.at(run.state, width).wall.count())> kNearBestWall * best)
    ++width;
  const Schedule schedule = replay.at(run.state, width);
  SerialRun serial{&run, width, now - schedule.wall, {}};
  if (serial.saved < kLeastSaved || serial.share() < kRunShareSaved) return std::nullopt;
  serial.together = running_together(replay, schedule, run.state);
  return serial;
}

Confidence siblings_confidence(const std::vector<SerialRun>& found) {
  const auto large = [](const SerialRun& serial) { return serial.share() >= kLargeShare; };
  const auto large_ones = static_cast<std::size_t>(std::count_if(found.begin(), found.end(), large));
  if (large_ones >= kHighSerialRuns) return Confidence::high;
  return found.size() >= kMediumSerialRuns || large_ones > 0 ? Confidence::medium : Confidence::low;
}

std::string some_names(const std::vector<NodeId>& ids) {
  std::vector<std::string> some;
  for (const NodeId& id : ids) {
    if (some.size() < kMostNames) some.push_back(id.text);
  }
  const std::size_t more = ids.size() - some.size();
  return join(some, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

Finding siblings_finding(const std::vector<SerialRun>& found) {
  const SerialRun& newest = found.back();
  Finding finding{
      "serial-siblings",
      {},
      fmt::format("run {} took {} with one attempt at a time; {} do not depend on each other and {} at a "
                  "time would save {} ({:.0f} %)",
                  newest.run->state.id.text, human_duration(newest.run->state.duration), some_names(newest.together),
                  newest.width, human_duration(newest.saved), 100 * newest.share()),
      {}};
  for (const SerialRun& serial : found) {
    const ledger::RunState& state = serial.run->state;
    for (const NodeId& id : serial.together) {
      if (finding.citations.size() + 1 >= kMostCitations) break;
      finding.citations.push_back({state.id, state.nodes.at(id).ended});
    }
    if (finding.citations.size() < kMostCitations) finding.citations.push_back({state.id, state.last_event});
  }
  return finding;
}

Proposal side_by_side(const std::vector<SerialRun>& found) {
  const SerialRun& newest = found.back();
  const auto faster = [](const SerialRun& a, const SerialRun& b) {
    return a.run->state.duration < b.run->state.duration;
  };
  const microseconds fastest = std::min_element(found.begin(), found.end(), faster)->run->state.duration;
  Proposal proposal;
  proposal.operation = TuneParam{{{}, "runtime.concurrency", Value::of(newest.width)}, Value::of(1)};
  proposal.finding = siblings_finding(found);
  proposal.title = fmt::format("Let {} attempts run at a time", newest.width);
  proposal.rationale = fmt::format(
      "With runtime.concurrency 1 the run took {}, although neither edges nor fields make {} wait for each other (seen "
      "in {}). With the recorded durations {} at a time would take {} less ({:.0f} %). Writes are merged in graph "
      "order "
      "whatever ends first, so the state stays the same. What could get worse: tools that meet outside the state (the "
      "same file, port or rate limit) can now do so at the same time; work that needs the processor gains only as far "
      "as there are cores.",
      human_duration(newest.run->state.duration), some_names(newest.together), count_of(found.size(), "run"),
      newest.width, human_duration(newest.saved), 100 * newest.share());
  proposal.confidence = siblings_confidence(found);
  proposal.expectation = {Expectation::Kind::shorter_wall_time, {}, static_cast<std::uint64_t>(fastest.count())};
  return proposal;
}

}  // namespace

std::vector<Proposal> find_serial_siblings(const Evidence& evidence) {
  if (evidence.graph.runtime.concurrency != 1) return {};
  const Replay replay(evidence.graph);
  std::vector<SerialRun> found;
  for (const RecordedRun& run : evidence.runs) {
    if (!counts_as_serial(run, evidence.graph)) continue;
    if (auto serial = serial_run(run, replay)) found.push_back(std::move(*serial));
  }
  if (found.empty()) return {};
  return {side_by_side(found)};
}

}  // namespace oe::evolve
