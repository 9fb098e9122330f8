#include "evolve/read_operation.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/graph/field_type.hpp"

#include "evolve/named_files.hpp"
#include "evolve/parameter.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;

template <class T>
using Words = std::array<std::pair<std::string_view, T>, 4>;

template <class T>
Result<T> word(const Words<T>& words, const Value& value, std::string_view what, T otherwise) {
  if (value.is_null()) return otherwise;
  for (const auto& [name, meaning] : words) {
    if (name == value.string_or("") && !name.empty()) return meaning;
  }
  return fail(ErrorKind::failed, fmt::format("{} {} is none of the words for it", what, value.dump()));
}

Result<std::string> text_of(const Value& entry, const std::string& member) {
  std::string text = entry.get(member).string_or("");
  if (text.empty()) return fail(ErrorKind::failed, fmt::format("\"{}\" is missing", member));
  return text;
}

Result<Value> json_of(const Value& entry, const std::string& member) {
  OE_TRY(const std::string text, text_of(entry, member));
  auto value = Value::parse(text);
  if (!value)
    return fail(ErrorKind::failed, fmt::format("\"{}\" is no JSON text: {}", member, value.error().message()));
  return *value;
}

Result<Operation> tune_of(const Value& entry, const AdvisorContext& context) {
  TuneParam tune;
  tune.set.node.text = entry.get("node").string_or("");
  OE_TRY(tune.set.name, text_of(entry, "parameter"));
  OE_TRY(tune.set.value, json_of(entry, "value"));
  const doc::Document& document = context.base.reading.document;
  if (tune.set.node.empty() && !tune.set.name.starts_with("runtime.")) {
    return fail(ErrorKind::failed, fmt::format("\"node\" is missing: whose {}?", tune.set.name));
  }
  if (tune.set.name.starts_with("runtime.")) tune.set.node = {};
  OE_TRY(const std::string place, parameter_pointer(document, tune.set));
  if (const doc::Node* now = document.at(place)) tune.from = doc::to_value(*now);
  return tune;
}

constexpr Words<graph::EdgeOn> kEnds = {{{"success", graph::EdgeOn::success},
                                         {"failure", graph::EdgeOn::failure},
                                         {"timeout", graph::EdgeOn::timeout},
                                         {"end", graph::EdgeOn::end}}};
constexpr Words<graph::Merge> kMerges = {{{"last_wins", graph::Merge::last_wins},
                                          {"set_once", graph::Merge::set_once},
                                          {"array_append", graph::Merge::array_append},
                                          {"", graph::Merge::last_wins}}};

Result<graph::Edge> edge_of(const Value& entry) {
  graph::Edge edge{.from = {entry.get("from").string_or("")}, .to = {entry.get("to").string_or("")}};
  OE_TRY(edge.on, word(kEnds, entry.get("on"), "\"on\"", graph::EdgeOn::success));
  if (entry.get("when").is_string()) edge.when = entry.get("when").string_or("");
  return edge;
}

Result<graph::FieldType> type_of(const Value& value) {
  using graph::FieldType;
  if (value.is_null()) return FieldType::any;
  for (const FieldType type : {FieldType::any, FieldType::string, FieldType::number, FieldType::boolean,
                               FieldType::object, FieldType::array, FieldType::null}) {
    if (graph::to_string(type) == value.string_or("")) return type;
  }
  return fail(ErrorKind::failed, fmt::format("there is no type {}", value.dump()));
}

Result<graph::StateField> field_of(const Value& entry) {
  graph::StateField field;
  OE_TRY(field.name, text_of(entry, "name"));
  OE_TRY(field.type, type_of(entry.get("type")));
  OE_TRY(field.merge, word(kMerges, entry.get("merge"), "\"merge\"", graph::Merge::last_wins));
  field.description = entry.get("description").string_or("");
  return field;
}

Result<git::FileChange> file_of(const Value& entry) {
  OE_TRY(const std::string path, text_of(entry, "path"));
  return new_file(path, entry.get("content").string_or(""));
}

template <class T>
Result<std::vector<T>> each_of(const Value& entry, std::string_view member, Result<T> (*read)(const Value&)) {
  std::vector<T> all;
  const Value list = entry.get(member);
  for (std::size_t i = 0; i < list.size(); ++i) {
    OE_TRY(T one, read(Value(list.json()[i])));
    all.push_back(std::move(one));
  }
  return all;
}

// Where a model does not say: behind the last node that leads to the new one, else behind the last of all.
NodeId place_for(const formats::InsertNode& insert, const graph::Graph& graph) {
  NodeId place = graph.nodes.empty() ? NodeId{} : graph.nodes.back().id;
  const std::string id = insert.node.get("id").string_or("");
  for (const graph::Edge& edge : insert.edges) {
    if (edge.to.text == id) place = edge.from;
  }
  return place;
}

Result<Operation> node_of(const Value& entry, const AdvisorContext& context) {
  AddNode add;
  OE_TRY(add.insert.node, json_of(entry, "new_node"));
  if (add.insert.node.get("id").string_or("").empty()) {
    return fail(ErrorKind::failed, "\"new_node\" must be an object with an id");
  }
  OE_TRY(add.insert.edges, each_of(entry, "edges", edge_of));
  OE_TRY(add.insert.fields, each_of(entry, "fields", field_of));
  OE_TRY(add.files, each_of(entry, "files", file_of));
  add.insert.after.text = entry.get("after").string_or("");
  if (add.insert.after.empty()) add.insert.after = place_for(add.insert, context.base.reading.graph);
  return add;
}

Result<Operation> row_of(const Value& entry, const AdvisorContext& context) {
  OE_TRY(const std::string file, text_of(entry, "file"));
  OE_TRY(Value row, json_of(entry, "row"));
  return case_of(file, std::move(row), context);
}

Result<Operation> operation_in(const Value& entry, const AdvisorContext& context) {
  const std::string kind = entry.get("operation").string_or("");
  const std::string diff = entry.get("diff").string_or("");
  if (!diff.empty()) return operation_of_diff(kind, diff, entry.get("file").string_or(""), context);
  if (kind == "tune-param") return tune_of(entry, context);
  if (kind == "add-node") return node_of(entry, context);
  if (kind == "add-dataset-case") return row_of(entry, context);
  return fail(ErrorKind::failed, fmt::format("there is no operation '{}'", kind));
}

}  // namespace

Result<git::FileChange> new_file(const std::string& path, std::string content) {
  const auto inside = inside_directory(path);
  if (!inside) return fail(ErrorKind::failed, path + " is outside of the workflow's directory");
  const std::uint32_t mode = content.starts_with("#!") ? 0100755 : 0100644;
  return git::FileChange{*inside, std::move(content), mode};
}

Result<Operation> case_of(const std::string& file, Value row, const AdvisorContext& context) {
  const std::vector<DatasetFile> known = dataset_files(context.base.reading.graph);
  const auto path = inside_directory(file);
  std::vector<std::string> names;
  for (const DatasetFile& one : known) {
    names.push_back(one.path);
    if (path != one.path) continue;
    return AddDatasetCase{.node = one.consumer.empty() ? one.loader : one.consumer,
                          .file = one.path,
                          .format = one.format,
                          .row = row,
                          .item = row};
  }
  return fail(ErrorKind::failed, fmt::format("the workflow loads no dataset file {}", file),
              names.empty() ? "it loads none" : "it loads " + join(names, ", "));
}

Result<Operation> read_operation(const Value& entry, const AdvisorContext& context) {
  OE_TRY(Operation operation, operation_in(entry, context));
  OE_CHECK(check_reach(operation));
  return operation;
}

}  // namespace oe::evolve
