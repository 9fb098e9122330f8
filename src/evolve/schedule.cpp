#include "evolve/schedule.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <set>
#include <unordered_map>

#include "oe/engine/plan.hpp"

namespace oe::evolve {

using std::chrono::microseconds;

namespace {

using Positions = std::unordered_map<NodeId, std::size_t>;

// Pairs of (earlier, later): edges, and as in the engine a reader behind earlier writers, and writers of a set_once
// field behind each other.
std::set<std::pair<std::size_t, std::size_t>> dependencies(const graph::Graph& graph,
                                                           const std::vector<const graph::Node*>& nodes) {
  Positions positions;
  for (std::size_t i = 0; i < nodes.size(); ++i) positions.emplace(nodes[i]->id, i);
  std::set<std::pair<std::size_t, std::size_t>> pairs;
  for (const graph::Edge& edge : graph.edges) {
    const auto from = positions.find(edge.from), to = positions.find(edge.to);
    if (from != positions.end() && to != positions.end()) pairs.emplace(from->second, to->second);
  }
  std::unordered_map<std::string, std::vector<std::size_t>> writers;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::vector<std::string> awaited = engine::fields_needed(graph, *nodes[i]);
    for (const std::string& name : nodes[i]->writes) {
      const graph::StateField* field = graph::find_field(graph, name);
      if (field != nullptr && field->merge == graph::Merge::set_once) awaited.push_back(name);
    }
    for (const std::string& name : awaited) {
      for (const std::size_t writer : writers[name]) pairs.emplace(writer, i);
    }
    for (const std::string& name : nodes[i]->writes) {
      // Whoever waited for all writers so far stands for them.
      if (std::find(awaited.begin(), awaited.end(), name) != awaited.end()) writers[name].clear();
      writers[name].push_back(i);
    }
  }
  return pairs;
}

/// One node in a replay that is under way.
struct Progress {
  std::vector<microseconds> durations;
  std::uint32_t width = 1;
  std::size_t next = 0;     ///< the next item to start
  std::size_t running = 0;  ///< items in flight
  std::size_t waits = 0;    ///< predecessors that have not ended
};

std::uint32_t width_of(const graph::Node& node) {
  const graph::Each* each = graph::each(node);
  return each == nullptr ? 1 : std::max(1U, each->concurrency);
}

/// The replay of one run: a clock that jumps from end to end.
class Clockwork {
 public:
  Clockwork(std::vector<Progress> nodes, const std::vector<std::vector<std::size_t>>& successors, std::uint32_t limit)
      : nodes_(std::move(nodes)), successors_(successors), free_(std::max(1U, limit)) {
    schedule_.nodes.resize(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].waits == 0) became_ready(i);
    }
  }

  Schedule run() && {
    start_what_fits();
    while (!ends_.empty()) {
      const auto [time, node] = ends_.top();
      ends_.pop();
      now_ = time;
      item_ended(node);
      start_what_fits();
    }
    schedule_.wall = now_;
    return std::move(schedule_);
  }

 private:
  void became_ready(std::size_t node) {
    schedule_.nodes[node] = {now_, now_};
    if (nodes_[node].durations.empty())
      node_ended(node);
    else
      ready_.insert(node);
  }

  void start_what_fits() {
    for (auto node = ready_.begin(); node != ready_.end() && free_ > 0;) {
      Progress& progress = nodes_[*node];
      while (free_ > 0 && progress.running < progress.width && progress.next < progress.durations.size()) {
        if (progress.next == 0) schedule_.nodes[*node].start = now_;
        ends_.emplace(now_ + progress.durations[progress.next++], *node);
        ++progress.running;
        --free_;
      }
      node = progress.next == progress.durations.size() ? ready_.erase(node) : std::next(node);
    }
  }

  void item_ended(std::size_t node) {
    ++free_;
    --nodes_[node].running;
    schedule_.nodes[node].end = now_;
    if (nodes_[node].running == 0 && nodes_[node].next == nodes_[node].durations.size()) node_ended(node);
  }

  void node_ended(std::size_t node) {
    for (const std::size_t next : successors_[node]) {
      if (--nodes_[next].waits == 0) became_ready(next);
    }
  }

  using End = std::pair<microseconds, std::size_t>;
  std::vector<Progress> nodes_;
  const std::vector<std::vector<std::size_t>>& successors_;
  std::uint32_t free_;
  microseconds now_{0};
  std::set<std::size_t> ready_;  ///< nodes with items that have not started, in topological order
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
  Schedule schedule_;
};

}  // namespace

std::vector<microseconds> durations_of(const ledger::NodeState& node) {
  std::map<std::optional<std::uint64_t>, microseconds> by_item;
  for (const ledger::Attempt& attempt : node.attempts) {
    if (attempt.outcome) by_item[attempt.index] += attempt.facts.duration;
  }
  std::vector<microseconds> durations;
  for (const auto& [index, duration] : by_item) durations.push_back(duration);
  return durations;
}

microseconds makespan(const std::vector<microseconds>& durations, std::uint32_t width) {
  std::priority_queue<microseconds, std::vector<microseconds>, std::greater<>> ends;
  for (std::uint32_t i = 0; i < std::max(1U, width); ++i) ends.push(microseconds{0});
  microseconds last{0};
  for (const microseconds duration : durations) {
    const microseconds end = ends.top() + duration;
    ends.pop();
    ends.push(end);
    last = std::max(last, end);
  }
  return last;
}

Replay::Replay(const graph::Graph& graph) {
  for (const std::size_t index : graph::topological_order(graph)) nodes_.push_back(&graph.nodes[index]);
  successors_.resize(nodes_.size());
  waits_.resize(nodes_.size());
  for (const auto& [earlier, later] : dependencies(graph, nodes_)) {
    successors_[earlier].push_back(later);
    ++waits_[later];
  }
}

Schedule Replay::at(const ledger::RunState& run, std::uint32_t concurrency) const {
  std::vector<Progress> progress(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto state = run.nodes.find(nodes_[i]->id);
    if (state != run.nodes.end()) progress[i].durations = durations_of(state->second);
    progress[i].width = width_of(*nodes_[i]);
    progress[i].waits = waits_[i];
  }
  return Clockwork(std::move(progress), successors_, concurrency).run();
}

}  // namespace oe::evolve
