#include "evolve/named_files.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace oe::evolve {

namespace {

void add_files(std::vector<NamedFile>& files, const graph::Graph& graph) {
  for (const graph::Node& node : graph.nodes) {
    const graph::Node& leaf = graph::leaf(node);
    if (const auto* tool = std::get_if<graph::Tool>(&leaf.work)) files.push_back({tool->impl, node.id, "tool"});
    if (const auto* agent = std::get_if<graph::Agent>(&leaf.work)) files.push_back({agent->prompt, node.id, "prompt"});
    if (const auto* skill = std::get_if<graph::Skill>(&leaf.work)) files.push_back({skill->impl, node.id, "skill"});
    const auto* command = std::get_if<graph::Command>(&leaf.work);
    const auto* words = command == nullptr ? nullptr : std::get_if<std::vector<std::string>>(&command->run);
    for (std::size_t i = 0; words != nullptr && i < words->size(); ++i)
      files.push_back({(*words)[i], node.id, "argument"});
    const graph::Graph* body = graph::body(node);
    if (body != nullptr && !std::holds_alternative<graph::Subgraph>(node.work)) add_files(files, *body);
  }
}

NodeId consumer_of(const graph::Graph& graph, const std::string& field) {
  const auto runs_over = [&](const graph::Node& node) {
    const auto* each = std::get_if<graph::Each>(&node.work);
    return each != nullptr && each->source == "$." + field;
  };
  const auto found = std::ranges::find_if(graph.nodes, runs_over);
  return found == graph.nodes.end() ? NodeId{} : found->id;
}

const graph::FileSource* file_source(const graph::Dataset& dataset) {
  return std::get_if<graph::FileSource>(&dataset.source);
}

}  // namespace

std::vector<NamedFile> named_files(const graph::Graph& graph) {
  std::vector<NamedFile> files;
  add_files(files, graph);
  return files;
}

std::vector<DatasetFile> dataset_files(const graph::Graph& graph) {
  std::vector<DatasetFile> files;
  for (const graph::Node& node : graph.nodes) {
    const auto* dataset = std::get_if<graph::Dataset>(&node.work);
    const auto* each = std::get_if<graph::Each>(&node.work);
    const graph::FileSource* source = dataset != nullptr   ? file_source(*dataset)
                                      : each && each->rows ? file_source(*each->rows)
                                                           : nullptr;
    const auto path = source == nullptr ? std::nullopt : inside_directory(source->uri);
    if (!path) continue;
    const std::string field = dataset != nullptr && node.writes.size() == 1 ? node.writes.front() : "";
    files.push_back({*path, source->format, node.id, field, dataset == nullptr ? node.id : consumer_of(graph, field)});
  }
  return files;
}

std::optional<std::string> inside_directory(const std::string& path) {
  const std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  const bool leaves = normal.is_absolute() || normal.empty() || *normal.begin() == "..";
  return leaves ? std::nullopt : std::optional(normal.generic_string());
}

}  // namespace oe::evolve
