#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/graph/check.hpp"
#include "oe/graph/expression.hpp"

namespace oe::graph {

Fillers::Fillers(const Graph& graph) : graph_(graph) {
  for (const Edge& edge : graph.edges) predecessors_[edge.to.text].push_back(edge.from.text);
}

std::vector<std::string> Fillers::names_for(const Node& node) const {
  std::vector<std::string> names = node.reads;
  const Value args = arguments(node);
  for (const auto& [key, value] : args.json().items()) names.push_back(key);
  const auto before = predecessors_.find(node.id.text);
  if (before != predecessors_.end()) names.insert(names.end(), before->second.begin(), before->second.end());
  // A construct that the graph cannot say (a pipeline, a loop) may give its nodes variables too.
  if (each(node) || !graph_.unsupported.empty()) {
    for (const char* variable : {"$item", "$index"}) names.emplace_back(variable);
  }
  return names;
}

std::string Fillers::hint_for(const std::string& name, const std::vector<std::string>& names) const {
  if (name == "$item" || name == "$index") return "only a node with for_each has it";
  if (find_field(graph_, name)) return fmt::format("add '{}' to reads", name);
  const std::string near = did_you_mean(name, names);
  return near.empty() ? "name a field of reads, an argument or the node right before" : near;
}

std::vector<Fillers::Unfilled> Fillers::unfilled(const Node& node, std::string_view text) const {
  const std::vector<Placeholder> all = placeholders(text);
  if (all.empty()) return {};
  const std::vector<std::string> names = names_for(node);
  std::vector<Unfilled> missing;
  for (const Placeholder& placeholder : all) {
    const std::string name = join(placeholder.path, ".");
    const bool filled = std::ranges::find(names, placeholder.path.front()) != names.end();
    if (filled || std::ranges::find(missing, name, &Unfilled::name) != missing.end()) continue;
    missing.push_back({name, hint_for(placeholder.path.front(), names)});
  }
  return missing;
}

}  // namespace oe::graph
