#include <algorithm>
#include <fmt/core.h>

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

using graph::Backoff;
using graph::ErrorPolicy;
using graph::OnError;

constexpr std::int64_t kMostAttempts = 20;
constexpr std::int64_t kMostConcurrency = std::numeric_limits<std::uint32_t>::max();

constexpr std::array<Word<ErrorPolicy>, 3> kPolicies = {{
    {"skip", ErrorPolicy::skip},
    {"fail_run", ErrorPolicy::fail_run},
    {"retry", ErrorPolicy::retry},
}};
constexpr std::array<Word<Backoff>, 2> kBackoffs = {{
    {"linear", Backoff::linear},
    {"exponential", Backoff::exponential},
}};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_letter_or_digit(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

// ^[a-zA-Z_][a-zA-Z0-9_]*$
bool is_node_id(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, is_letter_or_digit);
}

std::string as_node_id(std::string_view text) {
  std::string id = is_letter(text.front()) ? "" : "_";
  for (const char c : text) id += is_letter_or_digit(c) ? c : '_';
  return id;
}

std::string read_id(Fields& fields) {
  const std::string id = fields.filled_text("id");
  if (!id.empty() && !is_node_id(id)) {
    fields.notes().error(*fields.find("id"),
                         fmt::format("'{}' cannot be an id: only letters, digits and '_', no digit first", id),
                         fmt::format("did you mean '{}'?", as_node_id(id)));
  }
  return id;
}

OnError read_on_error(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  OnError on_error;
  const auto policy = fields.choice("policy", kPolicies, Need::required);
  if (!policy) return on_error;
  on_error.policy = *policy;
  if (*policy == ErrorPolicy::retry) {
    const auto attempts = fields.integer("attempts", 1, kMostAttempts, Need::required);
    on_error.attempts = static_cast<std::uint32_t>(attempts.value_or(1));
    on_error.backoff = fields.choice("backoff", kBackoffs).value_or(Backoff::linear);
    on_error.base = std::chrono::milliseconds(fields.integer("base_ms", 0).value_or(on_error.base.count()));
  }
  fields.finish(Unknown::error, *policy == ErrorPolicy::retry ? "" : "only 'policy: retry' has settings");
  return on_error;
}

// The node that works goes into the body; outside stays a node with the same settings (see graph.hpp).
graph::Node looped(graph::Node inner, const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::Each loop{.source = fields.text("source", Need::required)};
  loop.concurrency = static_cast<std::uint32_t>(fields.integer("concurrency", 1, kMostConcurrency).value_or(1));
  fields.finish(Unknown::error, "the item is always called $item and its position $index");
  graph::Node outer = inner;
  loop.body->nodes.push_back(std::move(inner));
  outer.work = std::move(loop);
  return outer;
}

std::optional<std::chrono::milliseconds> read_timeout(Fields& fields, const Kind* kind) {
  auto timeout = fields.integer("timeout_ms", kind ? kind->least_timeout_ms : 1);
  if (!timeout && kind) timeout = kind->default_timeout_ms;
  return timeout ? std::optional(std::chrono::milliseconds(*timeout)) : std::nullopt;
}

}  // namespace

std::optional<graph::Node> read_node(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  if (!fields.usable()) return std::nullopt;
  graph::Node node{.id = {read_id(fields)}, .where = notes.locate(spot)};
  const Kind* kind = read_kind(fields);
  node.phase = fields.text("phase");
  node.reads = fields.texts("reads");
  node.writes = fields.texts("writes");
  if (const auto on_error = fields.find("on_error")) node.on_error = read_on_error(*on_error, notes);
  node.timeout = read_timeout(fields, kind);
  node.work = kind ? kind->work(fields) : graph::Unsupported{.reason = "unknown kind", .where = node.where};
  const auto for_each = fields.find("for_each");
  // Node objects are open in the original, so a key that means nothing does not make a file invalid. Without a kind
  // nobody knows which keys mean something.
  if (kind) fields.finish(Unknown::warning, fmt::format("a node of kind {} has no such key", kind->name));
  return for_each ? looped(std::move(node), *for_each, notes) : node;
}

}  // namespace oe::formats
