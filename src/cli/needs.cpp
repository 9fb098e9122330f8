#include "cli/needs.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <vector>

#include "oe/base/text.hpp"

namespace oe::cli {

namespace {

using Users = std::map<std::string, std::vector<std::string>>;

// A body has an id of its own only where it is another workflow.
void collect_users(const graph::Node& node, const std::string& prefix, Users& users) {
  const graph::Node& leaf = graph::leaf(node);
  for (const std::string& secret : leaf.secrets) users[secret].push_back(prefix + node.id.text);
  const graph::Graph* body = graph::body(leaf);
  if (body == nullptr) return;
  const bool is_experience = std::holds_alternative<graph::Subgraph>(leaf.work);
  const std::string inner = is_experience ? prefix + node.id.text + "/" : prefix;
  for (const graph::Node& each : body->nodes) collect_users(each, inner, users);
}

bool any_leaf(const graph::Graph& graph, bool (*is_it)(const graph::Node&)) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const graph::Node& node) {
    const graph::Node& leaf = graph::leaf(node);
    const graph::Graph* body = graph::body(leaf);
    return is_it(leaf) || (body != nullptr && any_leaf(*body, is_it));
  });
}

}  // namespace

Result<std::map<std::string, std::string>> secrets_of(const graph::Graph& graph,
                                                      const std::optional<std::set<NodeId>>& only) {
  Users users;
  for (const graph::Node& node : graph.nodes) {
    if (!only || only->contains(node.id)) collect_users(node, "", users);
  }
  std::map<std::string, std::string> values;
  std::vector<std::string> missing;
  std::string names;
  for (const auto& [name, nodes] : users) {
    const char* value = std::getenv(name.c_str());
    if (value != nullptr && *value != '\0') {
      values.emplace(name, value);
      continue;
    }
    missing.push_back(fmt::format("{} (for {})", name, join(nodes, ", ")));
    names += " " + name + "=...";
  }
  if (missing.empty()) return values;
  return fail(ErrorKind::environment,
              fmt::format("{} not set in the environment: {}",
                          missing.size() == 1 ? "a secret is" : "secrets are", join(missing, ", ")),
              fmt::format("export{} and type it again", names));
}

bool asks_for_sandbox(const graph::Graph& graph) {
  return graph.runtime.sandbox || any_leaf(graph, [](const graph::Node& leaf) { return leaf.sandbox.has_value(); });
}

bool asks_humans(const graph::Graph& graph) {
  return any_leaf(graph, [](const graph::Node& leaf) { return std::holds_alternative<graph::Human>(leaf.work); });
}

}  // namespace oe::cli
