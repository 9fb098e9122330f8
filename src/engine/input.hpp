#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "oe/engine/plan.hpp"

#include "engine/state.hpp"

namespace oe::engine {

/// One element of an Each's list.
struct Item {
  std::uint64_t index = 0;
  Value value;
};

/// The names that work at a place may use: the state as it is there, and $item and $index of an item. Borrows
/// the state.
graph::Lookup lookup_at(const VersionedState& state, Place before, std::optional<Item> item = std::nullopt);

/// What an attempt is called with (AttemptSpec::input): the arguments of the run, over them those of the node
/// with their paths resolved, over them $item, $index, _state and _edge_inputs.
Value attempt_input(const graph::Node& node, const Value& run_args, const graph::Lookup& lookup,
                    const std::optional<Item>& item, const std::map<std::string, Value>& edge_inputs);

}  // namespace oe::engine
