#include "oe/engine/plan.hpp"

#include <fmt/core.h>

#include "oe/graph/check.hpp"

#include "engine/hazards.hpp"
#include "engine/inputs.hpp"
#include "engine/planner.hpp"

namespace oe::engine {

namespace {

constexpr const char* kRunnableInstead = "do this work in a tool or command node to run the workflow now";

void refuse_node(const graph::Node& node, const exec::Executors& executors, Problems& problems) {
  const graph::Work& work = graph::leaf(node).work;
  const auto refuse = [&](Location where, std::string message) {
    problems.push_back({Severity::error, std::move(where), std::move(message), kRunnableInstead});
  };
  if (const auto* unsupported = std::get_if<graph::Unsupported>(&work)) {
    refuse(unsupported->where, unsupported->reason);
  } else if (executors.find(graph::kind_name(work)) == nullptr) {
    refuse(node.where, fmt::format("node '{}': kind '{}' is not run yet", node.id.text, graph::kind_name(work)));
  }
}

void refuse_nodes(const graph::Graph& graph, const exec::Executors& executors, Problems& problems) {
  for (const graph::Node& node : graph.nodes) {
    if (const graph::Graph* body = graph::body(node))
      refuse_nodes(*body, executors, problems);
    else
      refuse_node(node, executors, problems);
  }
}

Problems reasons_to_refuse(const graph::Graph& graph, const exec::Executors& executors) {
  Problems problems = graph::check(graph);
  std::erase_if(problems, [](const Problem& problem) { return problem.severity != Severity::error; });
  for (const graph::Unsupported& construct : graph.unsupported)
    problems.push_back({Severity::error, construct.where, construct.reason, kRunnableInstead});
  refuse_nodes(graph, executors, problems);
  return problems;
}

}  // namespace

Result<Plan> make_plan(graph::Graph graph, const PlanOptions& options, const exec::Executors& executors) {
  if (!options.args.is_object())
    return fail(ErrorKind::usage, "the arguments of a run are not a JSON object", "for example --args '{\"name\": 1}'");
  if (options.concurrency == 0u)
    return fail(ErrorKind::usage, "a concurrency of 0 can run nothing", "use -j 1 or more");
  if (Problems problems = reasons_to_refuse(graph, executors); !problems.empty())
    return fail(
        Error(ErrorKind::input, fmt::format("workflow '{}' cannot be run", graph.name)).with(std::move(problems)));
  OE_TRY(Value inputs, bind_inputs(graph, options.args));
  return Planner::plan(std::make_shared<const graph::Graph>(std::move(graph)), options, std::move(inputs));
}

std::vector<std::string> fields_needed(const graph::Graph& graph, const graph::Node& node) {
  std::vector<std::optional<graph::Expression>> conditions;
  for (const graph::Edge& edge : graph.edges) {
    if (edge.to != node.id || !edge.when) continue;
    if (auto parsed = graph::Expression::parse(*edge.when)) conditions.emplace_back(std::move(*parsed));
  }
  return fields_needed(node, conditions);
}

}  // namespace oe::engine
