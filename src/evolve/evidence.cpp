#include "oe/evolve/evidence.hpp"

#include <nlohmann/json.hpp>

#include "oe/graph/expression.hpp"

namespace oe::evolve {

namespace {

ledger::FieldMerge field_merge(graph::Merge merge) {
  switch (merge) {
    case graph::Merge::last_wins:
      return ledger::FieldMerge::last_wins;
    case graph::Merge::set_once:
      return ledger::FieldMerge::set_once;
    case graph::Merge::array_append:
      return ledger::FieldMerge::array_append;
  }
  return ledger::FieldMerge::last_wins;
}

// A field as the node at topological position `order` saw it.
std::optional<Value> field_before(const RecordedRun& run, std::string_view name, std::uint64_t order) {
  const graph::StateField* field = graph::find_field(run.graph, name);
  const auto writes = run.state.writes.find(std::string(name));
  if (field == nullptr || writes == run.state.writes.end()) return std::nullopt;
  return ledger::merged(writes->second, field_merge(field->merge), order);
}

}  // namespace

std::optional<Value> items_of(const RecordedRun& run, const NodeId& each) {
  const graph::Node* node = graph::find(run.graph, each);
  const graph::Each* fan_out = node == nullptr ? nullptr : graph::each(*node);
  const auto state = run.state.nodes.find(each);
  if (fan_out == nullptr || state == run.state.nodes.end() || state->second.ready == 0) return std::nullopt;

  const auto path = graph::parse_path(fan_out->source);
  if (!path) return std::nullopt;
  const auto lookup = [&](std::string_view name) { return field_before(run, name, state->second.order); };
  std::optional<Value> list = graph::resolve_path(*path, lookup);
  if (!list || !list->is_array()) return std::nullopt;
  if (state->second.items && *state->second.items != list->size()) return std::nullopt;
  return list;
}

}  // namespace oe::evolve
