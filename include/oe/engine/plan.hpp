#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/exec/executor.hpp"
#include "oe/graph/expression.hpp"
#include "oe/graph/graph.hpp"

namespace oe::engine {

struct PlanOptions {
  Value args = Value::object();              ///< of the run; tools see them under their own args
  std::optional<std::uint32_t> concurrency;  ///< wins over runtime.concurrency
};

class Plan;

/// One node of a plan, at its topological position.
struct PlannedNode {
  const graph::Node* node = nullptr;      ///< in the plan's own graph
  std::vector<std::size_t> predecessors;  ///< by edges; positions in the plan. One entry an edge, in edge order
  std::vector<std::optional<graph::Expression>> conditions;  ///< `when` of the same edges
  std::vector<const graph::Edge*> edges;                     ///< the same edges, in the plan's own graph
  std::shared_ptr<const Plan> body;                          ///< of a for_each, pipeline, loop or experience
  std::optional<graph::Expression> until;                    ///< of a loop
  std::vector<std::string> placeholders;  ///< roots other than fields and items in its texts: "$run.inputs", "$nodes.<id>"
  std::vector<std::string> nodes_read;    ///< ids whose status or output it or its body names
  /// Nodes that must have ended first only because of the state: an earlier one writes a field that this one
  /// reads, or both write a field that can be set once. This is what makes a run at any concurrency give the
  /// state of a run at concurrency 1. Holds positions, and nodes().size() + k for joins()[k].
  std::vector<std::size_t> waits_for;
  std::vector<std::size_t> successors;  ///< inverse of predecessors and waits_for; may name joins, too
};

/// A place in the plan that is passed when several writers of a field have all ended. It does no work: it keeps
/// n writers and m readers of one field at n + m links instead of n * m.
struct Join {
  std::vector<std::size_t> waits_for;   ///< as in PlannedNode
  std::vector<std::size_t> successors;  ///< as in PlannedNode
};

/// A checked graph with its inputs bound. Exists only for a graph that can be run: the constructor is private
/// to what make_plan() uses.
class Plan {
 public:
  const graph::Graph& graph() const { return *graph_; }
  const std::vector<PlannedNode>& nodes() const { return nodes_; }
  const std::vector<Join>& joins() const { return joins_; }
  /// Of the whole graph that this one is or is a body in.
  const graph::Runtime& runtime() const { return *runtime_; }
  std::uint32_t concurrency() const { return concurrency_; }
  const Value& args() const { return args_; }
  /// The declared inputs, with the defaults filled in; with none declared, the args. $run.inputs.
  const Value& inputs() const { return inputs_; }

 private:
  friend class Planner;
  Plan() = default;
  std::shared_ptr<const graph::Graph> graph_;
  const graph::Runtime* runtime_ = nullptr;  ///< in a graph that graph_ keeps
  std::vector<PlannedNode> nodes_;
  std::vector<Join> joins_;
  std::uint32_t concurrency_ = 1;
  Value args_;
  Value inputs_;
};

/// Refuses what graph::check() calls an error, constructs that are not supported and kinds without an executor
/// (kind input, one located problem each), args that do not fit the declared inputs and options that make no sense
/// (kind usage).
Result<Plan> make_plan(graph::Graph graph, const PlanOptions& options, const exec::Executors& executors);

/// Top-level nodes that cannot begin before one of `starts` has ended, by edge or by what they read, and these themselves.
std::set<NodeId> onward(const Plan& plan, const std::set<NodeId>& starts);

/// State fields that a node reads before it can start: reads, paths in args and for_each.source, and `when`
/// on its incoming edges. Each once, in that order.
std::vector<std::string> fields_needed(const graph::Graph& graph, const graph::Node& node);

}  // namespace oe::engine
