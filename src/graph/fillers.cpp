#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/graph/check.hpp"
#include "oe/graph/expression.hpp"

#include "graph/path_types.hpp"
#include "graph/upstream.hpp"

namespace oe::graph {

namespace {

// What the node itself, or the nodes of its body, have.
void add_variables(const Node& node, std::vector<std::string>& variables) {
  const auto add = [&](std::initializer_list<std::string> names) {
    variables.insert(variables.end(), names.begin(), names.end());
  };
  if (const auto* many = std::get_if<Each>(&node.work)) {
    add({"$item", "$index"});
    if (!many->as.empty()) add({"$" + many->as});
    if (!each(node)) add({"$pipeline"});
  }
  if (std::holds_alternative<Repeat>(node.work)) add({"$iter", "$loop"});
}

}  // namespace

Fillers::Fillers(const Graph& graph) : Fillers(graph, nullptr, nullptr) {}

Fillers::Fillers(const Graph& body, const Fillers* outer, const Node* owner)
    : graph_(&body), outer_(outer), owner_(owner), upstream_(std::make_shared<const Upstream>(body)) {
  for (const Edge& edge : body.edges) predecessors_[edge.to.text].push_back(edge.from.text);
}

Fillers Fillers::inside(const Node& owner) const {
  return Fillers(*body(owner), this, &owner);
}

std::vector<std::string> Fillers::variables() const {
  if (!outer_) return {};
  std::vector<std::string> variables = outer_->variables();
  add_variables(*owner_, variables);
  return variables;
}

bool Fillers::is_upstream(std::string_view id, std::string_view of) const {
  return upstream_->is_before(id, of) || (outer_ && outer_->is_upstream(id, owner_->id.text));
}

bool Fillers::has_node(std::string_view id) const {
  return upstream_->has(id) || (outer_ && outer_->has_node(id));
}

// The first nodes of a body have those of the construct.
const std::vector<std::string>& Fillers::right_before(const Node& node) const {
  static const std::vector<std::string> kNone;
  const auto found = predecessors_.find(node.id.text);
  if (found != predecessors_.end()) return found->second;
  return outer_ ? outer_->right_before(*owner_) : kNone;
}

std::vector<std::string> Fillers::names_for(const Node& node) const {
  std::vector<std::string> names = node.reads;
  const Value args = arguments(node);
  for (const auto& [key, value] : args.json().items()) names.push_back(key);
  const std::vector<std::string>& before = right_before(node);
  names.insert(names.end(), before.begin(), before.end());
  std::vector<std::string> all = variables();
  if (each(node)) add_variables(node, all);
  for (const std::string& variable : all) {
    names.push_back(variable);
    names.push_back(variable.substr(1));
  }
  return names;
}

bool Fillers::is_filled(const Node& node, const Placeholder& placeholder, const std::vector<std::string>& names) const {
  const std::string& first = placeholder.path.front();
  if (std::ranges::find(names, first) != names.end()) return true;
  if (first == "$nodes" && placeholder.path.size() > 1) {
    return is_upstream(placeholder.path[1], node.id.text) && !path_types(placeholder.path, "", {}).fault;
  }
  if (first != "$run") return false;
  return !path_types(placeholder.path, "", {.inputs = &root().inputs}).fault;
}

std::string Fillers::hint_for(const Placeholder& placeholder, const std::vector<std::string>& names) const {
  const std::string& name = placeholder.path.front();
  if (name == "$item" || name == "$index") return "only a node with for_each has it";
  if (name == "$secrets") return "only a header of an http source can hold a secret";
  if (name == "$nodes") return "write '{{$nodes.<id>.status}}' or '.output', of a node before this one";
  if (name == "$run") return path_types(placeholder.path, "", {.inputs = &root().inputs}).hint;
  if (find_field(root(), name)) return fmt::format("add '{}' to reads", name);
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
    if (is_filled(node, placeholder, names) || std::ranges::find(missing, name, &Unfilled::name) != missing.end()) {
      continue;
    }
    missing.push_back({name, hint_for(placeholder, names), placeholder.begin});
  }
  return missing;
}

}  // namespace oe::graph
