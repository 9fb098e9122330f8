#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/evolve/proof.hpp"
#include "oe/graph/field_type.hpp"

#include "evolve/pairs_json.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;

tl::unexpected<Error> not_written_by_us(const std::string& what) {
  return fail(ErrorKind::input, "the record of the change is not one that oe wrote: " + what);
}

std::string text_in(const Value& value, std::string_view member) {
  return value.get(member).string_or("");
}

// The word that the writer made of each value of an enumeration, without another list of them.
template <class Enum, std::size_t N, class Write>
Result<Enum> value_for(const std::string& word, const std::array<Enum, N>& all, Enum silent, const Write& write) {
  if (word.empty()) return silent;
  for (const Enum one : all)
    if (write(one) == word) return one;
  return not_written_by_us(fmt::format("'{}' is no word for it", word));
}

Result<graph::Edge> edge_in(const Value& value) {
  using graph::EdgeOn;
  constexpr std::array all = {EdgeOn::success, EdgeOn::failure, EdgeOn::timeout, EdgeOn::end};
  graph::Edge edge{.from = {text_in(value, "from")}, .to = {text_in(value, "to")}};
  OE_TRY(edge.on, value_for(text_in(value, "on"), all, EdgeOn::success, [](EdgeOn on) {
           return text_in(formats::edge_value({.from = {}, .to = {}, .on = on}), "on");
         }));
  if (value.get("when").is_string()) edge.when = text_in(value, "when");
  edge.otherwise = value.get("else") == Value::of(true);
  return edge;
}

Result<graph::StateField> field_in(const std::string& name, const Value& value) {
  using graph::FieldType;
  using graph::Merge;
  constexpr std::array types = {FieldType::any,     FieldType::string, FieldType::number, FieldType::boolean,
                                FieldType::object, FieldType::array,  FieldType::null};
  constexpr std::array merges = {Merge::last_wins, Merge::set_once, Merge::array_append};
  graph::StateField field{.name = name, .description = text_in(value, "description")};
  OE_TRY(field.type, value_for(text_in(value, "type"), types, FieldType::any,
                               [](FieldType type) { return std::string(graph::to_string(type)); }));
  OE_TRY(field.merge, value_for(text_in(value, "merge"), merges, Merge::last_wins, [](Merge merge) {
           return text_in(formats::field_value({.name = {}, .merge = merge}), "merge");
         }));
  return field;
}

Result<Operation> tune_in(const Value& change) {
  const std::string name = text_in(change, "name");
  if (name.empty()) return not_written_by_us("it names no parameter");
  return TuneParam{.set = {.node = {text_in(change, "node")}, .name = name, .value = change.get("value")},
                   .from = change.get("from")};
}

Result<Operation> node_in(const Value& change) {
  AddNode add;
  add.insert.after.text = text_in(change, "after");
  add.insert.node = change.get("node");
  if (text_in(add.insert.node, "id").empty()) return not_written_by_us("the new node has no id");
  const Value edges = change.get("edges");
  const Json fields = change.get("fields").is_object() ? change.get("fields").json() : Json::object();
  const Value files = change.get("files");
  for (std::size_t i = 0; i < edges.size(); ++i) {
    OE_TRY(add.insert.edges.emplace_back(), edge_in(Value(edges.json()[i])));
  }
  for (const auto& [name, value] : fields.items()) {
    OE_TRY(add.insert.fields.emplace_back(), field_in(name, Value(value)));
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Value file(files.json()[i]);
    const bool runs = file.get("executable") == Value::of(true);
    add.files.push_back(
        {.path = text_in(file, "path"), .bytes = text_in(file, "bytes"), .mode = runs ? 0100755U : 0100644U});
  }
  return add;
}

Result<graph::RowFormat> format_in(const std::string& word) {
  using enum graph::RowFormat;
  if (word == "json") return json;
  if (word == "jsonl") return jsonl;
  if (word == "csv") return csv;
  if (word == "tsv") return tsv;
  return not_written_by_us(fmt::format("there is no row format '{}'", word));
}

Result<Operation> case_in(const Value& change) {
  AddDatasetCase add{.node = {text_in(change, "node")}, .file = text_in(change, "file")};
  OE_TRY(add.format, format_in(text_in(change, "format")));
  add.row = change.get("row");
  add.item = change.get("item");
  add.is_wrapped = change.get("is_wrapped") == Value::of(true);
  add.error = text_in(change, "error");
  return add;
}

Result<Operation> revert_in(const Value& change) {
  Revert revert{.proposal = {text_in(change, "proposal")},
                .commit = {text_in(change, "commit")},
                .target = text_in(change, "target"),
                .diff = text_in(change, "diff")};
  if (revert.proposal.empty() || revert.diff.empty()) return not_written_by_us("it takes nothing back");
  try {
    revert.metric = metric_in(change.get("metric").json());
    revert.promised = change.get("promised").json().get<double>();
    const Value runs = change.get("runs");
    for (const Json& pair : runs.json()) revert.runs.push_back(pair_in(pair, 1));
  } catch (const Json::exception& exception) {
    return not_written_by_us(exception.what());
  }
  return revert;
}

}  // namespace

Result<Operation> operation_of(const Value& change) {
  const std::string operation = text_in(change, "operation");
  if (operation == "tune-param") return tune_in(change);
  if (operation == "add-node") return node_in(change);
  if (operation == "add-dataset-case") return case_in(change);
  if (operation == "revert") return revert_in(change);
  return not_written_by_us(fmt::format("there is no operation '{}'", operation));
}

}  // namespace oe::evolve
