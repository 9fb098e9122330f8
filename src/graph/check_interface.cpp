#include <fmt/core.h>
#include <unordered_set>

#include "oe/base/text.hpp"

#include "graph/index.hpp"
#include "graph/types.hpp"

namespace oe::graph {

namespace {

void add(Problems& problems, Location where, std::string message, std::string hint = {}) {
  problems.push_back({.where = std::move(where), .message = std::move(message), .hint = std::move(hint)});
}

void check_inputs(const Graph& graph, Problems& problems) {
  std::unordered_set<std::string_view> names;
  for (const Input& input : graph.inputs) {
    if (!names.insert(input.name).second) {
      add(problems, input.where, fmt::format("there are two inputs with the name '{}'", input.name), "rename one of them");
    }
    if (!input.otherwise || takes(input.type, *input.otherwise)) continue;
    add(problems, place_below(input.where, "/default"),
        fmt::format("the default of input '{}' must be {}, found {}", input.name, described(types_of(input.type)),
                    ellipsis(input.otherwise->dump(), 60)));
  }
}

void check_outputs(const Graph& graph, Problems& problems) {
  std::unordered_set<std::string_view> names;
  for (const Output& output : graph.outputs) {
    if (!names.insert(output.name).second) {
      add(problems, output.where, fmt::format("there are two outputs with the name '{}'", output.name), "rename one of them");
    }
    const auto path = parse_path(output.value);
    if (path && !path->front().starts_with('$')) continue;
    add(problems, output.where,
        fmt::format("output '{}' is '{}', which is no path to a state field", output.name, ellipsis(output.value, 60)),
        "write '$.field'");
  }
}

}  // namespace

void check_interface(const Index& root, Problems& problems) {
  check_inputs(root.graph, problems);
  check_outputs(root.graph, problems);
}

}  // namespace oe::graph
