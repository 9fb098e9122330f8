#include "evolve/confine.hpp"

namespace oe::evolve {

namespace {

// Far more than a build or a test suite starts at once, and far less than what a machine can hold.
constexpr std::uint64_t kMostProcesses = 512;

void confine(std::optional<graph::Sandbox>& sandbox, const std::string& to) {
  if (!sandbox) return;
  sandbox->network = false;
  sandbox->write = {to};
  if (!sandbox->processes) sandbox->processes = kMostProcesses;
}

void confine(graph::Graph& graph, const std::string& to) {
  confine(graph.runtime.sandbox, to);
  for (graph::Node& node : graph.nodes) {
    confine(node.sandbox, to);
    if (auto* each = std::get_if<graph::Each>(&node.work)) confine(*each->body, to);
    if (auto* repeat = std::get_if<graph::Repeat>(&node.work)) confine(*repeat->body, to);
    if (auto* experience = std::get_if<graph::Subgraph>(&node.work)) confine(*experience->body, to);
  }
}

}  // namespace

graph::Sandbox confined(const std::optional<graph::Sandbox>& asked, const std::filesystem::path& root,
                        const std::filesystem::path& directory) {
  std::optional<graph::Sandbox> sandbox = asked.value_or(graph::Sandbox{});
  confine(sandbox, root.lexically_relative(directory).generic_string());
  return *sandbox;
}

graph::Graph confined(graph::Graph graph, const std::filesystem::path& root, const std::filesystem::path& directory) {
  confine(graph, root.lexically_relative(directory).generic_string());
  return graph;
}

}  // namespace oe::evolve
