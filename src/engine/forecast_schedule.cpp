#include "engine/forecast_schedule.hpp"

#include <algorithm>
#include <queue>

namespace oe::engine {

namespace {

using std::chrono::microseconds;

/// List scheduling: what is ready first gets the next free slot; work on several lanes is spread over them evenly.
class ExpectedSchedule {
 public:
  ExpectedSchedule(const Plan& plan, const std::vector<NodeForecast>& nodes) : plan_(plan), nodes_(nodes) {
    ends_.resize(plan.nodes().size() + plan.joins().size());
    open_.resize(ends_.size());
    for (std::size_t slot = 0; slot < std::min<std::size_t>(plan.concurrency(), nodes.size() * kMostLanes); ++slot)
      slots_.push(microseconds(0));
  }

  microseconds length() {
    for (std::size_t place = 0; place < open_.size(); ++place) open_[place] = waits_of(place);
    for (std::size_t place = 0; place < open_.size(); ++place) {
      if (open_[place] == 0) ready_.emplace(microseconds(0), place);
    }
    microseconds last{0};
    while (!ready_.empty()) {
      const auto [since, place] = ready_.top();
      ready_.pop();
      const microseconds end = run(place, since);
      last = std::max(last, end);
      pass_on(place, end);
    }
    return last;
  }

 private:
  static constexpr std::size_t kMostLanes = 1000;

  std::size_t waits_of(std::size_t place) const {
    if (place >= nodes_.size()) return plan_.joins()[place - nodes_.size()].waits_for.size();
    return plan_.nodes()[place].predecessors.size() + plan_.nodes()[place].waits_for.size();
  }

  microseconds run(std::size_t place, microseconds since) {
    if (place >= nodes_.size() || !nodes_[place].counted || !nodes_[place].work) return since;
    const NodeForecast& node = nodes_[place];
    const std::size_t lanes = std::min<std::size_t>(std::min<std::size_t>(node.lanes, kMostLanes), slots_.size());
    microseconds end = since;
    std::vector<microseconds> taken;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      taken.push_back(std::max(slots_.top(), since) + *node.work / lanes);
      slots_.pop();
    }
    for (const microseconds free : taken) {
      slots_.push(free);
      end = std::max(end, free);
    }
    return end;
  }

  void pass_on(std::size_t place, microseconds end) {
    const auto& next = place < nodes_.size() ? plan_.nodes()[place].successors : plan_.joins()[place - nodes_.size()].successors;
    for (const std::size_t after : next) {
      ends_[after] = std::max(ends_[after], end);
      if (--open_[after] == 0) ready_.emplace(ends_[after], after);
    }
  }

  using Ready = std::pair<microseconds, std::size_t>;
  const Plan& plan_;
  const std::vector<NodeForecast>& nodes_;
  std::vector<microseconds> ends_;  ///< of the last one before, by place
  std::vector<std::size_t> open_;   ///< how many before it have not ended, by place
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready_;
  std::priority_queue<microseconds, std::vector<microseconds>, std::greater<>> slots_;
};

}  // namespace

microseconds expected_duration(const Plan& plan, const std::vector<NodeForecast>& nodes) {
  return ExpectedSchedule(plan, nodes).length();
}

}  // namespace oe::engine
