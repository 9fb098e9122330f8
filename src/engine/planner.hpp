#pragma once

#include <memory>
#include <unordered_map>

#include "oe/engine/plan.hpp"

namespace oe::engine {

/// Puts the nodes of a checked graph in their places, and those of the graphs inside of it in theirs.
class Planner {
 public:
  /// Errors: input, for a cycle or an expression that does not parse.
  static Result<Plan> plan(std::shared_ptr<const graph::Graph> graph, const PlanOptions& options, Value inputs);

 private:
  using Positions = std::unordered_map<NodeId, std::size_t>;
  /// The graph whose state, runtime and lifetime a body shares.
  struct Around {
    std::shared_ptr<const graph::Graph> owner;
    const std::vector<graph::StateField>* state;
    const graph::Runtime* runtime;
  };

  static Result<Plan> plan_graph(const graph::Graph& graph, const Around& around);
  static Result<void> add_edge(const graph::Edge& edge, const Positions& positions, std::vector<PlannedNode>& nodes);
  static Result<void> plan_work(PlannedNode& planned, const Around& around);
  static Around around_body(const graph::Node& node, const Around& around);
  static void add_successors(std::vector<PlannedNode>& nodes, std::vector<Join>& joins);
};

}  // namespace oe::engine
