#include <algorithm>
#include <cmath>
#include <fmt/core.h>

#include "oe/base/time.hpp"

#include "evolve/rule.hpp"
#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// A success that took at least half of the limit shows that the limit is short; faster ones only show that the
// attempts which were ended hung.
constexpr double kNearShare = 0.5;
// The new limit leaves this much room above the slowest success, and is at least twice the old one.
constexpr double kRoom = 1.5;
constexpr std::int64_t kGrowth = 2;
// High: this many timeouts and this many near successes. Medium: one timeout and kMediumNear near successes.
constexpr std::size_t kHighEach = 3;
constexpr std::size_t kMediumNear = 2;

struct ShortTimeout {
  milliseconds limit;
  std::vector<Seen> timeouts;
  std::vector<Seen> near;

  microseconds slowest() const {
    const auto slower = [](const Seen& a, const Seen& b) {
      return a.attempt->facts.duration < b.attempt->facts.duration;
    };
    return std::max_element(near.begin(), near.end(), slower)->attempt->facts.duration;
  }
};

// Up to the next number with two leading digits of which the second is 0 or 5: 230 -> 250, 1040 -> 1500.
std::int64_t tidy(double milliseconds_wanted) {
  const double magnitude = std::pow(10.0, std::floor(std::log10(std::max(milliseconds_wanted, 1.0))));
  const double step = std::max(1.0, magnitude / 2);
  return static_cast<std::int64_t>(std::ceil(milliseconds_wanted / step) * step);
}

std::int64_t longer_limit(const ShortTimeout& found) {
  const double slowest = std::chrono::duration<double, std::milli>(found.slowest()).count();
  return tidy(std::max(kRoom * slowest, static_cast<double>(kGrowth * found.limit.count())));
}

Confidence timeout_confidence(const ShortTimeout& found) {
  if (found.timeouts.size() >= kHighEach && found.near.size() >= kHighEach) return Confidence::high;
  return found.near.size() >= kMediumNear ? Confidence::medium : Confidence::low;
}

Proposal longer_timeout(const NodeId& node, const ShortTimeout& found, Expectation expectation) {
  const std::int64_t limit = longer_limit(found);
  Proposal proposal;
  proposal.operation = TuneParam{{node, "timeout_ms", Value::of(limit)}, Value::of(found.limit.count())};
  proposal.finding = {
      "timeout-too-short", node,
      fmt::format(
          "{} of {} ended at timeout_ms {}; {} succeeded after half of that limit or more, the slowest after {}",
          count_of(found.timeouts.size(), "attempt"), node.text, found.limit.count(),
          count_of(found.near.size(), "other"), human_duration(found.slowest())),
      cite(found.timeouts)};
  for (const Citation& citation : cite(found.near)) proposal.finding.citations.push_back(citation);
  proposal.title = fmt::format("Give {} more time: timeout_ms {} -> {}", node.text, found.limit.count(), limit);
  proposal.rationale = fmt::format(
      "`{0}` was ended at its limit of {1} ms in {2}, while {3} ended well but needed at least half of it (the slowest "
      "{4}): the limit cuts off work that is slow, not stuck. {5} ms is at least twice the old limit and 1.5 times the "
      "slowest success. What could get worse: an attempt that really hangs is noticed {6} ms later.",
      node.text, found.limit.count(), count_of(found.timeouts.size(), "attempt"), count_of(found.near.size(), "other"),
      human_duration(found.slowest()), limit, limit - found.limit.count());
  proposal.confidence = timeout_confidence(found);
  proposal.expectation = std::move(expectation);
  return proposal;
}

}  // namespace

std::vector<Proposal> find_short_timeouts(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const graph::Node* const at : all_nodes(evidence.graph)) {
    const graph::Node& node = *at;
    const auto limit = graph::leaf(node).timeout;
    if (!limit) continue;
    const std::vector<Sighting> seen = sightings(evidence, node);
    ShortTimeout found{*limit, attempts_ended_as(seen, ledger::Outcome::timed_out),
                       attempts_ended_as(seen, ledger::Outcome::succeeded)};
    const microseconds near = std::chrono::duration_cast<microseconds>(kNearShare * *limit);
    std::erase_if(found.near, [&](const Seen& success) { return success.attempt->facts.duration < near; });
    if (found.timeouts.empty() || found.near.empty()) continue;
    const auto is_timeout = [](const ledger::Attempt& a) { return a.outcome == ledger::Outcome::timed_out; };
    proposals.push_back(longer_timeout(node.id, found, expect_cure(node.id, seen, is_timeout)));
  }
  return proposals;
}

}  // namespace oe::evolve
