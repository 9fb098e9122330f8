#include "evolve/policy_evaluators.hpp"

#include <algorithm>

#include "evolve/named_files.hpp"

namespace oe::evolve {

namespace {

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "$.findings" in "length($.findings) > 2". A field that stands in a quoted text as well does no harm.
bool reads(const std::string& source, const std::string& field) {
  const std::string path = "$." + field;
  for (std::size_t at = source.find(path); at != std::string::npos; at = source.find(path, at + 1)) {
    const std::size_t end = at + path.size();
    if (end == source.size() || !is_of_name(source[end])) return true;
  }
  return false;
}

bool is_read_by(const std::vector<graph::Metric>& metrics, const std::string& field) {
  return std::any_of(metrics.begin(), metrics.end(),
                     [&](const graph::Metric& metric) { return reads(metric.source, field); });
}

bool is_judge(const graph::Node& node, const std::vector<graph::Metric>& metrics) {
  const auto is_read = [&](const std::string& field) { return is_read_by(metrics, field); };
  const auto& inner = graph::leaf(node).writes;
  return std::any_of(node.writes.begin(), node.writes.end(), is_read) ||
         std::any_of(inner.begin(), inner.end(), is_read);
}

void add_judges(std::set<std::string>& judges, const graph::Graph& graph, const std::vector<graph::Metric>& metrics) {
  for (const graph::Node& node : graph.nodes) {
    if (is_judge(node, metrics)) judges.insert(node.id.text);
    if (const graph::Graph* body = graph::body(node)) add_judges(judges, *body, metrics);
  }
}

}  // namespace

std::set<std::string> evaluator_files(const graph::Graph& graph) {
  std::set<std::string> judges, files;
  if (!graph.metrics.empty()) add_judges(judges, graph, graph.metrics);
  for (const NamedFile& file : named_files(graph)) {
    const auto path = judges.contains(file.node.text) ? inside_directory(file.path) : std::nullopt;
    if (path) files.insert(*path);
  }
  return files;
}

std::string overwritten_metric_field(const graph::Graph& graph, const std::vector<std::string>& writes) {
  for (const std::string& name : writes) {
    const graph::StateField* field = graph::find_field(graph, name);
    if (field != nullptr && field->merge != graph::Merge::array_append && is_read_by(graph.metrics, name)) return name;
  }
  return {};
}

}  // namespace oe::evolve
