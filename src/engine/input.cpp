#include "engine/input.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace oe::engine {

namespace {

void add_scope(nlohmann::json& input, const Frame& frame, const graph::Lookup& lookup) {
  for (const char* name : {"$item", "$index", "$iter", "$loop", "$pipeline"})
    if (const auto value = lookup(name)) input[name] = value->json();
  for (const Frame* around = &frame; around->parent != nullptr; around = around->parent) {
    const auto* each = std::get_if<graph::Each>(&around->parent->node(around->position).work);
    if (each != nullptr && !each->as.empty() && around->element) input[each->as] = around->element->json();
    if (around->kind == Frame::Kind::child) break;
  }
}

// "$run.inputs" is that part of $run; "$nodes.<id>" is a name as a whole.
void add_variable(nlohmann::json& input, const std::string& name, const graph::Lookup& lookup) {
  constexpr std::string_view kRun = "$run.";
  if (!name.starts_with(kRun)) {
    if (const auto value = lookup(name)) input[name] = value->json();
    return;
  }
  const std::string part = name.substr(kRun.size());
  if (const auto run = lookup("$run"); run && run->json().contains(part)) input["$run"][part] = run->json().at(part);
}

}  // namespace

Value attempt_input(const Frame& frame, std::size_t position) {
  const PlannedNode& planned = frame.plan.nodes()[position];
  const graph::Lookup lookup = frame.lookup(position);
  nlohmann::json input = frame.run.json().at("args");
  const Value own = graph::arguments(*planned.node);
  const bool has_none = own.is_object() && own.size() == 0;
  if (const Value args = has_none ? own : graph::resolve(own, lookup); args.is_object()) input.update(args.json());
  if (frame.parent != nullptr) add_scope(input, frame, lookup);
  for (const std::string& name : planned.placeholders) add_variable(input, name, lookup);
  nlohmann::json& state = input["_state"] = nlohmann::json::object();
  for (const std::string& field : planned.node->reads)
    if (const std::optional<Value> value = lookup(field)) state[field] = value->json();
  nlohmann::json& edges = input["_edge_inputs"] = nlohmann::json::object();
  for (const auto& [predecessor, output] : frame.edge_inputs(position)) edges[predecessor] = output.json();
  return Value(std::move(input));
}

}  // namespace oe::engine
