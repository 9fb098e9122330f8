#include <algorithm>
#include <fmt/core.h>

#include "evolve/rate_limit.hpp"
#include "evolve/rule.hpp"

namespace oe::evolve {

namespace {

// So many items that were refused for good, in so many runs (or all in one run with this many).
constexpr std::size_t kFewestRefused = 2;
constexpr std::size_t kFewestRefusedRuns = 2;
constexpr std::size_t kManyRefused = 4;
// High: this many refused items in this many runs.
constexpr std::size_t kHighRefused = 6;
constexpr std::size_t kHighRefusedRuns = 3;

std::uint32_t width_in(const Sighting& sighting, const graph::Each& each) {
  return std::min(each.concurrency, sighting.run->state.start.concurrency);
}

// Refused at the node's own width, and not healed by a retry.
std::vector<Seen> refused_for_good(std::span<const Sighting> sightings) {
  std::vector<Seen> refused;
  for (const Sighting& sighting : sightings) {
    for (const Tries& own : tries(sighting))
      if (was_rate_limited(*own.back().attempt)) refused.push_back(own.back());
  }
  return refused;
}

Confidence refusal_confidence(const std::vector<Seen>& refused) {
  const bool is_high = refused.size() >= kHighRefused && count_runs(refused) >= kHighRefusedRuns;
  return is_high ? Confidence::high : Confidence::medium;
}

// The most that was seen to go well, else half, or fewer where that was refused already.
std::uint32_t narrower(const RateLimit& limit, std::uint32_t now) {
  if (limit.clean > 1) return limit.clean;
  return std::max(std::min(now / 2, limit.lowest.value_or(now) - 1), 1U);
}

Proposal fewer_at_a_time(const NodeId& node, const std::vector<Seen>& refused, const RateLimit& limit,
                         std::uint32_t now) {
  const std::uint32_t width = narrower(limit, now);
  const bool is_known = limit.clean > 1 && width == limit.clean;
  Proposal proposal;
  proposal.operation = TuneParam{{node, "for_each.concurrency", Value::of(width)}, Value::of(now)};
  proposal.finding = {
      "rate-limit", node,
      fmt::format("{} of {} failed because the service was asked too often, with {} at a time ({})",
                  count_of(refused.size(), "item"), node.text, now, first_line(refused.back().attempt->error)),
      cite(refused)};
  proposal.title = fmt::format("Run {} of {} at a time instead of {}", count_of(width, "item"), node.text, now);
  proposal.rationale = fmt::format(
      "With {0} items at a time `{1}` was sent away in {2} of {3} (last: \"{4}\"): the service takes fewer at once. "
      "{5} What could get worse: the node takes longer, up to {6} times.",
      now, node.text, count_of(refused.size(), "item"), count_of(count_runs(refused), "run"),
      first_line(refused.back().attempt->error),
      is_known ? fmt::format("With {} at a time it was never sent away.", width)
               : fmt::format("With {} it has not been tried yet.", count_of(width, "item")),
      (now + width - 1) / width);
  proposal.confidence = refusal_confidence(refused);
  return proposal;
}

std::optional<Proposal> find_refused(const Evidence& evidence, const graph::Node& node, const graph::Each& each) {
  std::vector<Sighting> seen = sightings(evidence, node);
  std::erase_if(seen, [&](const Sighting& sighting) { return width_in(sighting, each) < each.concurrency; });
  const std::vector<Seen> refused = refused_for_good(seen);
  const bool enough =
      refused.size() >= kFewestRefused && (count_runs(refused) >= kFewestRefusedRuns || refused.size() >= kManyRefused);
  if (each.concurrency < 2 || !enough) return std::nullopt;
  const RateLimit limit = rate_limit(evidence, node);
  Proposal proposal = fewer_at_a_time(node.id, refused, limit, each.concurrency);
  proposal.expectation = expect_cure(node.id, seen, was_rate_limited);
  return proposal;
}

}  // namespace

std::vector<Proposal> find_rate_limits(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const graph::Node& node : evidence.graph.nodes) {
    const graph::Each* each = graph::each(node);
    if (each == nullptr) continue;
    if (auto proposal = find_refused(evidence, node, *each)) proposals.push_back(std::move(*proposal));
  }
  return proposals;
}

}  // namespace oe::evolve
