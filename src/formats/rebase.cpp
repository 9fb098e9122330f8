#include <filesystem>

#include "oe/base/box.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

// Every path that a node can name. Paths that could not be read are empty and stay so.
class Rebase {
 public:
  explicit Rebase(const std::string& prefix) : prefix_(prefix) {}

  void graph(graph::Graph& graph) {
    sandbox(graph.runtime.sandbox);
    for (graph::Model& model : graph.models.all) {
      path(model.file);
      if (!model.command.empty() && model.command.front().find('/') != std::string::npos) path(model.command.front());
    }
    for (graph::Node& node : graph.nodes) {
      sandbox(node.sandbox);
      std::visit(*this, node.work);
    }
  }

  void operator()(graph::Tool& tool) { path(tool.impl); }
  void operator()(graph::Command& command) { start(command.workdir); }
  void operator()(graph::Agent& agent) { path(agent.prompt); }
  void operator()(graph::CliAgent& agent) { start(agent.workdir); }
  void operator()(graph::Skill& skill) { path(skill.impl); }
  void operator()(graph::Dataset& dataset) {
    std::visit(overloaded{[&](graph::FileSource& file) { path(file.uri); },
                          [&](graph::SqliteSource& base) { path(base.uri); },
                          [&](graph::McpSource& server) { start(server.directory); }, [](auto&) {}},
               dataset.source);
  }
  void operator()(graph::Subgraph& child) {
    path(child.impl);
    graph(*child.body);
  }
  void operator()(graph::Each& each) {
    if (each.rows) (*this)(*each.rows);
    graph(*each.body);
  }
  void operator()(graph::Repeat& repeat) { graph(*repeat.body); }
  void operator()(graph::Human&) {}
  void operator()(graph::Unsupported&) {}

 private:
  void path(std::string& path) const {
    if (!path.empty()) path = below(prefix_, path);
  }
  // Without a directory of its own a program starts in that of its workflow.
  void start(std::string& directory) const { directory = below(prefix_, directory.empty() ? "." : directory); }
  void sandbox(std::optional<graph::Sandbox>& sandbox) const {
    if (!sandbox) return;
    for (std::string& writable : sandbox->write) path(writable);
  }

  const std::string& prefix_;
};

}  // namespace

std::string below(const std::string& prefix, const std::string& path) {
  if (prefix.empty()) return path;
  std::string normal = (std::filesystem::path(prefix) / path).lexically_normal().generic_string();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

void rebase(graph::Graph& graph, const std::string& prefix) {
  if (!prefix.empty() && prefix != ".") Rebase(prefix).graph(graph);
}

}  // namespace oe::formats
