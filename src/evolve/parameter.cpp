#include "evolve/parameter.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace oe::evolve {

namespace {

// The whole mapping is replaced, so what it does not say is back at its default.
graph::OnError on_error_of(const Value& value) {
  graph::OnError on_error;
  const std::string policy = value.get("policy").string_or("skip");
  on_error.policy = policy == "retry"      ? graph::ErrorPolicy::retry
                    : policy == "fail_run" ? graph::ErrorPolicy::fail_run
                                           : graph::ErrorPolicy::skip;
  const nlohmann::json& json = value.json();
  on_error.attempts = json.value("attempts", on_error.attempts);
  on_error.base = std::chrono::milliseconds(json.value("base_ms", on_error.base.count()));
  if (json.contains("backoff")) {
    on_error.backoff = json["backoff"] == "exponential" ? graph::Backoff::exponential : graph::Backoff::linear;
  }
  return on_error;
}

bool set_on(graph::Node& node, const formats::SetParameter& set) {
  const nlohmann::json& value = set.value.json();
  if (set.name == "timeout_ms")
    node.timeout = std::chrono::milliseconds(value.get<std::int64_t>());
  else if (set.name == "on_error")
    node.on_error = on_error_of(set.value);
  else if (set.name == "for_each.concurrency" && graph::each(node) != nullptr) {
    std::get<graph::Each>(node.work).concurrency = value.get<std::uint32_t>();
    return true;
  } else
    return false;
  if (auto* each = std::get_if<graph::Each>(&node.work)) set_on(each->body->nodes.front(), set);
  return true;
}

}  // namespace

Result<graph::Graph> with_parameter(const graph::Graph& graph, const formats::SetParameter& set) {
  graph::Graph changed = graph;
  if (set.name == "runtime.concurrency") {
    changed.runtime.concurrency = set.value.json().get<std::uint32_t>();
    return changed;
  }
  const auto node = std::find_if(changed.nodes.begin(), changed.nodes.end(),
                                 [&](const graph::Node& candidate) { return candidate.id == set.node; });
  if (node == changed.nodes.end()) return fail(ErrorKind::failed, "there is no node " + set.node.text);
  if (!set_on(*node, set)) return fail(ErrorKind::failed, fmt::format("{} has no {}", set.node.text, set.name));
  return changed;
}

std::string parameter_pointer(const graph::Graph& graph, const formats::SetParameter& set) {
  std::string path = "/" + set.name;
  std::replace(path.begin(), path.end(), '.', '/');
  const graph::Node* node = graph::find(graph, set.node);
  return node == nullptr ? path : node->where.path + path;
}

}  // namespace oe::evolve
