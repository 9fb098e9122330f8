#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "graph/index.hpp"

namespace oe::graph {

namespace {

constexpr std::size_t kMostCyclesReported = 20;
constexpr std::size_t kMostNodesNamed = 20;

// Depth first along the edges, without recursion, in linear time. An edge back to a node that is still open
// closes a cycle: taking these edges away leaves none, so each is one fault.
class CycleSearch {
 public:
  CycleSearch(const Index& index, Problems& problems)
      : index_(index), problems_(problems), state_(index.graph.nodes.size(), State::fresh), depth_(state_.size(), 0) {}

  void run() {
    for (std::size_t node = 0; node < state_.size(); ++node) {
      if (state_[node] == State::fresh) explore(node);
    }
  }

 private:
  enum class State : char { fresh, open, done };
  struct Visit {
    std::size_t node;
    std::size_t next_edge = 0;
  };

  void explore(std::size_t root) {
    open(root);
    while (!path_.empty()) {
      Visit& visit = path_.back();
      const std::vector<std::size_t>& edges = index_.outgoing[visit.node];
      if (visit.next_edge < edges.size()) {
        follow(edges[visit.next_edge++]);
      } else {
        state_[visit.node] = State::done;
        path_.pop_back();
      }
    }
  }

  void open(std::size_t node) {
    state_[node] = State::open;
    depth_[node] = path_.size();
    path_.push_back({node});
  }

  void follow(std::size_t edge) {
    const std::size_t target = *index_.position(index_.graph.edges[edge].to);
    if (state_[target] == State::fresh)
      open(target);
    else if (state_[target] == State::open)
      report(edge, target);
  }

  void report(std::size_t edge, std::size_t target) {
    if (reported_++ >= kMostCyclesReported) return;
    const std::string& first = index_.node_names[target];
    const bool alone = path_.back().node == target;
    problems_.push_back(
        {.where = index_.graph.edges[edge].where,
         .message = alone ? fmt::format("node '{}' waits for itself", first)
                          : fmt::format("cycle: {} -> {}", cycle_from(depth_[target]), first),
         .hint = alone ? "remove this edge" : "remove one of its edges; edges only say what waits for what"});
  }

  std::string cycle_from(std::size_t depth) const {
    std::vector<std::string> names;
    for (std::size_t i = depth; i < path_.size() && names.size() < kMostNodesNamed; ++i) {
      names.push_back(index_.node_names[path_[i].node]);
    }
    const std::size_t unnamed = path_.size() - depth - names.size();
    if (unnamed > 0) names.push_back(fmt::format("({} more)", unnamed));
    return join(names, " -> ");
  }

  const Index& index_;
  Problems& problems_;
  std::vector<State> state_;
  std::vector<std::size_t> depth_;  ///< of an open node: its place in path_
  std::vector<Visit> path_;
  std::size_t reported_ = 0;
};

}  // namespace

void check_cycles(const Index& index, Problems& problems) {
  CycleSearch(index, problems).run();
}

}  // namespace oe::graph
