#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <set>

#include "oe/base/text.hpp"
#include "oe/doc/edit.hpp"
#include "oe/exec/dataset.hpp"
#include "oe/graph/check.hpp"
#include "oe/patch/patch.hpp"

#include "evolve/named_files.hpp"
#include "evolve/parameter.hpp"
#include "evolve/read_operation.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;
using Changes = std::vector<git::FileChange>;

tl::unexpected<Error> not_one(std::string_view kind, std::string_view why) {
  return fail(ErrorKind::failed, fmt::format("the diff is no {}: {}", kind, why));
}

// Diffs name files from the root of the repository or from the workflow's directory.
std::string own_path(const Base& base, const std::string& path) {
  const std::string start = base.directory.empty() ? "" : base.directory + "/";
  return path.starts_with(start) ? path.substr(start.size()) : path;
}

/// The workflow as a diff leaves it.
Result<formats::Reading> read_after(const std::string& text, const Changes& changes, const AdvisorContext& context) {
  const auto changed = [&](const std::string& path) {
    return std::ranges::find(changes, inside_directory(path).value_or(path), &git::FileChange::path);
  };
  const formats::Files files{
      .read = [&](const std::string& path) -> Result<std::string> {
        const auto own = changed(path);
        return own == changes.end() ? context.files.read(path) : Result<std::string>(*own->bytes);
      },
      .kind =
          [&](const std::string& path) {
            return changed(path) == changes.end() ? context.files.kind(path) : formats::Files::Kind::executable;
          }};
  auto reading = formats::read_workflow(text, context.base.workflow, files);
  if (!reading)
    return fail(ErrorKind::failed, "the workflow cannot be read after the diff: " + reading.error().to_string());
  return reading;
}

Result<Operation> tune_of(const Base& base, const doc::Document& after) {
  const auto changes = doc::changes(doc::to_value(base.reading.document.root()), doc::to_value(after.root()));
  std::optional<formats::SetParameter> found;
  for (const doc::Change& change : changes) {
    OE_TRY(formats::SetParameter set, parameter_at(after, change.pointer));
    if (found && *found != set) {
      return not_one("tune-param", fmt::format("it changes {} and {}", found->name, set.name));
    }
    found = std::move(set);
  }
  if (!found) return not_one("tune-param", "it changes no value");
  TuneParam tune{.set = *found};
  OE_TRY(const std::string place, parameter_pointer(base.reading.document, tune.set));
  if (const doc::Node* now = base.reading.document.at(place)) tune.from = doc::to_value(*now);
  return tune;
}

// The new node as the file has it, and the one that it stands behind.
Result<formats::InsertNode> inserted(const doc::Document& after, const NodeId& id) {
  const Json tree = doc::to_value(after.root()).json();
  const Json::json_pointer nodes("/graph/nodes");
  NodeId previous;
  for (const Json& node : tree.contains(nodes) ? tree.at(nodes) : Json::array()) {
    const std::string name = Value(node).get("id").string_or("");
    if (name == id.text) return formats::InsertNode{.after = previous, .node = Value(node)};
    previous.text = name;
  }
  return not_one("add-node", fmt::format("{} is not in graph.nodes", id.text));
}

Result<Operation> node_of(const Base& base, const formats::Reading& after, const Changes& changes) {
  const graph::Difference difference = graph::difference(base.reading.graph, after.graph);
  if (difference.added.size() != 1) {
    return not_one("add-node", fmt::format("it adds {} nodes", difference.added.size()));
  }
  AddNode add;
  OE_TRY(add.insert, inserted(after.document, difference.added.front()));
  add.insert.edges = difference.added_edges;
  for (const graph::StateField& field : after.graph.state) {
    if (graph::find_field(base.reading.graph, field.name) == nullptr) add.insert.fields.push_back(field);
  }
  for (const git::FileChange& change : changes) {
    if (base.from_root(change.path) == base.workflow) continue;
    OE_TRY(git::FileChange file, new_file(change.path, *change.bytes));
    add.files.push_back(std::move(file));
  }
  return add;
}

Result<Operation> row_of(const Changes& changes, const AdvisorContext& context) {
  if (changes.size() != 1) return not_one("add-dataset-case", fmt::format("it changes {} files", changes.size()));
  OE_TRY(Operation operation, case_of(changes.front().path, Value(), context));
  AddDatasetCase& add = std::get<AddDatasetCase>(operation);
  OE_TRY(const Value after, exec::parse_rows(*changes.front().bytes, add.format, add.file));
  const auto before = context.evidence.rows(add.file, add.format);
  Json rows = after.json();
  if (!before || rows.size() != before->size() + 1) return not_one("add-dataset-case", "it does not add one row");
  add.row = add.item = Value(rows.back());
  rows.erase(rows.size() - 1);
  if (Value(std::move(rows)) != *before)
    return not_one("add-dataset-case", "it changes other rows, or adds one in the middle");
  return operation;
}

// Rows as OpenExpertise has them: a JSON array in place of a diff.
Result<Operation> row_in(const Value& rows, const std::string& file, const AdvisorContext& context) {
  if (rows.size() != 1)
    return not_one("add-dataset-case", fmt::format("it has {} rows; one proposal adds one", rows.size()));
  const std::vector<DatasetFile> known = dataset_files(context.base.reading.graph);
  if (file.empty() && known.size() != 1)
    return fail(ErrorKind::failed, "\"file\" must say which dataset file gets the row");
  return case_of(file.empty() ? known.front().path : file, Value(rows.json().front()), context);
}

Result<Operation> operation_of_changes(std::string_view kind, const Changes& changes, const AdvisorContext& context) {
  if (kind == "add-dataset-case") return row_of(changes, context);
  const Base& base = context.base;
  const auto workflow = std::ranges::find_if(
      changes, [&](const git::FileChange& change) { return base.from_root(change.path) == base.workflow; });
  if (workflow == changes.end()) return not_one(kind, base.workflow + " is not in it");
  OE_TRY(const formats::Reading after, read_after(*workflow->bytes, changes, context));
  if (kind == "add-node") return node_of(base, after, changes);
  if (changes.size() > 1) return not_one(kind, "it changes other files, too");
  return tune_of(base, after.document);
}

patch::Tree tree_of(const AdvisorContext& context) {
  return {.read = [&context](const std::string& path) -> std::optional<std::string> {
            const std::string own = own_path(context.base, path);
            if (context.files.kind(own) == formats::Files::Kind::missing) return std::nullopt;
            auto text = context.files.read(own);
            return text ? std::optional(std::move(*text)) : std::nullopt;
          },
          .paths = [&context] {
            std::vector<std::string> paths{own_path(context.base, context.base.workflow)};
            for (const NamedFile& file : named_files(context.base.reading.graph)) paths.push_back(file.path);
            for (const DatasetFile& file : dataset_files(context.base.reading.graph)) paths.push_back(file.path);
            return paths;
          }};
}

std::string target_of(std::string_view kind, const std::string& file, const AdvisorContext& context) {
  if (!file.empty()) return file;
  const std::vector<DatasetFile> known = dataset_files(context.base.reading.graph);
  if (kind == "add-dataset-case") return known.size() == 1 ? known.front().path : "";
  return own_path(context.base, context.base.workflow);
}

}  // namespace

Result<Operation> operation_of_diff(std::string_view kind, std::string_view diff, const std::string& file,
                                    const AdvisorContext& context) {
  if (kind == "add-dataset-case") {
    if (const auto rows = Value::parse(diff); rows && rows->is_array()) return row_in(*rows, file, context);
  }
  std::optional<Operation> meant;
  std::string objection;
  const auto accepts = [&](const std::vector<patch::FileEdit>& edits) {
    Changes changes;
    for (const patch::FileEdit& edit : edits)
      changes.push_back({.path = own_path(context.base, edit.path), .bytes = edit.after});
    auto operation = operation_of_changes(kind, changes, context);
    objection = operation ? "" : operation.error().to_string();
    if (operation) meant = std::move(*operation);
    return objection;
  };
  const auto found = patch::operate(
      {.text = diff, .target = target_of(kind, file, context), .accepts = accepts}, tree_of(context));
  if (found && meant) return std::move(*meant);
  if (!found && found.error().reason != patch::Reason::not_valid)
    return fail(ErrorKind::failed, patch::to_text(found.error()));
  return fail(ErrorKind::failed, objection.empty() ? patch::to_text(found.error()) : objection);
}

}  // namespace oe::evolve
