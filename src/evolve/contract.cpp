#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/box.hpp"
#include "oe/doc/edit.hpp"
#include "oe/evolve/judge.hpp"
#include "oe/exec/dataset.hpp"
#include "oe/graph/check.hpp"

#include "evolve/contract_text.hpp"
#include "evolve/parameter.hpp"
#include "evolve/revert.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;

Result<void> broken(std::string what) {
  return fail(ErrorKind::failed, "breaks its contract: " + std::move(what));
}

Json raw_tree(const Base& base) {
  return doc::to_value(base.reading.document.root()).json();
}

// The raw tree holds what the graph leaves out (titles, keys that only people read), so it must be the one that is
// meant to the last value. Comments and layout are no part of it: keeps_text() looks at them.
Result<void> is_raw_tree(Json meant, const Base& after, const std::string& what) {
  const std::vector<doc::Change> changes = doc::changes(Value(std::move(meant)), Value(raw_tree(after)));
  if (changes.empty()) return {};
  return broken(fmt::format("something else than {} changed: {} is not what was meant", what, changes.front().pointer));
}

Result<void> changes_only_workflow(const Base& base, const Patch& patch) {
  if (patch.files.size() == 1 && patch.files.front().path == base.workflow) return {};
  return broken("not exactly the workflow file changed");
}

// The node, or the pipeline or loop that it is in; nothing when the run itself is meant.
bool changes_one_place(const graph::Difference& difference, bool is_run) {
  const bool same_shape = difference.added.empty() && difference.removed.empty() && difference.added_edges.empty() &&
                          difference.removed_edges.empty();
  return same_shape && difference.rest_changed == is_run && difference.changed.size() == (is_run ? 0U : 1U);
}

Result<void> keeps_promise(const TuneParam& tune, const Base& before, const Base& after) {
  OE_TRY(const std::string place, parameter_pointer(before.reading.document, tune.set));
  Json tree = raw_tree(before);
  try {
    tree[Json::json_pointer(place)] = tune.set.value.json();
  } catch (const Json::exception&) {
    return broken("there is no place for " + place);
  }
  if (tree == raw_tree(before)) return broken("nothing changed");
  OE_CHECK(is_raw_tree(std::move(tree), after, tune.set.name));
  if (!changes_one_place(graph::difference(before.reading.graph, after.reading.graph), tune.set.node.empty())) {
    return broken("something else than " + tune.set.name + " changed");
  }
  return keeps_text(before, after, tune);
}

// The workflow and the files of the operation, each once and with the bytes that it names, and none was there before.
Result<void> adds_only_its_files(const git::Repository& repository, const Base& base, const AddNode& add,
                                 const Patch& patch) {
  std::size_t own = 0;
  for (git::FileChange file : add.files) {
    file.path = base.from_root(file.path);
    own += static_cast<std::size_t>(std::count(patch.files.begin(), patch.files.end(), file));
    OE_TRY(auto existing, repository.read(base.commit, file.path));
    if (existing) return broken(file.path + " was there before");
  }
  const auto is_workflow = [&](const git::FileChange& file) { return file.path == base.workflow; };
  const auto workflows = std::count_if(patch.files.begin(), patch.files.end(), is_workflow);
  if (workflows == 1 && own == add.files.size() && patch.files.size() == own + 1) return {};
  return broken("other files than the workflow and the node's own changed");
}

// The node right behind the one that it follows, its edges behind all others, its fields beside them.
Result<Json> with_node(Json tree, const formats::InsertNode& insert) {
  try {
    Json& nodes = tree.at("graph").at("nodes");
    const auto after = std::find_if(nodes.begin(), nodes.end(),
                                    [&](const Json& node) { return node.at("id") == Json(insert.after.text); });
    if (after == nodes.end()) return fail(ErrorKind::failed, "there is no node " + insert.after.text);
    nodes.insert(after + 1, insert.node.json());
    for (const graph::Edge& edge : insert.edges) tree["graph"]["edges"].push_back(formats::edge_value(edge).json());
    for (const graph::StateField& field : insert.fields) {
      tree["state"]["schema"][field.name] = formats::field_value(field).json();
    }
    return tree;
  } catch (const Json::exception& error) {
    return fail(ErrorKind::failed, fmt::format("the workflow has no list of nodes: {}", error.what()));
  }
}

// New fields are those that the new node is the first to write.
Result<graph::Graph> with_fields(graph::Graph graph, const formats::InsertNode& insert) {
  const Json& node = insert.node.json();
  const Json writes = node.is_object() ? node.value("writes", Json::array()) : Json::array();
  for (const graph::StateField& field : insert.fields) {
    if (graph::find_field(graph, field.name) != nullptr) {
      return fail(ErrorKind::failed, "breaks its contract: the field " + field.name + " was there before");
    }
    if (std::find(writes.begin(), writes.end(), Json(field.name)) == writes.end()) {
      return fail(ErrorKind::failed, "breaks its contract: the new node does not write the new field " + field.name);
    }
    graph.state.push_back(field);
  }
  return graph;
}

Result<void> keeps_promise(const AddNode& add, const Base& before, const Base& after) {
  OE_TRY(const graph::Graph old, with_fields(before.reading.graph, add.insert));
  const graph::Difference difference = graph::difference(old, after.reading.graph);
  const NodeId id{add.insert.node.get("id").string_or("")};
  if (difference.added != std::vector{id}) return broken("not exactly one node was added");
  if (!difference.removed.empty() || !difference.changed.empty()) return broken("an existing node changed");
  const bool own_edges = std::is_permutation(difference.added_edges.begin(), difference.added_edges.end(),
                                             add.insert.edges.begin(), add.insert.edges.end());
  if (!difference.removed_edges.empty() || !own_edges) {
    return broken("the edges are not the old ones and those of the new node");
  }
  if (difference.rest_changed) return broken("something beside nodes and edges changed");
  OE_TRY(Json tree, with_node(raw_tree(before), add.insert));
  OE_CHECK(is_raw_tree(std::move(tree), after, "the new node"));
  return keeps_text(before, after, add);
}

Result<void> keeps_promise(const git::Repository& repository, const AddDatasetCase& add, const Base& base,
                           const Patch& patch) {
  if (patch.files.size() != 1 || patch.files.front().path != base.from_root(add.file)) {
    return broken("not exactly " + add.file + " changed");
  }
  const git::FileChange& file = patch.files.front();
  OE_TRY(auto blob, repository.read(base.commit, file.path));
  OE_TRY(auto rows_after, exec::parse_rows(file.bytes.value_or(""), add.format, file.path));
  Value rows_before = Value::array();
  if (blob) {
    OE_TRY(rows_before, exec::parse_rows(blob->bytes, add.format, file.path));
  }
  Json meant = rows_before.json();
  meant.push_back(add.row.json());
  if (Value(std::move(meant)) != rows_after) return broken("the rows are not the old ones and the new case");
  return keeps_rows_text(blob ? blob->bytes : "", file.bytes.value_or(""));
}

}  // namespace

Result<void> check_contract(const git::Repository& repository, const Base& before, const Base& after,
                            const Operation& operation, const Patch& patch) {
  return std::visit(overloaded{
                        [&](const TuneParam& tune) -> Result<void> {
                          OE_CHECK(changes_only_workflow(before, patch));
                          return keeps_promise(tune, before, after);
                        },
                        [&](const AddNode& add) -> Result<void> {
                          OE_CHECK(adds_only_its_files(repository, before, add, patch));
                          return keeps_promise(add, before, after);
                        },
                        [&](const AddDatasetCase& add) { return keeps_promise(repository, add, before, patch); },
                        [&](const Revert& revert) { return check_revert(repository, before, after, revert, patch); },
                    },
                    operation);
}

}  // namespace oe::evolve
