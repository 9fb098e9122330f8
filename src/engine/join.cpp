#include "engine/join.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>
#include <vector>

namespace oe::engine {

using graph::EdgeOn;
using graph::JoinMode;
using ledger::Outcome;
using ledger::SkipCause;

namespace {

/// One edge into the node: it fires, or why not.
struct Arrival {
  std::optional<Skip> dead;
  bool passes_skip = false;  ///< its node was skipped by a condition, which none_failed lets pass
};

class Arrivals {
 public:
  Arrivals(const Plan& plan, const std::function<const NodeEnd&(std::size_t)>& end_of, const graph::Lookup& lookup)
      : plan_(plan), end_of_(end_of), lookup_(lookup) {}

  /// What nearly every node asks, without the reasons: whether all edges into it fire, and none has to be asked.
  bool all_plainly_fire(const PlannedNode& planned) const {
    for (std::size_t i = 0; i < planned.edges.size(); ++i) {
      const bool is_asked = planned.conditions[i] || planned.edges[i]->otherwise;
      if (is_asked || !fires_on(planned.edges[i]->on, end_of_(planned.predecessors[i]).outcome)) return false;
    }
    return true;
  }

  std::vector<Arrival> into(const PlannedNode& planned) const {
    std::vector<Arrival> all;
    for (std::size_t i = 0; i < planned.edges.size(); ++i)
      all.push_back(arrival(*planned.edges[i], planned.predecessors[i], planned.conditions[i]));
    return all;
  }

 private:
  static bool fires_on(EdgeOn on, Outcome outcome) {
    switch (on) {
      case EdgeOn::success:
        return outcome == Outcome::succeeded;
      case EdgeOn::failure:
        return is_failure(outcome);
      case EdgeOn::timeout:
        return outcome == Outcome::timed_out;
      case EdgeOn::end:
        return true;
    }
    return false;
  }

  Arrival arrival(const graph::Edge& edge, std::size_t from, const std::optional<graph::Expression>& when) const {
    const NodeEnd& end = end_of_(from);
    if (!fires_on(edge.on, end.outcome)) return missed(edge, end);
    if (when && !when->holds(lookup_))
      return {Skip{SkipCause::condition, fmt::format("the condition of the edge from '{}' does not hold: {}",
                                                     edge.from.text, *edge.when)}};
    if (edge.otherwise && a_sibling_fires(from))
      return {Skip{SkipCause::condition, fmt::format("another edge from '{}' was taken", edge.from.text)}};
    return {};
  }

  static Arrival missed(const graph::Edge& edge, const NodeEnd& end) {
    if (end.outcome == Outcome::succeeded)
      return {Skip{SkipCause::condition, fmt::format("'{}' succeeded, and the edge from it is for a {}", edge.from.text,
                                                     edge.on == EdgeOn::timeout ? "timeout" : "failure")}};
    const bool skipped = end.outcome == Outcome::skipped;
    const SkipCause cause = skipped ? end.cause : SkipCause::failure;
    // A node that is there to handle failures is not needed when what it watches never ran.
    const bool handler = edge.on != EdgeOn::success;
    return {Skip{handler ? SkipCause::condition : cause,
                 fmt::format("predecessor '{}' {}", edge.from.text, skipped ? "was skipped" : "failed")},
            skipped && end.cause == SkipCause::condition};
  }

  bool a_sibling_fires(std::size_t from) const {
    return std::ranges::any_of(plan_.nodes()[from].successors, [&](std::size_t to) {
      if (to >= plan_.nodes().size()) return false;
      const PlannedNode& planned = plan_.nodes()[to];
      for (std::size_t i = 0; i < planned.edges.size(); ++i) {
        const graph::Edge& edge = *planned.edges[i];
        if (planned.predecessors[i] != from || !planned.conditions[i] || edge.otherwise) continue;
        if (fires_on(edge.on, end_of_(from).outcome) && planned.conditions[i]->holds(lookup_)) return true;
      }
      return false;
    });
  }

  const Plan& plan_;
  const std::function<const NodeEnd&(std::size_t)>& end_of_;
  const graph::Lookup& lookup_;
};

/// The reason that weighs most: failure and cancellation before a condition, then the first edge.
std::optional<Skip> heaviest(std::vector<Arrival> arrivals) {
  std::optional<Skip> skip;
  for (Arrival& arrival : arrivals) {
    if (!arrival.dead) continue;
    if (!skip || (skip->cause == SkipCause::condition && arrival.dead->cause != SkipCause::condition))
      skip = std::move(arrival.dead);
  }
  return skip;
}

}  // namespace

std::optional<Skip> skip_by_join(const Plan& plan, std::size_t position,
                                 const std::function<const NodeEnd&(std::size_t)>& end_of,
                                 const graph::Lookup& lookup) {
  const PlannedNode& planned = plan.nodes()[position];
  const Arrivals all(plan, end_of, lookup);
  if (all.all_plainly_fire(planned)) return std::nullopt;
  std::vector<Arrival> arrivals = all.into(planned);
  const auto fires = [](const Arrival& arrival) { return !arrival.dead; };
  const JoinMode mode = planned.node->join;
  if (mode == JoinMode::any && std::ranges::any_of(arrivals, fires)) return std::nullopt;
  std::optional<Skip> skip = heaviest(arrivals);
  if (mode != JoinMode::none_failed || !skip || skip->cause != SkipCause::condition) return skip;
  const auto passes = [&](const Arrival& arrival) { return fires(arrival) || arrival.passes_skip; };
  return std::ranges::any_of(arrivals, passes) ? std::nullopt : skip;
}

}  // namespace oe::engine
