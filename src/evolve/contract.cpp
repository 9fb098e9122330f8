#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/box.hpp"
#include "oe/doc/edit.hpp"
#include "oe/evolve/judge.hpp"
#include "oe/exec/dataset.hpp"
#include "oe/graph/check.hpp"

#include "evolve/parameter.hpp"

namespace oe::evolve {

namespace {

Result<void> broken(std::string what) {
  return fail(ErrorKind::failed, "breaks its contract: " + std::move(what));
}

std::vector<doc::Change> raw_changes(const Base& before, const Base& after) {
  return doc::changes(doc::to_value(before.reading.document.root()), doc::to_value(after.reading.document.root()));
}

// Exactly the parameter: the graph that is meant is the old one with the one value set, and the raw tree differs
// nowhere else.
Result<void> keeps_promise(const TuneParam& tune, const Base& before, const Base& after) {
  OE_TRY(const graph::Graph meant, with_parameter(before.reading.graph, tune.set));
  if (meant != after.reading.graph) return broken("something else than " + tune.set.name + " changed");
  const std::vector<doc::Change> changes = raw_changes(before, after);
  if (changes.empty()) return broken("nothing changed");
  const std::string place = parameter_pointer(before.reading.graph, tune.set);
  for (const doc::Change& change : changes) {
    const bool within = change.pointer.starts_with(place) || place.starts_with(change.pointer + "/");
    if (!within) return broken(fmt::format("{} changed too", change.pointer));
  }
  return {};
}

Result<void> adds_only_its_files(const git::Repository& repository, const Base& base, const AddNode& add,
                                 const Patch& patch) {
  if (patch.files.size() != add.files.size() + 1) return broken("other files than the node's own changed");
  for (const git::FileChange& file : patch.files) {
    if (file.path == base.workflow) continue;
    OE_TRY(auto existing, repository.read(base.commit, file.path));
    if (existing) return broken(file.path + " was there before");
  }
  return {};
}

Result<void> keeps_promise(const AddNode& add, const Base& before, const Base& after) {
  const graph::Difference difference = graph::difference(before.reading.graph, after.reading.graph);
  const NodeId id{add.insert.node.get("id").string_or("")};
  if (difference.added != std::vector{id}) return broken("not exactly one node was added");
  if (!difference.removed.empty() || !difference.changed.empty()) return broken("an existing node changed");
  const bool own_edges = std::is_permutation(difference.added_edges.begin(), difference.added_edges.end(),
                                             add.insert.edges.begin(), add.insert.edges.end());
  if (!difference.removed_edges.empty() || !own_edges) {
    return broken("the edges are not the old ones and those of the new node");
  }
  if (difference.rest_changed) return broken("something beside nodes and edges changed");
  const std::size_t members = raw_changes(before, after).size();
  if (members != 1 + add.insert.edges.size()) return broken("the raw tree changed in other places too");
  return {};
}

Result<void> keeps_promise(const git::Repository& repository, const AddDatasetCase& add, const Base& base,
                           const Patch& patch) {
  if (patch.files.size() != 1) return broken("more than one file changed");
  const git::FileChange& file = patch.files.front();
  OE_TRY(auto blob, repository.read(base.commit, file.path));
  OE_TRY(auto rows_after, exec::parse_rows(*file.bytes, add.format, file.path));
  Value rows_before = Value::array();
  if (blob) {
    OE_TRY(rows_before, exec::parse_rows(blob->bytes, add.format, file.path));
  }
  nlohmann::json meant = rows_before.json();
  meant.push_back(add.row.json());
  if (Value(std::move(meant)) != rows_after) return broken("the rows are not the old ones and the new case");
  return {};
}

}  // namespace

Result<void> check_contract(const git::Repository& repository, const Base& before, const Base& after,
                            const Operation& operation, const Patch& patch) {
  return std::visit(overloaded{
                        [&](const TuneParam& tune) -> Result<void> {
                          if (patch.files.size() != 1) return broken("more than the workflow file changed");
                          return keeps_promise(tune, before, after);
                        },
                        [&](const AddNode& add) -> Result<void> {
                          OE_CHECK(adds_only_its_files(repository, before, add, patch));
                          return keeps_promise(add, before, after);
                        },
                        [&](const AddDatasetCase& add) { return keeps_promise(repository, add, before, patch); },
                    },
                    operation);
}

}  // namespace oe::evolve
