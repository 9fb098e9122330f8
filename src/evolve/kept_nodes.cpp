#include "evolve/kept_nodes.hpp"

#include <algorithm>

#include "oe/engine/plan.hpp"
#include "oe/graph/check.hpp"

#include "evolve/named_files.hpp"

namespace oe::evolve {

namespace {

// A file that the patch writes and that nobody names may be read by anybody: then nothing is known.
bool add_readers(std::set<NodeId>& changed, const graph::Graph& graph, const std::string& path) {
  bool is_named = false;
  const auto look = [&](const std::string& named, const NodeId& node) {
    if (inside_directory(named) != path) return;
    changed.insert(node);
    is_named = true;
  };
  for (const NamedFile& file : named_files(graph)) look(file.path, file.node);
  for (const DatasetFile& file : dataset_files(graph)) look(file.path, file.loader);
  return is_named;
}

std::optional<std::set<NodeId>> changed_nodes(const Base& base, const graph::Graph& after, const Patch& patch) {
  const graph::Difference difference = graph::difference(base.reading.graph, after);
  if (difference.rest_changed) return std::nullopt;
  std::set<NodeId> changed(difference.changed.begin(), difference.changed.end());
  changed.insert(difference.added.begin(), difference.added.end());
  changed.insert(difference.removed.begin(), difference.removed.end());
  for (const graph::Edge& edge : difference.added_edges) changed.insert(edge.to);
  for (const graph::Edge& edge : difference.removed_edges) changed.insert(edge.to);
  for (const git::FileChange& file : patch.files) {
    if (file.path == base.workflow) continue;
    const std::string own = base.directory.empty() ? file.path : file.path.substr(base.directory.size() + 1);
    if (!add_readers(changed, after, own)) return std::nullopt;
  }
  return changed;
}

Result<std::set<NodeId>> behind(const graph::Graph& graph, const std::set<NodeId>& changed, const Value& args) {
  sys::EventLoop loop;
  sys::ProcessHost processes(loop);
  const exec::Executors executors = exec::standard_executors({.loop = loop, .processes = processes, .root = {}});
  OE_TRY(const engine::Plan plan, engine::make_plan(graph, {.args = args}, executors));
  return engine::onward(plan, changed);
}

}  // namespace

Result<std::set<NodeId>> kept_nodes(const Base& base, const graph::Graph& after, const Patch& patch,
                                    const RecordedRun& run) {
  auto changed = changed_nodes(base, after, patch);
  if (!changed) return std::set<NodeId>();
  const graph::Graph& before = base.reading.graph;
  for (const graph::Node& node : after.nodes) {
    const graph::Node* then = graph::find(run.graph, node.id);
    if (then == nullptr || *then != node) changed->insert(node.id);
  }
  OE_TRY(const auto old_part, behind(before, *changed, run.state.start.args));
  OE_TRY(const auto new_part, behind(after, *changed, run.state.start.args));
  std::set<NodeId> kept;
  for (const graph::Node& node : after.nodes)
    if (graph::find(before, node.id) != nullptr && !old_part.contains(node.id) && !new_part.contains(node.id))
      kept.insert(node.id);
  return kept;
}

}  // namespace oe::evolve
