#include "evolve/rate_limit.hpp"

#include <algorithm>
#include <map>

namespace oe::evolve {

namespace {

bool is_same_but_width(const graph::Node& then, const graph::Node& now, const graph::Each& fan_out) {
  const graph::Each* each = graph::each(then);
  if (each == nullptr) return false;
  graph::Node as_now = then;
  std::get<graph::Each>(as_now.work).concurrency = fan_out.concurrency;
  return as_now == now;
}

// How many at a time there were, and which attempts were refused.
std::map<std::uint32_t, std::vector<Seen>> refusals_by_width(const Evidence& evidence, const graph::Node& node) {
  std::map<std::uint32_t, std::vector<Seen>> refused;
  for (std::size_t position = 0; position < evidence.runs.size(); ++position) {
    const RecordedRun& run = evidence.runs[position];
    const graph::Node* then = graph::find(run.graph, node.id);
    const auto state = run.state.nodes.find(node.id);
    if (then == nullptr || state == run.state.nodes.end() || state->second.attempts.empty()) continue;
    if (!is_same_but_width(*then, node, *graph::each(node))) continue;
    const auto items = static_cast<std::uint32_t>(std::min<std::uint64_t>(state->second.items.value_or(1), UINT32_MAX));
    const std::uint32_t width = std::min({graph::each(*then)->concurrency, run.state.start.concurrency, items});
    std::vector<Seen>& own = refused[width];
    const Sighting sighting{position, &run, &state->second};
    for (const Seen& seen : attempts(std::span(&sighting, 1)))
      if (was_rate_limited(*seen.attempt)) own.push_back(seen);
  }
  return refused;
}

}  // namespace

std::uint32_t RateLimit::most(std::uint32_t wanted) const {
  return lowest && wanted >= *lowest ? std::max(clean, 1U) : wanted;
}

RateLimit rate_limit(const Evidence& evidence, const graph::Node& node) {
  RateLimit limit;
  for (const auto& [width, refused] : refusals_by_width(evidence, node)) {
    limit.refused.insert(limit.refused.end(), refused.begin(), refused.end());
    if (!refused.empty() && !limit.lowest) limit.lowest = width;
    if (!limit.lowest) limit.clean = std::max(limit.clean, width);
  }
  std::ranges::sort(limit.refused, {}, [](const Seen& s) { return std::pair(s.in.position, s.attempt->started); });
  return limit;
}

}  // namespace oe::evolve
