#include <algorithm>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

void name_prompt(graph::Agent& agent, const Files& files) {
  const Result<std::string> text = files.read(agent.prompt);
  if (!text) return;
  for (const graph::Placeholder& placeholder : graph::placeholders(*text)) {
    std::string name = join(placeholder.path, ".");
    if (std::ranges::find(agent.names, name) == agent.names.end()) agent.names.push_back(std::move(name));
  }
}

}  // namespace

void name_prompts(graph::Graph& graph, const Files& files) {
  for (graph::Node& node : graph.nodes) {
    if (auto* agent = std::get_if<graph::Agent>(&node.work)) name_prompt(*agent, files);
    if (auto* many = std::get_if<graph::Each>(&node.work)) name_prompts(*many->body, files);
    if (auto* loop = std::get_if<graph::Repeat>(&node.work)) name_prompts(*loop->body, files);
  }
}

}  // namespace oe::formats
