#include <algorithm>
#include <fmt/core.h>
#include <numeric>

#include "oe/base/time.hpp"
#include "oe/engine/plan.hpp"

#include "evolve/rate_limit.hpp"
#include "evolve/rule.hpp"
#include "evolve/schedule.hpp"
#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

using std::chrono::microseconds;

// Fewer or shorter items are not worth a change. Only items that succeeded count: more at a time is no cure for a node
// that fails or hangs.
constexpr std::size_t kFewestItems = 4;
constexpr microseconds kShortestItem{20'000};
// "Dominates": the fan-out takes at least this share of the run's wall time.
constexpr double kDominantShare = 0.4;
// The recorded durations, replayed, must save at least this share of the node's own wall time.
constexpr double kNodeShareSaved = 0.3;
constexpr std::uint32_t kMostAtOnce = 8;
// The smallest width that comes this near to the best one: more would only load the machine.
constexpr double kNearBestWidth = 1.1;
// High: seen in three runs. Medium: in two, or in one with at least kManyItems items.
constexpr std::size_t kHighFanOutRuns = 3;
constexpr std::size_t kMediumFanOutRuns = 2;
constexpr std::size_t kManyItems = 8;

/// One run in which a fan-out took most of the time.
struct SlowFanOut {
  Sighting in;
  std::vector<microseconds> items;
  microseconds wall{0};
};

// Items that neither see each other's writes nor compete for a field: the state is the same at any concurrency.
bool has_independent_items(const graph::Graph& graph, const graph::Node& node) {
  const std::vector<std::string> needed = engine::fields_needed(graph, node);
  return std::none_of(node.writes.begin(), node.writes.end(), [&](const std::string& name) {
    const graph::StateField* field = graph::find_field(graph, name);
    const bool once = field == nullptr || field->merge == graph::Merge::set_once;
    return once || std::find(needed.begin(), needed.end(), name) != needed.end();
  });
}

bool ran_to_the_end(const RecordedRun& run) {
  return run.state.status == ledger::RunStatus::success || run.state.status == ledger::RunStatus::partial;
}

std::size_t items_that_succeeded(const ledger::NodeState& node) {
  return static_cast<std::size_t>(std::count_if(node.attempts.begin(), node.attempts.end(), [](const auto& attempt) {
    return attempt.outcome == ledger::Outcome::succeeded;
  }));
}

std::optional<SlowFanOut> slow_fan_out(const Sighting& seen, const graph::Each& each) {
  const bool has_room = seen.run->state.start.concurrency > each.concurrency;
  if (!has_room || !ran_to_the_end(*seen.run) || seen.node->ended == 0) return std::nullopt;
  SlowFanOut slow{seen, durations_of(*seen.node), seen.node->ended_at - seen.node->ready_at};
  if (items_that_succeeded(*seen.node) < kFewestItems) return std::nullopt;
  const microseconds sum = std::accumulate(slow.items.begin(), slow.items.end(), microseconds{0});
  if (sum < kShortestItem * static_cast<std::int64_t>(slow.items.size())) return std::nullopt;
  const double share = kDominantShare * static_cast<double>(seen.run->state.duration.count());
  return static_cast<double>(slow.wall.count()) >= share ? std::optional(std::move(slow)) : std::nullopt;
}

// Nothing when no width that the run's own limit allows saves enough.
std::optional<std::uint32_t> useful_width(const SlowFanOut& slow, const graph::Each& each, const RateLimit& limit) {
  const auto items = static_cast<std::uint32_t>(std::min<std::size_t>(slow.items.size(), kMostAtOnce));
  const std::uint32_t most = limit.most(std::min({kMostAtOnce, items, slow.in.run->state.start.concurrency}));
  if (most <= each.concurrency) return std::nullopt;
  const auto best = static_cast<double>(makespan(slow.items, most).count());
  std::uint32_t width = each.concurrency + 1;
  while (width<most&& static_cast<double>(makespan(slow.items, width).count())> kNearBestWidth * best) ++width;
  const microseconds saved = makespan(slow.items, each.concurrency) - makespan(slow.items, width);
  const bool enough = static_cast<double>(saved.count()) >= kNodeShareSaved * static_cast<double>(slow.wall.count());
  return enough ? std::optional(width) : std::nullopt;
}

Confidence fan_out_confidence(const std::vector<SlowFanOut>& found) {
  if (found.size() >= kHighFanOutRuns) return Confidence::high;
  const bool medium = found.size() >= kMediumFanOutRuns || found.back().items.size() >= kManyItems;
  return medium ? Confidence::medium : Confidence::low;
}

Finding fan_out_finding(const NodeId& node, const std::vector<SlowFanOut>& found, std::uint32_t now) {
  const SlowFanOut& newest = found.back();
  const microseconds run = newest.in.run->state.duration;
  Finding finding{"serial-fan-out",
                  node,
                  fmt::format("{} ran {} {} at a time in {}, {} % of the {} of run {}", node.text,
                              count_of(newest.items.size(), "item"), now, human_duration(newest.wall),
                              percent(newest.wall, run), human_duration(run), newest.in.run->state.id.text),
                  {}};
  for (const SlowFanOut& slow : found) {
    if (finding.citations.size() + 3 > kMostCitations) break;
    const ledger::RunState& state = slow.in.run->state;
    for (const std::uint64_t event : {slow.in.node->ready, slow.in.node->ended, state.last_event})
      finding.citations.push_back({state.id, event});
  }
  return finding;
}

Proposal wider(const NodeId& node, const std::vector<SlowFanOut>& found, std::uint32_t now, std::uint32_t width) {
  const SlowFanOut& newest = found.back();
  const auto faster = [](const SlowFanOut& a, const SlowFanOut& b) { return a.wall < b.wall; };
  const microseconds fastest = std::min_element(found.begin(), found.end(), faster)->wall;
  Proposal proposal;
  proposal.operation = TuneParam{{node, "for_each.concurrency", Value::of(width)}, Value::of(now)};
  proposal.finding = fan_out_finding(node, found, now);
  proposal.title = fmt::format("Run {} items of {} at a time instead of {}", width, node.text, now);
  proposal.rationale = fmt::format(
      "`{0}` worked through {1} {2} at a time and took {3} of the run's {4} ({5} %), seen in {6}; no item reads what "
      "another one writes, and the run may have {7} attempts in flight. With the recorded durations {8} at a time take "
      "about {9}. Results are merged in item order whatever ends first, so the state stays the same. What could get "
      "worse: if the tool keeps a state of its own, shares a file between calls or calls a service with a rate limit, "
      "items can now meet there; items that need the processor gain only as far as there are cores.",
      node.text, count_of(newest.items.size(), "item"), now, human_duration(newest.wall),
      human_duration(newest.in.run->state.duration), percent(newest.wall, newest.in.run->state.duration),
      count_of(found.size(), "run"), newest.in.run->state.start.concurrency, width,
      human_duration(makespan(newest.items, width)));
  proposal.confidence = fan_out_confidence(found);
  proposal.expectation = {Expectation::Kind::shorter_wall_time, node, static_cast<std::uint64_t>(fastest.count())};
  return proposal;
}

std::optional<Proposal> find_serial_fan_out(const Evidence& evidence, const graph::Node& node,
                                            const graph::Each& each) {
  if (!has_independent_items(evidence.graph, node)) return std::nullopt;
  const RateLimit limit = rate_limit(evidence, node);
  std::vector<SlowFanOut> found;
  for (const Sighting& seen : sightings(evidence, node)) {
    auto slow = slow_fan_out(seen, each);
    if (slow && useful_width(*slow, each, limit)) found.push_back(std::move(*slow));
  }
  if (found.empty()) return std::nullopt;
  return wider(node.id, found, each.concurrency, *useful_width(found.back(), each, limit));
}

}  // namespace

std::vector<Proposal> find_serial_fan_outs(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const graph::Node& node : evidence.graph.nodes) {
    const graph::Each* each = graph::each(node);
    if (each == nullptr) continue;
    if (auto proposal = find_serial_fan_out(evidence, node, *each)) proposals.push_back(std::move(*proposal));
  }
  return proposals;
}

}  // namespace oe::evolve
