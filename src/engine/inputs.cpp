#include "engine/inputs.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"
#include "oe/graph/field_type.hpp"

namespace oe::engine {

namespace {

std::vector<std::string> names_of(const std::vector<graph::Input>& inputs) {
  std::vector<std::string> names;
  for (const graph::Input& input : inputs) names.push_back(input.name);
  return names;
}

Result<void> refuse_unknown(const graph::Graph& graph, const Value& given) {
  const std::vector<std::string> names = names_of(graph.inputs);
  for (const auto& [name, value] : given.json().items()) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const std::string near = did_you_mean(name, names);
    return fail(ErrorKind::usage, fmt::format("workflow '{}' has no input '{}'", graph.name, name),
                near.empty() ? "its inputs are: " + join(names, ", ") : near);
  }
  return {};
}

Result<std::optional<Value>> bound(const graph::Input& input, const Value& given) {
  if (!given.json().contains(input.name)) {
    if (input.otherwise || !input.required) return input.otherwise;
    return fail(ErrorKind::usage, fmt::format("input '{}' ({}) is missing", input.name, graph::to_string(input.type)),
                fmt::format("give it with --input {}=VALUE", input.name));
  }
  const Value value = given.get(input.name);
  if (graph::takes(input.type, value)) return std::optional(value);
  return fail(ErrorKind::usage, fmt::format("input '{}' must be a {}, and {} is a {}", input.name,
                                            graph::to_string(input.type), ellipsis(value.dump(), 60), value.json().type_name()));
}

}  // namespace

Result<Value> bind_inputs(const graph::Graph& graph, const Value& given) {
  if (graph.inputs.empty()) return given;
  OE_CHECK(refuse_unknown(graph, given));
  nlohmann::json inputs = nlohmann::json::object();
  for (const graph::Input& input : graph.inputs) {
    OE_TRY(const std::optional<Value> value, bound(input, given));
    if (value) inputs[input.name] = value->json();
  }
  return Value(std::move(inputs));
}

std::optional<Value> outputs_of(const graph::Graph& graph, const std::map<std::string, Value>& state) {
  if (graph.outputs.empty()) return std::nullopt;
  const graph::Lookup lookup = [&](std::string_view name) -> std::optional<Value> {
    const auto field = state.find(std::string(name));
    return field == state.end() ? std::nullopt : std::optional(field->second);
  };
  nlohmann::json outputs = nlohmann::json::object();
  for (const graph::Output& output : graph.outputs) {
    const auto path = graph::parse_path(output.value);
    const auto value = path ? graph::resolve_path(*path, lookup) : std::nullopt;
    if (value) outputs[output.name] = value->json();
  }
  return Value(std::move(outputs));
}

}  // namespace oe::engine
