#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "graph/index.hpp"
#include "graph/path_text.hpp"
#include "graph/path_types.hpp"

namespace oe::graph {

// An unknown variable in an argument is only a text (section 2.1 of the reference); $run and $nodes always are
// variables.
void check_names(const Index& index, Problems& problems) {
  for (const Node& node : index.graph.nodes) {
    const auto paths = paths_of(arguments(node));
    if (paths.empty()) continue;
    const Scope scope = index.scope(node.id.text);
    for (const auto& path : paths) {
      if (path.front() != "$run" && path.front() != "$nodes") continue;
      PathTypes found = path_types(path, join(path, "."), scope);
      if (!found.fault) continue;
      problems.push_back({.severity = found.severity,
                          .where = place_below(node.where, "/args"),
                          .message = fmt::format("an argument of node '{}' names '{}', and {}", node.id.text,
                                                 join(path, "."), *found.fault),
                          .hint = std::move(found.hint)});
    }
  }
}

// A child that shares the state works on the fields of its caller.
void check_children(const Index& index, Problems& problems) {
  for (const Node& node : index.graph.nodes) {
    const auto* child = std::get_if<Subgraph>(&leaf(node).work);
    if (!child || child->scope != StateScope::shared) continue;
    for (const StateField& inner : child->body->state) {
      const StateField* field = index.field(inner.name);
      if (!field || (types_of(field->type) & types_of(inner.type) & ~kNull) != 0) continue;
      problems.push_back({.where = place_below(node.where, "/state_scope"),
                          .message = fmt::format("the field '{}' that '{}' shares with {} is {} here and {} there",
                                                 inner.name, node.id.text, child->impl,
                                                 described(types_of(field->type)), described(types_of(inner.type))),
                          .hint = "declare it with the same type in both"});
    }
  }
}

}  // namespace oe::graph
