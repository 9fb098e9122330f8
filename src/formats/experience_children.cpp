#include <filesystem>
#include <fmt/core.h>

#include "oe/formats/models.hpp"

#include "formats/library.hpp"

namespace oe::formats {

namespace fs = std::filesystem;

namespace {

class Inclusion {
 public:
  Inclusion(const Source& source, graph::Graph& graph, Notes& notes) : source_(source), graph_(graph), notes_(notes) {}

  void run() {
    nodes_ = graph_.nodes.size();
    for (graph::Node& node : graph_.nodes) {
      if (std::holds_alternative<graph::Subgraph>(graph::leaf(node).work)) include(node);
    }
  }

 private:
  void include(graph::Node& outer) {
    auto* each = std::get_if<graph::Each>(&outer.work);
    graph::Node& node = each ? each->body->nodes.front() : outer;
    auto& child = std::get<graph::Subgraph>(node.work);
    const Spot spot = spot_of(node, "");
    if (child.impl.empty() || !find_file(child.impl, spot_of(node, "/impl"))) return;
    if (!take_body(child, spot_of(node, "/impl"))) return;
    fit_child(node, spot, graph_, notes_);
    if (!each) return;
    outer.reads = node.reads;
    outer.writes = node.writes;
  }

  Files::Kind kind(const std::string& path) const {
    return source_.files.kind(fs::path(path).lexically_normal().generic_string());
  }

  // A folder stands for the experience.yaml in it.
  bool find_file(std::string& impl, const Spot& spot) {
    if (kind(impl) == Files::Kind::directory) impl = (fs::path(impl) / "experience.yaml").string();
    if (kind(impl) != Files::Kind::missing) return true;
    notes_.error(spot, fmt::format("the file '{}' does not exist", impl),
                 "paths start at the folder of the workflow file");
    return false;
  }

  bool take_body(graph::Subgraph& child, const Spot& spot) {
    const std::string path = (fs::path(source_.directory) / child.impl).lexically_normal().generic_string();
    const graph::Graph* read = source_.library.include(path, spot, notes_);
    if (!read) return false;
    nodes_ += count_nodes(*read);
    if (nodes_ > kMostNodes) {
      notes_.error(spot, fmt::format("with this the workflow has more than {} nodes", kMostNodes));
      return false;
    }
    *child.body = *read;
    rebase(*child.body, fs::path(child.impl).parent_path().string());
    graph::Models models = child.body->models;
    models.standard.clear();
    models.advisor.clear();
    graph_.models = merged(std::move(graph_.models), models);
    return true;
  }

  Spot spot_of(const graph::Node& node, std::string_view below) const {
    const std::string path = fmt::format("{}{}", node.where.path, below);
    return {source_.document.at(path), path};
  }

  const Source& source_;
  graph::Graph& graph_;
  Notes& notes_;
  std::size_t nodes_ = 0;
};

}  // namespace

void include_children(const Source& source, graph::Graph& graph, Notes& notes) {
  Inclusion(source, graph, notes).run();
}

}  // namespace oe::formats
