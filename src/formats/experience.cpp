#include "formats/experience.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/graph/check.hpp"

namespace oe::formats {

namespace {

using graph::Graph;
using graph::Merge;

constexpr std::array<Word<Merge>, 3> kMerges = {{
    {"last_wins", Merge::last_wins},
    {"set_once", Merge::set_once},
    {"array_append", Merge::array_append},
}};

// ^\d+\.\d+\.\d+$
bool is_version(std::string_view text) {
  const std::vector<std::string> numbers = split(text, '.');
  return numbers.size() == 3 && std::ranges::all_of(numbers, [](const std::string& number) {
           return !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
         });
}

std::string read_version(Fields& top) {
  const std::string version = top.text("version", Need::required);
  const auto spot = top.find("version");
  if (spot && !top.notes().is_spoilt(spot->path) && !is_version(version)) {
    top.notes().error(*spot, fmt::format("must be three numbers, found '{}'", ellipsis(version, 60)),
                      "write it like 0.1.0");
  }
  return version;
}

graph::StateField read_field(const doc::Member& member, const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::StateField field;
  field.name = member.key.text;
  field.where = notes.locate({&member.key, spot.path});
  field.type = fields.choice("type", kFieldTypes).value_or(graph::FieldType::any);
  field.merge = fields.choice("merge", kMerges).value_or(Merge::last_wins);
  field.description = fields.text("description");
  for (const char* unused : {"items", "properties", "required", "$ref"}) fields.find(unused);
  fields.finish(Unknown::slip);
  return field;
}

std::vector<graph::StateField> read_state(const Spot& spot, Notes& notes) {
  Fields state(spot, notes);
  std::vector<graph::StateField> all;
  state.text("store");
  if (const auto schema = state.find("schema", Need::required); schema && Fields(*schema, notes).usable()) {
    for (const doc::Member& member : schema->content().members) {
      const std::string path = fmt::format("{}/{}", schema->path, doc::pointer_token(member.key.text));
      all.push_back(read_field(member, {&member.value, path}, notes));
    }
  }
  state.finish(Unknown::error, "fields go under state.schema");
  return all;
}

graph::Phase read_phase(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::Phase phase{
      .id = fields.text("id", Need::required), .title = fields.text("title"), .where = notes.locate(spot)};
  fields.finish(Unknown::error);
  return phase;
}

void read_nodes(Fields& fields, Graph& graph) {
  Notes& notes = fields.notes();
  const std::vector<Spot> nodes = fields.items("nodes", Need::required);
  if (const auto list = fields.find("nodes"); list && nodes.empty() && !notes.is_spoilt(list->path)) {
    notes.error(*list, "must hold at least one node");
  }
  for (const Spot& node : nodes) {
    if (auto read = read_node(node, notes)) graph.nodes.push_back(std::move(*read));
  }
  for (const Spot& edge : fields.items("edges", Need::required)) {
    if (auto read = read_edge(edge, notes)) graph.edges.push_back(std::move(*read));
  }
}

void read_graph(const Spot& spot, const Source& source, Notes& notes, Graph& graph) {
  Fields fields(spot, notes);
  read_nodes(fields, graph);
  include_children(source, graph, notes);
  std::vector<Group> groups = read_groups(fields, graph);
  std::vector<std::string> group_ids;
  for (const Group& group : groups) group_ids.push_back(group.node.id.text);
  add_then_edges(source.document, group_ids, graph, notes);
  lower_groups(std::move(groups), graph, notes);
  fields.finish(Unknown::error);
}

Graph lower_experience(const Source& source, Notes& notes) {
  Fields top({&source.document.root(), ""}, notes);
  Graph graph;
  if (!top.usable()) return graph;
  graph.name = top.filled_text("name");
  graph.version = read_version(top);
  graph.description = top.text("description");
  if (const auto on = top.find("on")) graph.on = read_triggers(*on, notes);
  if (const auto state = top.find("state", Need::required)) graph.state = read_state(*state, notes);
  read_interface(top, graph);
  for (const Spot& phase : top.items("phases")) graph.phases.push_back(read_phase(phase, notes));
  if (const auto runtime = top.find("runtime")) graph.runtime = read_runtime(*runtime, notes);
  if (const auto models = top.find("models")) graph.models = read_models_at(*models, notes);
  if (const auto body = top.find("graph", Need::required)) read_graph(*body, source, notes, graph);
  top.finish(Unknown::error);
  return graph;
}

// Without fields, nodes or edges nearly everything that the graph check could say would only repeat that.
bool is_worth_checking(const Notes& notes) {
  constexpr std::array kSkeleton = {"/state/schema", "/graph/nodes", "/graph/edges"};
  return std::ranges::none_of(kSkeleton, [&](const char* part) { return notes.is_spoilt(part); });
}

}  // namespace

Reading read_experience(Source source) {
  Notes notes(source.document);
  Graph graph = lower_experience(source, notes);
  name_prompts(graph, source.files);
  if (is_worth_checking(notes)) notes.take(graph::check(graph));
  check_files(graph, source.document, source.files, notes);
  Problems problems = std::move(notes).sorted();
  return {.document = std::move(source.document), .graph = std::move(graph), .problems = std::move(problems)};
}

}  // namespace oe::formats
