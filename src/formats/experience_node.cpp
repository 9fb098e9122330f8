#include <algorithm>
#include <fmt/core.h>

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

bool is_id_part(char c) {
  return is_identifier(std::string("_") + c);
}

std::string as_node_id(std::string_view text) {
  std::string id = is_identifier(text.substr(0, 1)) ? "" : "_";
  for (const char c : text) id += is_id_part(c) ? c : '_';
  return id;
}

// The node that works goes into the body; outside stays a node with the same settings (see graph.hpp).
graph::Node looped(graph::Node inner, const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::Each loop;
  if (const auto source = fields.find("source", Need::required)) read_items(*source, notes, loop);
  loop.as = fields.text("as");
  if (const auto as = fields.find("as"); as && !notes.is_spoilt(as->path) && !is_identifier(loop.as)) {
    notes.error(*as, fmt::format("'{}' cannot be a name: only letters, digits and '_', no digit first", loop.as));
  }
  loop.concurrency = static_cast<std::uint32_t>(fields.integer("concurrency", 1, kMostCount).value_or(1));
  if (const auto failed = fields.integer("max_failed", 0, kMostCount))
    loop.max_failed = static_cast<std::uint32_t>(*failed);
  loop.batch = static_cast<std::uint32_t>(fields.integer("batch", 1, kMostCount).value_or(1));
  fields.finish(Unknown::error);
  graph::Node outer = inner;
  inner.join = graph::JoinMode::all;
  loop.body->nodes.push_back(std::move(inner));
  outer.work = std::move(loop);
  return outer;
}

std::optional<std::chrono::milliseconds> read_timeout(Fields& fields, const Kind* kind) {
  const auto timeout = fields.milliseconds("timeout_ms", kind ? kind->least_timeout_ms : 1);
  if (timeout || !kind || !kind->default_timeout_ms) return timeout;
  return std::chrono::milliseconds(*kind->default_timeout_ms);
}

void read_settings(Fields& fields, graph::Node& node) {
  Notes& notes = fields.notes();
  node.phase = fields.text("phase");
  node.join = fields.choice("join", kJoins).value_or(graph::JoinMode::all);
  node.reads = fields.texts("reads");
  node.writes = fields.texts("writes");
  if (const auto on_error = fields.find("on_error")) node.on_error = read_on_error(*on_error, notes);
  node.deadline = fields.milliseconds("deadline_ms", 1);
  if (const auto budget = fields.find("budget")) node.budget = read_budget(*budget, notes);
  node.secrets = fields.texts("secrets");
  if (const auto sandbox = fields.find("sandbox")) node.sandbox = read_sandbox(*sandbox, notes);
  node.cache = fields.flag("cache");
}

}  // namespace

std::string read_id(Fields& fields) {
  const std::string id = fields.filled_text("id");
  if (!id.empty() && !is_identifier(id)) {
    fields.notes().error(*fields.find("id"),
                         fmt::format("'{}' cannot be an id: only letters, digits and '_', no digit first", id),
                         fmt::format("did you mean '{}'?", as_node_id(id)));
  }
  return id;
}

void read_items(const Spot& spot, Notes& notes, graph::Each& each) {
  if (spot.content().kind == doc::NodeKind::mapping)
    each.rows = read_source(spot, notes);
  else
    each.source = text_at(spot, notes).value_or("");
}

std::optional<graph::Node> read_node(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  if (!fields.usable()) return std::nullopt;
  graph::Node node{.id = {read_id(fields)}, .where = notes.locate(spot)};
  const Kind* kind = read_kind(fields);
  read_settings(fields, node);
  node.timeout = read_timeout(fields, kind);
  node.work = kind ? kind->work(fields) : graph::Unsupported{.reason = "unknown kind", .where = node.where};
  const auto for_each = fields.find("for_each");
  // Node objects are open in the original, so a key that means nothing does not make a file invalid. Without a kind
  // nobody knows which keys mean something.
  if (kind) fields.finish(Unknown::warning, fmt::format("a node of kind {} has no such key", kind->name));
  return for_each ? looped(std::move(node), *for_each, notes) : node;
}

}  // namespace oe::formats
