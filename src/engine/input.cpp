#include "engine/input.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace oe::engine {

graph::Lookup lookup_at(const VersionedState& state, Place before, std::optional<Item> item) {
  return [&state, before, item = std::move(item)](std::string_view name) -> std::optional<Value> {
    if (item && name == "$item") return item->value;
    if (item && name == "$index") return Value::of(item->index);
    return state.at(name, before);
  };
}

Value attempt_input(const graph::Node& node, const Value& run_args, const graph::Lookup& lookup,
                    const std::optional<Item>& item, const std::map<std::string, Value>& edge_inputs) {
  nlohmann::json input = run_args.json();
  if (const Value args = graph::resolve(graph::arguments(node), lookup); args.is_object()) input.update(args.json());
  if (item) {
    input["$item"] = item->value.json();
    input["$index"] = item->index;
  }
  nlohmann::json& state = input["_state"] = nlohmann::json::object();
  for (const std::string& field : node.reads)
    if (const std::optional<Value> value = lookup(field)) state[field] = value->json();
  nlohmann::json& edges = input["_edge_inputs"] = nlohmann::json::object();
  for (const auto& [predecessor, output] : edge_inputs) edges[predecessor] = output.json();
  return Value(std::move(input));
}

}  // namespace oe::engine
