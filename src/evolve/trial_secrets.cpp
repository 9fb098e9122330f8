#include "evolve/trial_secrets.hpp"

#include <cstdlib>

#include "oe/llm/client.hpp"

namespace oe::evolve {

namespace {

void grant(graph::Graph& graph, const std::vector<std::string>& keys) {
  for (graph::Node& node : graph.nodes) {
    if (std::holds_alternative<graph::CliAgent>(node.work)) {
      node.secrets.insert(node.secrets.end(), keys.begin(), keys.end());
    }
    if (auto* each = std::get_if<graph::Each>(&node.work)) grant(*each->body, keys);
    if (auto* repeat = std::get_if<graph::Repeat>(&node.work)) grant(*repeat->body, keys);
    if (auto* experience = std::get_if<graph::Subgraph>(&node.work)) {
      grant(*experience->body, keys);
      experience->body->secrets.insert(experience->body->secrets.end(), keys.begin(), keys.end());
    }
  }
}

}  // namespace

std::map<std::string, std::string> trial_secrets(const graph::Graph& graph) {
  std::vector<std::string> names = llm::key_variables(graph.models);
  names.insert(names.end(), graph.secrets.begin(), graph.secrets.end());
  std::map<std::string, std::string> secrets;
  for (const std::string& name : names) {
    const char* value = std::getenv(name.c_str());
    if (value != nullptr && *value != '\0') secrets.emplace(name, value);
  }
  return secrets;
}

graph::Graph with_keys_for_agents(graph::Graph graph) {
  const std::vector<std::string> keys = llm::key_variables(graph.models);
  grant(graph, keys);
  graph.secrets.insert(graph.secrets.end(), keys.begin(), keys.end());
  return graph;
}

}  // namespace oe::evolve
